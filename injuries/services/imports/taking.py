"""Taking the rows of a table over, and taking them back: everything in one transaction, with its counts and its trail.

A worker that dies in the middle leaves nothing: what it had written was never committed, its lease runs out, and the
next worker begins anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, connection, transaction

from audit import services as audit
from core.clock import now
from documents.models import Run
from documents.services import note_progress, report_progress
from injuries import rollups
from injuries.enums import BatchState, FollowUp
from injuries.importers.rows import NONE, TEXTS
from injuries.models import Batch, DataSet, Record
from injuries.services.imports.batches import forget_files
from injuries.services.imports.checking import check_import
from injuries.services.locks import locked_for_change

CHUNK = 2**20
BATCH = 1000
# What COPY must be told, because only the program knows what an untold field is.
SILENT = {
    "key": "",
    "icd10": "",
    "product": "",
    "narrative": "",
    "follow_up": FollowUp.NONE.value,
    "follow_up_note": "",
    "form_key": "",
    "revision": "1",
}
DAYS = frozenset({"occurred_on", "treated_on"})


class Overtaken(Exception):  # noqa: N818 - an answer, not a fault
    """What the rows were held against has changed since."""


def take_import(run: Run) -> None:
    """All or nothing, and only what was looked through; if that no longer holds, it is looked through once more."""
    batch = _batch(run)
    if batch.state != BatchState.CHECKED:
        return
    report_progress(run, 0, batch.rows)
    try:
        _take(batch, run)
    except (IntegrityError, Overtaken):  # somebody recorded the same card, or changed the months, meanwhile
        check_import(run)
    report_progress(run, batch.rows)


@transaction.atomic
def _take(batch: Batch, run: Run) -> None:
    by = run.requested_by
    data_set = locked_for_change(batch.data_set, by)
    locked = _locked(batch)
    if locked.state != BatchState.CHECKED or locked.prepared is None:
        return
    _refuse_overtaken(locked, data_set)
    with locked.prepared.file.open("rb") as rows:
        fields = rows.readline().decode().rstrip("\n").split("\t")
        if connection.vendor == "postgresql":
            copy_rows(locked, rows, fields, run)
        else:
            _insert_rows(locked, rows, fields, run)
    if data_set.is_counted:
        rollups.add(
            data_set.community, rollups.of_records(data_set, Record.objects.filter(batch_id=locked.pk))
        )
    locked.state, locked.taken_at = BatchState.TAKEN, now()
    locked.save(update_fields=["state", "taken_at"])
    forget_files(locked)
    audit.record("injury_import.take", by=by, target=locked, changes={"rows": locked.rows})


def _refuse_overtaken(batch: Batch, data_set: DataSet) -> None:
    first, last = batch.report.get("months") or (data_set.first_month, data_set.last_month)
    if not data_set.first_month <= first <= last <= data_set.last_month:
        raise Overtaken


def copy_rows(batch: Batch, rows: Any, fields: list[str], run: Run) -> None:
    """As they stand in the file, each with what all of them have in common in front."""
    common = {name: value for name, value in SILENT.items() if name not in fields}
    common |= {
        "data_set_id": str(batch.data_set_id),
        "batch_id": str(batch.pk),
        "created_at": now().isoformat(),
    }
    names = [*common, *(_column(field) for field in fields)]
    prefix = ("\t".join(common.values()) + "\t").encode()
    table = connection.ops.quote_name(Record._meta.db_table)  # noqa: SLF001 - Django's public _meta
    columns = ", ".join(map(connection.ops.quote_name, names))
    done = 0
    # Django turns the driver's errors into its own for queries, not for a COPY.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        while some := rows.readlines(CHUNK):
            copy.write(prefix + prefix.join(some))
            done += len(some)
            note_progress(run, done)


def _column(field: str) -> str:
    return str(Record._meta.get_field(field).column)  # type: ignore[union-attr]  # noqa: SLF001


def _insert_rows(batch: Batch, rows: Any, fields: list[str], run: Run) -> None:
    """The same where the database knows no COPY."""
    names = [Record._meta.get_field(field).attname for field in fields]  # type: ignore[union-attr]  # noqa: SLF001
    done = 0
    while some := rows.readlines(CHUNK // 4):
        Record.objects.bulk_create(
            (Record(data_set_id=batch.data_set_id, batch=batch, **values) for values in _values(some, names)),
            batch_size=BATCH,
        )
        done += len(some)
        note_progress(run, done)


def _values(rows: list[bytes], names: list[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        cells = row.decode()[:-1].split("\t")
        yield {name: _value(name, cell) for name, cell in zip(names, cells, strict=True)}


def _value(name: str, cell: str) -> Any:
    if name in TEXTS or name == "follow_up":
        return unescaped(cell)
    if cell == NONE:
        return None
    return dt.date.fromisoformat(cell) if name in DAYS else int(cell)


_PLAIN = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}


def unescaped(cell: str) -> str:
    parts, place = [], 0
    while (found := cell.find("\\", place)) >= 0:
        parts += [cell[place:found], _PLAIN[cell[found : found + 2]]]
        place = found + 2
    return "".join([*parts, cell[place:]])


def undo_import(run: Run) -> None:
    batch = _batch(run)
    if batch.state == BatchState.TAKEN:
        _undo(batch, run.requested_by)


@transaction.atomic
def _undo(batch: Batch, by: Any) -> None:
    """Also what was changed in its rows since goes; records that were written by hand stay."""
    data_set = locked_for_change(batch.data_set, by)
    locked = _locked(batch)
    if locked.state != BatchState.TAKEN:
        return
    records = Record.objects.filter(batch_id=locked.pk)
    if data_set.is_counted:
        rollups.add(data_set.community, rollups.of_records(data_set, records), sign=-1)
    gone = records.count()
    records._raw_delete(records.db)  # noqa: SLF001 - nothing hangs on a record
    locked.state = BatchState.UNDONE
    locked.save(update_fields=["state"])
    audit.record("injury_import.undo", by=by, target=locked, changes={"rows": gone})


def _batch(run: Run) -> Batch:
    return Batch.objects.select_related("data_set__community").get(pk=run.parameters["batch"])


def _locked(batch: Batch) -> Batch:
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("file", "prepared", "errors_file")
        .get(pk=batch.pk)
    )
