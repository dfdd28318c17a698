"""A table is taken over whole or not at all, at whatever moment its worker dies."""

import random
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from communities.enums import ImportState
from communities.models import Community, ImportBatch
from communities.services.imports import batches
from documents import services as documents
from documents.enums import RunState
from documents.models import Run
from tests.communities.tables import fresh, xlsx
from tests.faults.jobs import Background
from tests.worker import wait_until

ROWS, MOMENTS = 300, 5
AFTER_A_KILL = 60  # seconds
HEAD = ["社区名称", "单位性质", "省（直辖市）", "市（区）"]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, settings: Any, background: Background) -> Background:
    """Only the worker works, and it finds the files of this process."""
    monkeypatch.setattr(documents, "_bells", [])
    settings.MEDIA_ROOT = background.folder / "files"
    return background


def table(name: str) -> bytes:
    return xlsx(HEAD, *[[f"{name}{number}街道", "街道", "福建省", "厦门市"] for number in range(ROWS)])


def written(name: str) -> int:
    return Community.objects.filter(name_zh__startswith=name).count()


def state_of(batch: ImportBatch) -> str:
    return str(fresh(batch).state)


def run_of(batch: ImportBatch) -> Run:
    return Run.objects.get(pk=fresh(batch).run_id)


def checked(background: Background, name: str, by: Any) -> ImportBatch:
    upload = SimpleUploadedFile("社区.xlsx", table(name))
    batch = batches.receive_table(kind="communities", upload=upload, by=by)
    background.ring([batch.run_id])
    wait_until(lambda: state_of(batch) == ImportState.CHECKED, what="the dry run", seconds=60)
    wait_until(lambda: run_of(batch).state == RunState.DONE, what="the end of the dry run", seconds=60)
    return fresh(batch)


def begin(background: Background, batch: ImportBatch, by: Any) -> None:
    background.ring([batches.apply_batch(batch=batch, by=by).run_id])
    wait_until(lambda: run_of(batch).state != RunState.QUEUED, what="a worker", seconds=60)


def is_applied(batch: ImportBatch) -> bool:
    return state_of(batch) == ImportState.APPLIED


def seconds_of_one(background: Background, by: Any) -> float:
    """How long an import takes that nobody disturbs."""
    batch = checked(background, "静", by)
    begin(background, batch, by)
    began = time.monotonic()
    wait_until(lambda: is_applied(batch), what="an import", seconds=60)
    return time.monotonic() - began


def is_taken_up(batch: ImportBatch, attempts: int) -> bool:
    """Its page says that a worker is at it again, or that it is done."""
    return run_of(batch).attempts > attempts or is_applied(batch)


def killed_in_the_middle(background: Background, name: str, by: Any) -> int:
    """How many rows are there of an import whose worker died when the first ones were."""
    begin(background, checked(background, name, by), by)
    background.worker.kill_when(lambda: 0 < written(name) < ROWS, what="half an import")
    return written(name)


def killed(background: Background, name: str, moment: float, by: Any) -> tuple[ImportBatch, int]:
    """The batch, and how many of its rows were there right after the kill."""
    batch = checked(background, name, by)
    begin(background, batch, by)
    time.sleep(moment)
    background.worker.kill()
    return batch, written(name)


def test_an_import_killed_at_any_moment_is_there_whole_or_not_at_all_and_then_whole(silent, office, figure):
    left, resumed, took = [], [], []
    with silent.at_work():
        whole = seconds_of_one(silent, office)
        for number in range(MOMENTS):
            name = "甲乙丙丁戊"[number] * 2
            batch, rows = killed(silent, name, random.uniform(0, whole), office)
            left.append(rows)
            attempts, began = run_of(batch).attempts, time.monotonic()
            silent.restart_worker()
            wait_until(lambda: is_taken_up(batch, attempts), what="another try", seconds=2 * AFTER_A_KILL)  # noqa: B023
            resumed.append(time.monotonic() - began)
            wait_until(lambda: is_applied(batch), what="the import", seconds=2 * AFTER_A_KILL)  # noqa: B023
            took.append(time.monotonic() - began)
            assert written(name) == ROWS
        again = checked(silent, "甲甲", office)
    figure(
        f"import of {ROWS} communities ({whole:.1f} s) killed {MOMENTS} times: {left} rows right after, resumed "
        f"after {max(resumed):.0f} s at most, all there after {max(took):.0f} s; brought in again: {again.same_count} "
        f"the same"
    )
    assert set(left) <= {0, ROWS}
    assert max(resumed) <= AFTER_A_KILL
    assert again.same_count == ROWS
    assert AuditEntry.objects.filter(action="import.apply").count() == MOMENTS + 1
    created = AuditEntry.objects.filter(target_type="communities.community", changes__has_key="name_zh")
    assert Community.objects.count() == ROWS * (MOMENTS + 1)
    assert created.count() in {0, ROWS * (MOMENTS + 1)}


def test_control_without_one_transaction_half_of_it_is_there(silent, office, figure):
    with silent.at_work(without="whole"):
        left = killed_in_the_middle(silent, "甲甲", office)
    figure(f"control without one transaction: {left} of {ROWS} rows right after")
    assert 0 < left < ROWS
