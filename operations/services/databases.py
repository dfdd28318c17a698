"""The whole database as one file, and back. SQLite by its own online copy, PostgreSQL by its client programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from operations.services.archives import BackupError

PROGRAMS = ("pg_dump", "pg_restore", "psql")
INSTALL = "apt-get install postgresql-client (its version must not be older than the server's)"
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def engine() -> str:
    """``sqlite`` or ``postgresql``. Raises BackupError for any other."""
    if connection.vendor not in MEMBERS:
        raise BackupError(f"Backups know SQLite and PostgreSQL, not {connection.vendor}.")
    return connection.vendor


def missing_programs() -> list[str]:
    """What PostgreSQL's backup needs and this machine has not; nothing is needed for SQLite."""
    if connection.vendor != "postgresql":
        return []
    return [name for name in PROGRAMS if shutil.which(name) is None]


def need_programs() -> None:
    if missing := missing_programs():
        raise BackupError(f"{', '.join(missing)} not found. {INSTALL}.")


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def row_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {name: _count(cursor, name) for name in tables()}


def _count(cursor: object, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # type: ignore[attr-defined]  # noqa: S608 - a table's name from the catalogue
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


@contextmanager
def dumped(target: Path) -> Iterator[dict[str, int]]:
    """Write the database into ``target`` and give the rows of each table as they are in it."""
    if engine() == "sqlite":
        yield _dump_sqlite(target)
        return
    need_programs()
    # The dump and the counts look at the same moment, whatever others write meanwhile.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = row_counts()
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
    yield counts


def _dump_sqlite(target: Path) -> dict[str, int]:
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
        return _sqlite_counts(copy)
    finally:
        copy.close()


def _sqlite_counts(copy: sqlite3.Connection) -> dict[str, int]:
    rows = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    names = sorted(name for (name,) in rows)
    return {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def try_dump(source: Path) -> None:
    """Raise BackupError unless the database in the file can be read, before anything is touched."""
    if engine() == "postgresql":
        need_programs()
        _run("pg_restore", "--list", str(source))
        return
    copy = sqlite3.connect(source)
    try:
        # Its integrity check would want the functions that only Django's own connections have.
        _sqlite_counts(copy)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup cannot be read: {error}") from error
    finally:
        copy.close()


def load(source: Path) -> None:
    """Put the database in the file in the place of ours; on PostgreSQL wholly or not at all."""
    if engine() == "postgresql":
        _load_postgresql(source)
        return
    connection.ensure_connection()
    copy = sqlite3.connect(source)
    try:
        copy.backup(connection.connection)
    finally:
        copy.close()


def _load_postgresql(source: Path) -> None:
    """As text first: psql would keep half a database if the program that feeds it ended early."""
    script, drops = source.with_suffix(".sql"), source.with_suffix(".drops.sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
    drops.write_text("".join(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE;\n" for name in tables()))
    connection.close()
    _run(
        "psql",
        "-X",
        "-q",
        "--single-transaction",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        str(drops),
        "-f",
        str(script),
    )


def _run(program: str, *arguments: str) -> None:
    """The password goes by the environment: a command line is seen by everybody on the machine."""
    environment = {**os.environ, **_postgresql_environment()}
    command = [program, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-600:]}")


def _postgresql_environment() -> dict[str, str]:
    of = connection.settings_dict
    named = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    environment = {variable: str(of[key]) for variable, key in named.items() if of.get(key)}
    tls = {
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY",
    }
    options = {variable: str(of["OPTIONS"][key]) for key, variable in tls.items() if of["OPTIONS"].get(key)}
    return {**environment, **options}
