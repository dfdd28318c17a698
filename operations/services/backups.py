"""Database and files in one archive, kept for a while; the way back, from a whole archive to an empty place."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac

from audit.services import record
from core.clock import ZONE, now
from documents.models import StoredFile
from operations import selectors
from operations.enums import PulseName
from operations.services import archives, databases
from operations.services.archives import FILES, BackupError, Manifest
from operations.services.pulses import beat, claim

__all__ = ["Backup", "BackupError", "Restored", "kept_backups", "make_backup", "restore_backup"]

log = logging.getLogger(__name__)

STAMP = "%Y%m%dT%H%M%S"
# A backup may take as long as a task, and is tried again a little later.
PAUSE = dt.timedelta(minutes=15)
SCRATCH, LEFT_OVER = ".dump-", dt.timedelta(days=1)
NAME = re.compile(r"^safe-communities-(\d{8}T\d{6})\.tar$")


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    made_at: dt.datetime
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """``notes`` are sentences that whoever restored must read."""

    manifest: Manifest
    notes: list[str]


# --- Making ---------------------------------------------------------------------------------------------------


def make_backup() -> Backup:
    """Write a new archive into ``BACKUP_DIR``, drop those that are too old, and say so in the trail.

    Database first, files second: a file without its row does no harm, a row without its file does. Raises
    BackupError; then no archive of the new name is there, and the older ones are as they were.
    """
    folder = _folder()
    moment = now()
    _clear_leftovers(folder, moment)
    path = folder / f"safe-communities-{moment.strftime(STAMP)}.tar"
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as target:
            part.chmod(0o600)
            manifest = _write(target, moment)
            target.flush()
            os.fsync(target.fileno())
        part.rename(path)
    except OSError as error:
        raise BackupError(f"The backup could not be written to {folder}: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    backup = Backup(path, moment, path.stat().st_size)
    facts = {"archive": path.name, "size": backup.size, "files": len(manifest.files)}
    record("backup.make", by=None, changes=facts)
    beat(PulseName.BACKUP, **facts, missing=len(manifest.missing), altered=len(manifest.altered))
    drop_old_backups()
    return backup


def _clear_leftovers(folder: Path, moment: dt.datetime) -> None:
    """What backups left behind that were killed; one that is still being made is younger."""
    for path in (*folder.glob("safe-communities-*.part"), *folder.glob(f"{SCRATCH}*")):
        if moment.timestamp() - path.stat().st_mtime < LEFT_OVER.total_seconds():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def make_due_backup() -> Backup | None:
    """Called every few minutes by every worker's clock: a night missed is made good as soon as somebody is awake."""
    if not selectors.backup_is_due() or not claim(PulseName.BACKUP_BEGUN, PAUSE):
        return None
    return make_backup()


def _folder() -> Path:
    folder = Path(settings.BACKUP_DIR)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error}") from error
    return folder


def _write(target: object, moment: dt.datetime) -> Manifest:
    writer = archives.Writer(target)  # type: ignore[arg-type]
    engine = databases.engine()
    member = databases.MEMBERS[engine]
    with tempfile.TemporaryDirectory(dir=_folder(), prefix=SCRATCH) as scratch:
        dump = Path(scratch) / member
        with databases.dumped(dump) as tables, dump.open("rb") as source:
            writer.add(member, source, dump.stat().st_size)
    manifest = Manifest(
        engine=engine,
        database=member,
        made_at=moment.isoformat(),
        key=_key_mark(),
        migrations=databases.applied_migrations(),
        tables=tables,
    )
    _add_files(writer, manifest)
    writer.close(manifest)
    return manifest


def _add_files(writer: archives.Writer, manifest: Manifest) -> None:
    promised = dict(StoredFile.objects.values_list("file", "sha256"))
    for name in stored_names():
        with default_storage.open(name, "rb") as source:
            digest = writer.add(FILES + name, source, source.size)
        if promised.pop(name, digest) != digest:
            manifest.altered.append(name)
    manifest.missing = sorted(promised)
    if manifest.missing or manifest.altered:
        log.error(
            "backup: %d stored files are missing, %d are not as stored: %s",
            len(manifest.missing),
            len(manifest.altered),
            ", ".join([*manifest.missing, *manifest.altered][:5]),
        )


