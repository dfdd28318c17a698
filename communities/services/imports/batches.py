"""Asking for the work on a table: its dry run, its taking over, its undoing. ``work`` does it in the background."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.enums import ImportKind, ImportState
from communities.models import ImportBatch
from communities.selectors.imports import may_import
from communities.services.imports.reading import LIMITS
from core.errors import Reason, Refused
from documents import services as documents
from documents.enums import FileKind, RunState
from documents.models import Run
from documents.sheets import Refusal, refused

CHECK, APPLY, UNDO, TABLE = (f"communities.import_{name}" for name in ("check", "apply", "undo", "table"))
WORKING = (RunState.QUEUED, RunState.RUNNING)
TYPES = "application/octet-stream"  # what came in is told by its content, never by its name

NOT_CHECKED = Reason(_("This table has been taken over already, or cannot be read."), code="state")
HAS_ERRORS = Reason(_("Mend the marked rows first and upload the table again."), code="errors")
NOTHING_TO_DO = Reason(_("Every row says what stands on the platform already."), code="nothing")
NOT_APPLIED = Reason(_("Only a table that was taken over can be undone."), code="state")
EXPIRED = Reason(_("The rows of this import have been deleted; it can no longer be undone."), code="expired")


def register_works() -> None:
    """Named by their paths: only a worker loads what reads and writes workbooks."""
    for name, maker, label in (
        (CHECK, "check_import", _("Dry run of an import")),
        (APPLY, "apply_import", _("Taking over of an import")),
        (UNDO, "undo_import", _("Undoing of an import")),
        (TABLE, "make_table", _("Table for import")),
    ):
        path = f"communities.services.imports.work.{maker}"
        documents.register_handler(name, path, label=label, allowed=may_work, back=page_of)


@transaction.atomic
def receive_table(*, kind: str, upload: Any, source: str = "", by: Any) -> ImportBatch:
    """Keep the file and ask for its dry run. Nothing of the register is touched. Raises Refused for its size."""
    _ask(by, kind)
    content = upload.read(LIMITS.size + 1)
    if not content:
        raise refused(Refusal.EMPTY)
    if len(content) > LIMITS.size:
        raise refused(Refusal.TOO_LARGE, str(LIMITS.size // 2**20))
    stored = documents.store_file(
        kind=FileKind.WORKBOOK, content=content, original_name=str(upload.name), content_type=TYPES, by=by
    )
    batch = ImportBatch(
        kind=ImportKind(kind),
        file=stored,
        source=source.strip()[:200] or stored.original_name[:200],
        created_by=by,
    )
    batch.full_clean()
    batch.save()
    facts = {"kind": kind, "sha256": stored.sha256, "size": stored.size}
    audit.record("import.receive", by=by, target=batch, changes=facts)
    _start(batch, CHECK, by)
    return batch


@transaction.atomic
def check_again(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Compare the same file once more with what stands on the platform now."""
    locked = _lock(batch, by)
    if locked is None:
        return batch
    if locked.state not in {ImportState.READING, ImportState.CHECKED} or locked.expired_at:
        raise Refused(NOT_CHECKED)
    return _start(locked, CHECK, by)


@transaction.atomic
def apply_batch(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Ask for all its changes at once. A second press while it works, or after it, changes nothing."""
    locked = _lock(batch, by)
    if locked is None or locked.state == ImportState.APPLIED:
        return locked or batch
    if locked.state != ImportState.CHECKED or locked.expired_at:
        raise Refused(NOT_CHECKED)
    if locked.error_count:
        raise Refused(HAS_ERRORS)
    if not locked.new_count + locked.change_count:
        raise Refused(NOTHING_TO_DO)
    return _start(locked, APPLY, by)


@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Ask for everything to be as before the batch. A second press changes nothing."""
    locked = _lock(batch, by)
    if locked is None or locked.state == ImportState.UNDONE:
        return locked or batch
    if locked.state != ImportState.APPLIED:
        raise Refused(NOT_APPLIED)
    if locked.expired_at:
        raise Refused(EXPIRED)
    return _start(locked, UNDO, by)


@transaction.atomic
def request_table(*, kind: str, by: Any) -> Run:
    """Our own table of this kind, with everything within the user's reach, to be changed and brought in again."""
    _ask(by, kind)
    run = documents.request_run(
        handler=TABLE, parameters={"kind": ImportKind(kind).value}, by=by, key=f"import-table:{kind}:{by.pk}"
    )
    audit.record("import.table", by=by, changes={"kind": kind})
    return run


def may_work(user: Any, run: Run) -> bool:
    """Asked again before the work starts and whenever its page is opened."""
    kind = run.parameters.get("kind", "")
    return kind in ImportKind.values and may_import(user, kind)


def page_of(run: Run) -> str:
    if batch := run.parameters.get("batch"):
        return reverse("communities:import", args=[batch])
    return reverse("communities:imports")


def _ask(by: Any, kind: str) -> None:
    if kind not in ImportKind.values or not may_import(by, kind):
        raise PermissionDenied(kind)


def _lock(batch: ImportBatch, by: Any) -> ImportBatch | None:
    """None while a worker is at it: nobody's page waits for the end of that."""
    _ask(by, batch.kind)
    rows = ImportBatch.objects.select_for_update(of=("self",), skip_locked=True).select_related("run")
    return rows.filter(pk=batch.pk).first()


def _start(batch: ImportBatch, handler: str, by: Any) -> ImportBatch:
    """One work at a time for each batch: what is already being done is only waited for."""
    if batch.run is not None and batch.run.state in WORKING:
        return batch
    parameters = {"batch": batch.pk, "kind": batch.kind}
    batch.run = documents.request_run(
        handler=handler, parameters=parameters, by=by, key=f"{handler}:{batch.pk}", total=batch.row_count
    )
    batch.problem, batch.overtaken = [], False
    batch.save(update_fields=["run", "problem", "overtaken"])
    return batch
