"""The drill with the commands of an installation, on a database and files that are truly gone; and killed half-way."""

import asyncio
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from documents.models import Run
from notices.models import Notice
from operations.services import backups
from surveys.models import Submission
from tests.faults.jobs import Background
from tests.faults.load import press
from tests.faults.processes import Postgres, Process, children_of, name_of
from tests.faults.server import ROOT, environment, running_web
from tests.faults.test_long_work import all_done, log_in, prints_asked_for
from tests.faults.test_mail import queued
from tests.operations.conftest import everything
from tests.worker import wait_until

SOME = 20
# The backup and the restoring write these themselves.
OWN_ROWS = {"audit_auditentry", "operations_pulse"}
UNGUARDED = "import tests.faults.unguarded, django.core.management as m, sys; m.call_command(*sys.argv[1:])"


@pytest.fixture
def installation(background, own_database, settings):
    """Prints on the disk, mails in the outbox, a liaison with a password."""
    with own_database() as cluster:
        settings.MEDIA_ROOT, settings.BACKUP_DIR = background.folder / "files", background.folder / "backups"
        asked = prints_asked_for(SOME)
        queued(SOME)
        with background.at_work():
            background.ring(run.pk for run in asked)
            wait_until(all_done, what="the prints", seconds=60)
        yield background, cluster


def command(background: Background, *words: object, without: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*begun(background, *words, without=without).words],
        cwd=ROOT,
        env=told(background, without),
        capture_output=True,
        text=True,
        check=False,
    )


def told(background: Background, without: str = "") -> dict[str, str]:
    return {**environment(background.folder, 0, without), **background.named}


def begun(background: Background, *words: object, without: str = "") -> Process:
    start = [sys.executable, "-c", UNGUARDED] if without else [sys.executable, "manage.py"]
    return Process("command", [*start, *map(str, words)], background.folder, told(background, without))


def made(background: Background) -> Path:
    done = command(background, "backup")
    assert done.returncode == 0, done.stderr
    return backups.kept_backups()[0].path


def destroy(background: Background, cluster: Postgres) -> None:
    connection.close()
    cluster.kill()
    cluster.make_anew()
    cluster.start()
    shutil.rmtree(background.folder / "files")


def without_own(state: tuple) -> tuple:
    rows, files = state
    return {name: of for name, of in rows.items() if name not in OWN_ROWS}, files


def test_what_was_destroyed_is_restored_to_the_last_row_and_works(installation, server_folder, figure):
    background, cluster = installation
    door = log_in()
    before = without_own(everything())
    archive = made(background)
    destroy(background, cluster)
    assert everything() == ({}, {})
    began = time.monotonic()
    done = command(background, "restore", archive)
    took = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert without_own(everything()) == before
    rows, files = sum(map(len, before[0].values())), len(before[1])
    figure(f"{rows} rows and {files} files destroyed and restored in {took:.1f} s, all equal")
    assert files == SOME
    with running_web(server_folder, named=background.named) as (port, _leader):
        answer = asyncio.run(press(port, door, 0.0))
    assert answer.is_taken
    one_print_is_made(background)


def one_print_is_made(background: Background) -> None:
    run = Run.objects.order_by("pk").first()
    submission = Submission.objects.get(pk=run.parameters["submission"])
    Submission.objects.filter(pk=submission.pk).update(print_file=None)
    again = Run.objects.create(handler=run.handler, parameters=run.parameters, key=run.key)
    with background.at_work():
        background.ring([again.pk])
        wait_until(all_done, what="one print", seconds=60)
    submission.refresh_from_db()
    assert default_storage.open(submission.print_file.file.name).read(5) == b"%PDF-"


def test_a_backup_that_is_killed_or_cut_is_never_believed(installation, figure):
    background, _cluster = installation
    whole = made(background)
    killed = begun(background, "backup")
    killed.start()
    killed.kill_when(lambda: list(whole.parent.glob("*.part")), what="half a backup")
    assert [backup.path for backup in backups.kept_backups()] == [whole]
    cut = whole.with_name("safe-communities-20240101T030000.tar")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    untouched = everything()
    refused = [command(background, "restore", *words, cut) for words in ((), ("--check",), ("--replace",))]
    figure(f"killed half-way: no archive of the name; cut: {[done.stderr.strip()[-60:] for done in refused]}")
    assert [done.returncode for done in refused] == [1, 1, 1]
    assert everything() == untouched


def test_control_that_compares_nothing_a_changed_backup_is_believed(installation, figure):
    background, _cluster = installation
    whole = made(background)
    content = bytearray(whole.read_bytes())
    content[3000] ^= 1
    changed = whole.with_name("changed.tar")
    changed.write_bytes(content)
    assert command(background, "restore", "--check", changed).returncode == 1
    believed = command(background, "restore", "--check", changed, without="seal")
    figure(f"control that compares nothing: {believed.stdout.strip()}")
    assert believed.returncode == 0, believed.stderr


def places_files(background: Background, restoring: Process) -> bool:
    return any((background.folder / "files").rglob("*.pdf"))


def writes_rows(background: Background, restoring: Process) -> bool:
    return any("psql" in name_of(pid) for pid in children_of(restoring.pid))


@pytest.mark.parametrize("is_there", [places_files, writes_rows])
def test_a_restoring_that_is_killed_leaves_all_or_nothing_and_can_be_repeated(installation, figure, is_there):
    background, cluster = installation
    before = without_own(everything())
    archive = made(background)
    destroy(background, cluster)
    killed = begun(background, "restore", archive)
    killed.start()
    killed.kill_when(lambda: is_there(background, killed), what="the middle of the restoring")
    found = {name: len(rows) for name, rows in everything()[0].items()}
    figure(f"restoring killed while it {is_there.__name__}: {sum(found.values())} rows")
    assert Notice.objects.model._meta.db_table not in found or found["notices_notice"] == SOME
    done = command(background, "restore", "--replace", archive)
    assert done.returncode == 0, done.stderr
    assert without_own(everything()) == before
