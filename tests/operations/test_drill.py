"""The drill: back up, destroy, restore; and every backup that must not be believed."""

import datetime as dt
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from audit.services import record, verify_trail
from core import clock
from documents import services as documents
from documents.enums import FileKind
from documents.models import StoredFile
from operations.models import Pulse
from operations.services import archives, backups, databases, make_backup, restore_backup
from operations.services.archives import BackupError
from surveys.services.submissions import request_print
from tests.factories import CommunityFactory, MembershipFactory, ProgrammeFactory, UserFactory
from tests.operations.conftest import destroy_everything, everything
from tests.surveys.scenes import submitted

PASSWORD = "correct horse 47"
SCAN = b"\xff\xd8 a photographed page"


@pytest.fixture
def submission(installation):
    """筼筜街道 has answered; its liaison has a password; one scan is kept, and a trail."""
    ProgrammeFactory()
    community = CommunityFactory(name_zh="筼筜街道")
    li = UserFactory(name="李", email="li@example.org")
    li.set_password(PASSWORD)
    li.save()
    MembershipFactory(user=li, community=community)
    documents.store_file(
        kind=FileKind.SEALED_SCAN,
        content=SCAN,
        original_name="扫描件.jpg",
        content_type="image/jpeg",
        by=None,
    )
    record("community.change", by=li, target=community, changes={"address": ["", "新"]})
    return submitted(community)


@pytest.fixture
def archive(submission) -> Path:
    return make_backup().path


def test_the_drill(submission, installation) -> None:
    path = make_backup().path
    manifest = archives.check(path)
    before = everything()
    assert sum(manifest.tables.values()) + 2 == sum(
        len(rows) for rows in before[0].values()
    )  # its own two rows
    destroy_everything()
    assert everything() == ({}, {})

    restored = restore_backup(path)

    rows, files = everything()
    assert files == before[1]
    assert SCAN in files.values()
    # The backup notes itself after it was taken, the restoring notes itself at the end.
    changed = {"audit_auditentry", "operations_pulse", "sqlite_sequence"}
    assert {name: of for name, of in rows.items() if name not in changed} == {
        name: of for name, of in before[0].items() if name not in changed
    }
    assert {name: len(of) for name, of in rows.items()} == {
        **manifest.tables,
        "audit_auditentry": manifest.tables["audit_auditentry"] + 1,
    }
    assert restored.notes == []
    assert AuditEntry.objects.latest("pk").action == "backup.restore"
    assert verify_trail().holds
    a_liaison_signs_in_and_opens_a_print(submission)


def a_liaison_signs_in_and_opens_a_print(submission) -> None:
    client = Client()
    answer = client.post("/login/", {"identifier": "li@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/portal/"
    documents.perform(request_print(submission=submission).pk)
    address = reverse("surveys:print_download", args=[submission.response.reference, 1])
    assert b"".join(client.get(address)).startswith(b"%PDF-")


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_backup_cut_short_is_refused_before_anything_is_touched(archive, share) -> None:
    content = archive.read_bytes()
    # What comes after the last member is padding.
    end = content.rindex(archives.MANIFEST.encode())
    archive.write_bytes(content[: int(end * share)])
    untouched = everything()
    with pytest.raises(BackupError):
        restore_backup(archive, replace=True)
    assert everything() == untouched


@pytest.mark.parametrize("place", ["database", "file", "manifest"])
def test_a_backup_with_one_changed_byte_is_refused_before_anything_is_touched(archive, place) -> None:
    content = bytearray(archive.read_bytes())
    spot = {
        "database": 3000,
        "file": content.index(SCAN) + 4,
        "manifest": content.index(b'"made_at"') + 14,
    }[place]
    content[spot] ^= 1
    archive.write_bytes(content)
    untouched = everything()
    with pytest.raises(BackupError, match=r"was changed|is no whole backup"):
        restore_backup(archive, replace=True)
    assert everything() == untouched


def rewritten(archive: Path, **changed: object) -> Path:
    """The same members under another manifest that fits its seal: what somebody could make who wanted to."""
    manifest = archives.check(archive)
    facts = {**vars(manifest), **changed}
    target = archive.with_name("rewritten.tar")
    with target.open("wb") as out:
        writer = archives.Writer(out)
        for name, source in archives.contents(archive, set(manifest.members)):
            content = source.read()
            writer.add(name, io.BytesIO(content), len(content))
        writer.close(archives.Manifest(**facts))
    return target


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"engine": "oracle"}, "This is a backup of oracle"),
        ({"migrations": ["surveys.9999_of_next_year"]}, "comes from newer code"),
        ({"format": 2}, "has format 2; this version reads 1"),
        ({"database": "nothing"}, "holds no database"),
    ],
)
def test_what_does_not_fit_here_is_refused(archive, changed, words) -> None:
    untouched = everything()
    with pytest.raises(BackupError, match=words):
        restore_backup(rewritten(archive, **changed), replace=True)
    assert everything() == untouched


