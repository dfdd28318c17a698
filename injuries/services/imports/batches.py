"""Asking for the work on a table of records: its dry run, its taking over, its taking back. A worker does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import now
from core.errors import Reason, Refused
from documents import services as documents
from documents.enums import FileKind, RunState
from documents.models import Run
from documents.sheets import Refusal, refused
from injuries import authz
from injuries.enums import BatchState, Form
from injuries.importers.columns import BY_FIELD, OTHER, Reading
from injuries.models import Batch, ColumnMap, DataSet
from injuries.services.imports.limits import LIMITS
from injuries.services.locks import locked_for_change

CHECK, TAKE, UNDO = (f"injuries.import_{name}" for name in ("check", "take", "undo"))
WORKING = (RunState.QUEUED, RunState.RUNNING)
LOOKED_AT = (BatchState.UPLOADED, BatchState.FAULTY, BatchState.CHECKED)
TYPES = "application/octet-stream"  # what came in is told by its content, never by its name
FILES = ("file", "prepared", "errors_file")

NOT_OPEN = Reason(_("This table has been taken over already, or its file has been deleted."), code="state")
HAS_FAULTS = Reason(_("Mend the marked rows first and upload the table again."), code="faults")
NOT_TAKEN = Reason(_("Only a table that was taken over can be taken back."), code="state")
TWICE = Reason(_("Two columns are read as the same. Choose each only once."), code="twice")


def register_works() -> None:
    """Named by their paths: only a worker loads what reads and writes workbooks."""
    for name, path, label in (
        (CHECK, "checking.check_import", _("Dry run of an import")),
        (TAKE, "taking.take_import", _("Taking over of an import")),
        (UNDO, "taking.undo_import", _("Undoing of an import")),
    ):
        documents.register_handler(
            name, f"injuries.services.imports.{path}", label=label, allowed=may_work, back=page_of
        )


def may_work(user: Any, run: Run) -> bool:
    """Asked again before the work starts and whenever its page is opened."""
    data_set = (
        DataSet.objects.select_related("community__supervisor", "kept_by")
        .filter(pk=run.parameters["data_set"])
        .first()
    )
    return data_set is not None and authz.records_in(user, data_set)


def page_of(run: Run) -> str:
    return reverse("injuries:import", args=[run.parameters["data_set"], run.parameters["batch"]])


@transaction.atomic
def receive(data_set: DataSet, upload: Any, *, by: Any) -> Batch:
    """Keep the file and ask for its dry run; nothing is written among the records. Raises Refused for its size."""
    locked = locked_for_change(data_set, by)
    if locked.form != Form.RECORDS:
        raise Refused(Reason(_("This data set takes totals."), code="form"))
    if not upload.size:
        raise refused(Refusal.EMPTY)
    if upload.size > LIMITS.size:
        raise refused(Refusal.TOO_LARGE, str(LIMITS.size // 2**20))
    stored = documents.store_file(
        kind=FileKind.WORKBOOK, content=upload, original_name=str(upload.name), content_type=TYPES, by=by
    )
    batch = Batch.objects.create(data_set=locked, file=stored, by=by)
    audit.record("injury_import.receive", by=by, target=batch, changes={"size": stored.size})
    return _start(batch, CHECK, by)


@transaction.atomic
def choose_columns(batch: Batch, chosen: Mapping[int, str], *, by: Any) -> Batch:
    """``chosen``: for the place of each column the field it is read as, empty for none. Remembered for the source."""
    locked = _locked(batch, by)
    if locked is None:
        return batch
    if locked.state not in LOOKED_AT or locked.file is None:
        raise Refused(NOT_OPEN)
    reading = Reading.from_json(locked.columns)
    fields = [
        OTHER if place in reading.refused else chosen.get(place, OTHER)
        for place in range(len(reading.titles))
    ]
    fields = [field if field in BY_FIELD else OTHER for field in fields]
    taken = [field for field in fields if field]
    if len(taken) > len(set(taken)):
        raise Refused(TWICE)
    locked.columns = Reading(reading.titles, fields, reading.refused).as_json()
    locked.save(update_fields=["columns"])
    remember(locked.data_set, reading.titles, fields)
    return _start(locked, CHECK, by)


def remember(data_set: DataSet, titles: list[str], fields: list[str]) -> None:
    """Of a community's own sources; what a health department calls its columns is not theirs."""
    if data_set.kept_by_id is not None:
        return
    source: dict[str, Any] = {
        "community_id": data_set.community_id,
        "source_kind": data_set.source_kind,
        "source_name": data_set.source_name,
    }
    known = ColumnMap.objects.filter(**source).first()
    columns = {**(known.columns if known else {}), **dict(zip(titles, fields, strict=True))}
    ColumnMap.objects.update_or_create(**source, defaults={"columns": columns, "changed_at": now()})


@transaction.atomic
def take(batch: Batch, *, by: Any) -> Batch:
    """Ask for all its rows at once. A second press while it works, or after it, changes nothing."""
    locked = _locked(batch, by)
    if locked is None or locked.state == BatchState.TAKEN:
        return locked or batch
    if locked.state == BatchState.FAULTY:
        raise Refused(HAS_FAULTS)
    if locked.state != BatchState.CHECKED or locked.prepared is None:
        raise Refused(NOT_OPEN)
    locked_for_change(locked.data_set, by)
    return _start(locked, TAKE, by)


@transaction.atomic
def undo(batch: Batch, *, by: Any) -> Batch:
    """Ask for all its rows to go. A second press changes nothing."""
    locked = _locked(batch, by)
    if locked is None or locked.state == BatchState.UNDONE:
        return locked or batch
    if locked.state != BatchState.TAKEN:
        raise Refused(NOT_TAKEN)
    locked_for_change(locked.data_set, by)
    return _start(locked, UNDO, by)


@transaction.atomic
def discard(batch: Batch, *, by: Any) -> None:
    """The file and what was found in it go; that it was uploaded stays. Twice is harmless."""
    locked = _locked(batch, by)
    if locked is None or locked.state not in LOOKED_AT:
        return
    forget_files(locked)
    audit.record("injury_import.discard", by=by, target=locked)


def forget_files(batch: Batch) -> None:
    """In the transaction of the caller. The counts stay."""
    files = [file for file in (getattr(batch, name) for name in FILES) if file is not None]
    for name in FILES:
        setattr(batch, name, None)
    batch.report = {name: batch.report[name] for name in ("by", "taken") if name in batch.report}
    batch.save(update_fields=[*FILES, "report"])
    for file in files:
        documents.forget_file(file)


def is_working(batch: Batch) -> bool:
    return batch.run is not None and batch.run.state in WORKING


def _locked(batch: Batch, by: Any) -> Batch | None:
    """None while a worker is at it: nobody's page waits for the end of that."""
    authz.must_record(by, batch.data_set)
    rows = Batch.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("run", "file", "prepared", "errors_file", "data_set__community")
    return rows.filter(pk=batch.pk).first()


def _start(batch: Batch, handler: str, by: Any) -> Batch:
    """One work at a time for each batch: what is already being done is only waited for."""
    if is_working(batch):
        return batch
    parameters = {"batch": batch.pk, "data_set": batch.data_set_id}
    batch.run = documents.request_run(
        handler=handler, parameters=parameters, by=by, key=f"{handler}:{batch.pk}", total=batch.rows
    )
    batch.save(update_fields=["run"])
    return batch
