"""An installation of its own beside the test database: it can be backed up, destroyed and restored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from operations.services import backups, databases


def moved_to(place: BaseDatabaseWrapper) -> None:
    connections["default"] = place


def beside(wrapper: BaseDatabaseWrapper, folder: Path) -> BaseDatabaseWrapper:
    """An empty database of the same engine."""
    copy = wrapper.copy()
    if wrapper.vendor == "sqlite":
        copy.settings_dict["NAME"] = str(folder / "drill.sqlite3")
        return copy
    copy.settings_dict["NAME"] = f"{wrapper.settings_dict['NAME']}_drill"
    with wrapper.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy.settings_dict["NAME"]}"')
        cursor.execute(f'CREATE DATABASE "{copy.settings_dict["NAME"]}"')
    return copy


@pytest.fixture
def installation(transactional_db: None, tmp_path: Path, settings) -> Iterator[Path]:
    """Its database has the tables of the suite, its files and backups lie below the path."""
    settings.MEDIA_ROOT, settings.BACKUP_DIR = tmp_path / "files", tmp_path / "backups"
    wrapper = connections["default"]
    place = beside(wrapper, tmp_path)
    with databases.dumped(tmp_path / "seed"):
        pass
    moved_to(place)
    try:
        databases.load(tmp_path / "seed")
        yield tmp_path
    finally:
        place.close()
        moved_to(wrapper)
        if wrapper.vendor == "postgresql":
            with wrapper.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{place.settings_dict["NAME"]}" WITH (FORCE)')


def destroy_everything() -> None:
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
        for table in databases.tables():
            cascade = "CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TABLE "{table}" {cascade}')
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=ON")
    for name in list(backups.stored_names()):
        default_storage.delete(name)


def everything() -> tuple[dict[str, list[tuple]], dict[str, bytes]]:
    """Every row of every table, and every file."""
    rows = {}
    with connections["default"].cursor() as cursor:
        for table in databases.tables():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows, {name: default_storage.open(name).read() for name in backups.stored_names()}
