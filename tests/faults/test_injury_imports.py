"""A table of injuries is taken over whole or not at all, at whatever moment its worker dies; the counts follow."""

import random
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from audit.models import AuditEntry
from communities.enums import MembershipState
from documents import services as documents
from documents.enums import RunState
from documents.models import Run
from injuries.enums import BatchState
from injuries.models import Batch, DataSet, Record
from injuries.services import recounts
from injuries.services.imports import batches
from tests.factories import CommunityFactory, MembershipFactory
from tests.faults.jobs import Background
from tests.injuries.factories import DataSetFactory, shipped_codes
from tests.injuries.tables import FALL, HEAD
from tests.worker import wait_until

ROWS, MOMENTS = 30_000, 5
AFTER_A_KILL = 60  # seconds


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, settings: Any, background: Background) -> Background:
    """Only the worker works, and it finds the files of this process."""
    monkeypatch.setattr(documents, "_bells", [])
    settings.MEDIA_ROOT = background.folder / "files"
    return background


@pytest.fixture
def member(transactional_db: None) -> User:
    shipped_codes()
    return MembershipFactory(community=CommunityFactory(), state=MembershipState.ACTIVE).user


@pytest.fixture
def data_set(member: User) -> DataSet:
    return DataSetFactory(community=member.memberships.get().community)


def table(name: str) -> bytes:
    lines = [",".join(HEAD), *(",".join([f"{name}{number}", *FALL[1:]]) for number in range(ROWS))]
    return "\n".join(lines).encode()


def written(batch: Batch) -> int:
    return Record.objects.filter(batch=batch).count()


def state_of(batch: Batch) -> str:
    return Batch.objects.get(pk=batch.pk).state


def run_of(batch: Batch) -> Run:
    return Run.objects.get(pk=Batch.objects.get(pk=batch.pk).run_id)


def checked(background: Background, data_set: DataSet, name: str, by: User) -> Batch:
    batch = batches.receive(data_set, SimpleUploadedFile("伤害.csv", table(name)), by=by)
    background.ring([batch.run_id])
    wait_until(lambda: state_of(batch) == BatchState.CHECKED, what="the dry run", seconds=60)
    wait_until(lambda: run_of(batch).state == RunState.DONE, what="the end of the dry run", seconds=60)
    return Batch.objects.get(pk=batch.pk)


def begin(background: Background, batch: Batch, by: User) -> None:
    background.ring([batches.take(batch, by=by).run_id])
    wait_until(lambda: run_of(batch).state != RunState.QUEUED, what="a worker", seconds=60)


def is_taken(batch: Batch) -> bool:
    return state_of(batch) == BatchState.TAKEN


def is_taken_up(batch: Batch, attempts: int) -> bool:
    return run_of(batch).attempts > attempts or is_taken(batch)


def seconds_of_one(background: Background, data_set: DataSet, by: User) -> float:
    """How long taking over lasts that nobody disturbs."""
    batch = checked(background, data_set, "静", by)
    begin(background, batch, by)
    began = time.monotonic()
    wait_until(lambda: is_taken(batch), what="an import", seconds=60)
    return time.monotonic() - began


def test_an_import_killed_at_any_moment_is_there_whole_or_not_at_all_and_the_counts_follow(
    silent, data_set, member, figure
):
    left, resumed = [], []
    with silent.at_work():
        whole = seconds_of_one(silent, data_set, member)
        for number in range(MOMENTS):
            batch = checked(silent, data_set, "甲乙丙丁戊"[number], member)
            begin(silent, batch, member)
            time.sleep(random.uniform(0, whole))
            silent.worker.kill()
            left.append(written(batch))
            assert recounts.recount_all() == 0
            attempts, began = run_of(batch).attempts, time.monotonic()
            silent.restart_worker()
            wait_until(lambda: is_taken_up(batch, attempts), what="another try", seconds=2 * AFTER_A_KILL)  # noqa: B023
            resumed.append(time.monotonic() - began)
            wait_until(lambda: is_taken(batch), what="the import", seconds=2 * AFTER_A_KILL)  # noqa: B023
            assert written(batch) == ROWS
    figure(
        f"{ROWS} records ({whole:.1f} s) killed {MOMENTS} times: {left} rows right after, resumed after "
        f"{max(resumed):.0f} s at most"
    )
    assert set(left) <= {0, ROWS}
    assert max(resumed) <= AFTER_A_KILL
    assert Record.objects.count() == ROWS * (MOMENTS + 1)
    assert recounts.recount_all() == 0
    assert AuditEntry.objects.filter(action="injury_import.take").count() == MOMENTS + 1


def test_control_without_one_transaction_records_stand_in_no_count(silent, data_set, member, figure):
    with silent.at_work(without="whole"):
        batch = checked(silent, data_set, "甲", member)
        begin(silent, batch, member)
        silent.worker.kill_when(lambda: written(batch) > 0 and not is_taken(batch), what="half an import")
        left = written(batch)
    wrong = recounts.recount_all()
    figure(f"control without one transaction: {left} rows right after, {wrong} counts wrong")
    assert left > 0
    assert wrong > 0