def stored_names(folder: str = "") -> Iterator[str]:
    """Every file in the storage, wherever that is, by name; hidden folders hold none of ours."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(name for name in folders if not name.startswith(".")):
        yield from stored_names(f"{folder}/{name}" if folder else name)


def _key_mark() -> str:
    """Tells whether the place restored to has the same secret key, and nothing else about it."""
    return salted_hmac("operations.backup", "key", algorithm="sha256").hexdigest()[:16]


# --- Keeping --------------------------------------------------------------------------------------------------


def kept_backups() -> list[Backup]:
    """Newest first; only files that bear our name."""
    folder = Path(settings.BACKUP_DIR)
    found = [
        Backup(path, _moment(name[1]), path.stat().st_size)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (name := NAME.match(path.name))
    ]
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def drop_old_backups() -> list[Path]:
    """Keep all of the last days, then the newest of each month for some months, and always the newest."""
    backups = kept_backups()
    day = now() - dt.timedelta(days=settings.BACKUP_KEPT_DAYS)
    month = now() - dt.timedelta(days=31 * settings.BACKUP_KEPT_MONTHS)
    months: set[str] = set()
    dropped = []
    for backup in backups:
        is_first = f"{backup.made_at:%Y-%m}" not in months
        months.add(f"{backup.made_at:%Y-%m}")
        if backup is backups[0] or backup.made_at >= day or (is_first and backup.made_at >= month):
            continue
        backup.path.unlink(missing_ok=True)
        dropped.append(backup.path)
    return dropped


def _moment(stamp: str) -> dt.datetime:
    return dt.datetime.strptime(stamp, STAMP).replace(tzinfo=ZONE)


# --- The way back ---------------------------------------------------------------------------------------------


def restore_backup(path: Path, *, replace: bool = False) -> Restored:
    """Put an archive's files and database in place, and compare both with it.

    Everything that can be refused is refused before anything is touched: an archive that is cut short or changed, of
    another engine, of newer code, and any place that holds something, unless told to ``replace`` it. Raises
    BackupError. The services must stand still meanwhile.
    """
    manifest = archives.check(path)
    _check_fit(manifest)
    if not replace:
        _check_empty()
    with tempfile.TemporaryDirectory(prefix="restore-") as scratch:
        dump = Path(scratch) / manifest.database
        for _name, source in archives.contents(path, {manifest.database}):
            with dump.open("wb") as target:
                while chunk := source.read(archives.CHUNK):
                    target.write(chunk)
        databases.try_dump(dump)
        _place_files(path, manifest)
        databases.load(dump)
    _compare(manifest)
    return Restored(manifest, _notes(path, manifest))


def _check_fit(manifest: Manifest) -> None:
    if manifest.engine != databases.engine():
        raise BackupError(f"This is a backup of {manifest.engine}; DATABASE_URL names {databases.engine()}.")
    if unknown := sorted(set(manifest.migrations) - _known_migrations()):
        raise BackupError(f"The backup comes from newer code ({', '.join(unknown[:3])}); install that first.")


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _check_empty() -> None:
    if tables := databases.tables():
        raise BackupError(
            f"The database already has {len(tables)} tables; --replace puts the backup in their place."
        )
    if (name := next(stored_names(), None)) is not None:
        raise BackupError(
            f"The storage already holds files ({name}); --replace writes over those of the same name."
        )


def _place_files(path: Path, manifest: Manifest) -> None:
    """Before the database: should this end half-way, no row names a file that is not there."""
    names = {FILES + name for name in manifest.files}
    for member, source in archives.contents(path, names):
        name = member.removeprefix(FILES)
        if default_storage.exists(name):
            default_storage.delete(name)
        placed = default_storage.save(name, File(source, name=name))
        if placed != name:
            raise BackupError(f"{name} was stored as {placed}.")


def _compare(manifest: Manifest) -> None:
    if differing := {
        name: (rows, found.get(name))
        for found in [databases.row_counts()]
        for name, rows in manifest.tables.items()
        if found.get(name) != rows
    }:
        raise BackupError(f"Rows differ after restoring: {differing}")
    for name, digest in manifest.files.items():
        with default_storage.open(name, "rb") as source:
            reader = archives.Hashing(source)
            while reader.read(archives.CHUNK):
                pass
        if reader.digest.hexdigest() != digest:
            raise BackupError(f"{name} differs after restoring.")


def _notes(path: Path, manifest: Manifest) -> list[str]:
    notes = []
    if _known_migrations() - set(manifest.migrations):
        notes.append("The code is newer than the backup: run migrate.")
    else:
        record("backup.restore", by=None, changes={"archive": path.name, "made_at": manifest.made_at})
    if manifest.key != _key_mark():
        notes.append(
            "SECRET_KEY is another one: everybody logs in anew, second factors are set up again, and the seals of the "
            "audit trail can only be proved with the old key."
        )
    if manifest.missing:
        notes.append(f"{len(manifest.missing)} files were already missing when the backup was made.")
    return notes
