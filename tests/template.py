"""The tables of the suite on SQLite: the migrations run once, and every test process begins with a copy.

Running them takes twenty seconds, which each process of each run paid. Django looks afterwards what there is left to
migrate, as ever: a copy that lacked a migration would get it.
"""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

BASE_DIR = Path(__file__).resolve().parents[1]


def sources() -> Iterator[Path]:
    """All migrations, those of Django and of others included, and what ours bring in."""
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("migrations/*.py"))
    yield from sorted(path for path in (BASE_DIR / "fixtures").rglob("*") if path.is_file())


def fingerprint() -> str:
    found = sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for path in sources():
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrated() -> Path:
    """The file with all tables; whoever needs it first makes it, everybody else waits."""
    folder = settings.VAR_DIR / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / f"{fingerprint()}.sqlite3"
    with locked(done.with_suffix(".lock")):
        if not done.exists():
            begun = done.with_suffix(".begun")
            begun.unlink(missing_ok=True)
            migrate(begun)
            begun.rename(done)
    return done


def migrate(path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{path}",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # one file with everything in it


@contextmanager
def copied(name: str) -> Iterator[None]:
    """A database in memory lives as long as somebody is connected to it."""
    with closing(sqlite3.connect(migrated())) as source, closing(sqlite3.connect(name, uri=True)) as copy:
        source.backup(copy)
        yield