def test_what_no_backup_holds_is_refused(archive, tmp_path) -> None:
    intruder = io.BytesIO()
    with tarfile.open(fileobj=intruder, mode="w") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    other = tmp_path / "other.tar"
    other.write_bytes(intruder.getvalue())
    with pytest.raises(BackupError, match="files/link does not belong into a backup"):
        archives.check(other)


def test_a_place_that_holds_something_is_refused_unless_told(archive) -> None:
    with pytest.raises(CommandError, match="--replace puts the backup in their place"):
        call_command("restore", str(archive))
    UserFactory(email="later@example.org")
    call_command("restore", str(archive), replace=True, stdout=io.StringIO())
    assert not UserFactory._meta.model.objects.filter(email="later@example.org").exists()


def test_files_alone_make_a_place_not_empty(archive) -> None:
    files = {name: default_storage.open(name).read() for name in backups.stored_names()}
    destroy_everything()
    for name, content in files.items():
        default_storage.save(name, io.BytesIO(content))
    with pytest.raises(BackupError, match="The storage already holds files"):
        restore_backup(archive)


def test_checking_touches_nothing_and_says_what_is_in_it(archive) -> None:
    untouched = everything()
    out = io.StringIO()
    call_command("restore", str(archive), check=True, stdout=out)
    assert "1 files" in out.getvalue()
    assert everything() == untouched


def test_another_secret_key_is_said(archive, settings) -> None:
    settings.SECRET_KEY = "another-one"
    destroy_everything()
    notes = restore_backup(archive).notes
    assert [note[:28] for note in notes] == ["SECRET_KEY is another one: e"]


def test_a_lost_and_an_altered_file_are_noted_in_the_backup(submission) -> None:
    kept = StoredFile.objects.get(kind=FileKind.SEALED_SCAN)
    lost = documents.store_file(
        kind=FileKind.EXPORT, content=b"gone", original_name="a.csv", content_type="text/csv", by=None
    )
    default_storage.delete(lost.file.name)
    (Path(default_storage.path(kept.file.name))).write_bytes(b"other")
    manifest = archives.check(make_backup().path)
    assert (manifest.missing, manifest.altered) == ([lost.file.name], [kept.file.name])
    assert Pulse.objects.get(name="backup").note["missing"] == 1


def test_a_backup_is_readable_to_its_owner_alone_and_to_any_tar(archive) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        facts = json.load(tar.extractfile("manifest.json"))
    assert names[0] == databases.MEMBERS[databases.engine()]
    assert names[-2:] == ["manifest.json", "manifest.sha256"]
    assert facts["engine"] == databases.engine()


def test_a_backup_that_fails_leaves_nothing_behind(submission, settings, monkeypatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives.Writer, "close", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup")
    assert list(Path(settings.BACKUP_DIR).iterdir()) == []
    assert not Pulse.objects.filter(name="backup").exists()


def test_missing_client_programs_are_said(monkeypatch) -> None:
    monkeypatch.setattr(databases.connection, "vendor", "postgresql", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert databases.missing_programs() == ["pg_dump", "pg_restore", "psql"]
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        databases.need_programs()


def test_old_backups_go_and_one_of_each_month_stays(settings, tmp_path) -> None:
    settings.BACKUP_DIR, settings.BACKUP_KEPT_DAYS, settings.BACKUP_KEPT_MONTHS = tmp_path, 14, 3
    for days in range(0, 150, 5):
        day = dt.date(2024, 6, 30) - dt.timedelta(days=days)
        (tmp_path / f"safe-communities-{day:%Y%m%d}T030000.tar").touch()
    (tmp_path / "somebody-elses.tar").touch()
    with clock.frozen("2024-06-30 12:00"):
        backups.drop_old_backups()
    assert [f"{backup.made_at:%m-%d}" for backup in backups.kept_backups()] == [
        "06-30",
        "06-25",
        "06-20",
        "05-31",
        "04-26",
    ]
    assert (tmp_path / "somebody-elses.tar").exists()


def test_what_killed_backups_left_behind_goes_after_a_day(submission, settings) -> None:
    folder = Path(settings.BACKUP_DIR)
    (folder / ".dump-killed").mkdir(parents=True)
    (folder / ".dump-killed" / "database.pgdump").write_bytes(b"half")
    (folder / "safe-communities-20240101T030000.part").write_bytes(b"half")
    first = make_backup().path.name
    assert {path.name for path in folder.iterdir()} == {
        first,
        ".dump-killed",
        "safe-communities-20240101T030000.part",
    }
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        second = make_backup().path.name
    assert {path.name for path in folder.iterdir()} == {first, second}


def test_the_newest_backup_stays_however_old_it_is(settings, tmp_path) -> None:
    settings.BACKUP_DIR = tmp_path
    (tmp_path / "safe-communities-20200101T030000.tar").touch()
    backups.drop_old_backups()
    assert len(backups.kept_backups()) == 1
