"""The work on a table, done by a worker: dry run, taking over, undoing, our own table. Harmless when run again."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

import audit.services as audit
from communities.enums import ImportKind, ImportState, RowFate
from communities.importers.cells import whole_number
from communities.importers.columns import OFFICIAL
from communities.importers.problems import Code, Problem, Unclear, problem
from communities.importers.tables import SheetTable
from communities.models import Authority, Community, ImportBatch, ImportRow, Programme, RegisterEntry
from communities.services.contacts import RefusedAt
from communities.services.imports.comparing import (
    WHOLE_ROW,
    Handler,
    Outcome,
    Subject,
    Written,
    check_value,
    compare,
    marks_of,
)
from communities.services.imports.handlers import handler_of
from communities.services.imports.reading import read_batch
from communities.services.imports.shelf import Shelf, load_shelf
from communities.workbooks.imports import errors_workbook, own_table, template
from core.clock import now, today
from core.xlsx import XLSX
from documents.enums import FileKind
from documents.models import Run, StoredFile
from documents.services import forget_file, note_progress, report_progress, store_file

WRITING = (RowFate.CREATE, RowFate.CHANGE)
MOST_NAMED = 20  # rows in one sentence


def in_chinese(work: Any) -> Any:
    """Cells and labels are the office's own words, whoever asked for the work."""

    @wraps(work)
    def done(run: Run) -> Any:
        with translation.override(OFFICIAL):
            return work(run)

    return done


# --- The dry run --------------------------------------------------------------------------------------------


@in_chinese
def check_import(run: Run) -> None:
    batch = _batch(run)
    if batch.state not in {ImportState.READING, ImportState.CHECKED}:
        return
    try:
        table = read_batch(batch)
    except Unclear as unclear:
        _refuse_file(batch, unclear.problem)
        return
    report_progress(run, 0, len(table.rows))
    outcomes = _compare(batch, table, run.requested_by)
    report_progress(run, len(table.rows) // 2)
    keep_outcomes(batch, table, outcomes, by=run.requested_by)
    report_progress(run, len(table.rows))


def _compare(batch: ImportBatch, table: SheetTable, by: Any) -> list[Outcome]:
    shelf = load_shelf(batch.kind, by, region_codes=_region_codes(table))
    return compare(table.rows, handler_of(batch.kind), shelf)


def _region_codes(table: SheetTable) -> set[str]:
    codes = set()
    for row in table.rows:
        with suppress(Unclear):
            codes.add(whole_number(row.cells.get("region")))
    return codes - {""}


@transaction.atomic
def _refuse_file(batch: ImportBatch, found: Problem) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state__in=[ImportState.READING, ImportState.CHECKED]).update(
        state=ImportState.UNREADABLE, problem=list(found)
    )


@transaction.atomic
def keep_outcomes(
    batch: ImportBatch, table: SheetTable, outcomes: Sequence[Outcome], *, by: Any, overtaken: bool = False
) -> None:
    """Write down what the rows would do, in place of what was written down before."""
    locked = _lock(batch)
    if locked.state not in {ImportState.READING, ImportState.CHECKED}:
        return
    old_file = locked.errors_file
    locked.rows.all().delete()
    ImportRow.objects.bulk_create((_row(locked, outcome) for outcome in outcomes), batch_size=1000)
    counts = Counter(outcome.fate for outcome in outcomes)
    locked.new_count, locked.change_count = counts[RowFate.CREATE], counts[RowFate.CHANGE]
    locked.same_count, locked.error_count = counts[RowFate.SAME], counts[RowFate.ERROR]
    locked.titles, locked.unread = table.titles, table.unread[:MOST_NAMED]
    locked.state, locked.overtaken, locked.problem = ImportState.CHECKED, overtaken, []
    locked.errors_file = _errors_file(locked, table, outcomes, by=by) if counts[RowFate.ERROR] else None
    locked.save()
    if old_file is not None:
        forget_file(old_file)


def _row(batch: ImportBatch, outcome: Outcome) -> ImportRow:
    subject = outcome.subject or Subject(None)
    community = subject.community
    written = outcome.values.get("community") or outcome.values.get("number") or ""
    return ImportRow(
        batch=batch,
        number=outcome.row.number,
        fate=outcome.fate,
        community=community,
        target=subject.target,
        label=(f"{community.name_zh} {subject.about}".strip() if community else written)[:200],
        cells=outcome.row.typed,
        changes=outcome.changes,
        problems={key: [list(one) for one in found] for key, found in outcome.problems.items()},
    )


def _errors_file(
    batch: ImportBatch, table: SheetTable, outcomes: Sequence[Outcome], *, by: Any
) -> StoredFile:
    rows = [(outcome.row.typed, outcome.problems) for outcome in outcomes]
    content = errors_workbook(handler_of(batch.kind).table, table.titles, table.keys, rows)
    name = f"{handler_of(batch.kind).table.title}_需要修改_{batch.pk}.xlsx"
    return store_file(kind=FileKind.EXPORT, content=content, original_name=name, content_type=XLSX, by=by)


# --- Taking over --------------------------------------------------------------------------------------------


@in_chinese
def apply_import(run: Run) -> None:
    """All or nothing, and only what staff have seen: anything else is compared anew and shown once more."""
    batch = _batch(run)
    if batch.state != ImportState.CHECKED:
        return
    try:
        table = read_batch(batch)
    except Unclear as unclear:
        _refuse_file(batch, unclear.problem)
        return
    report_progress(run, 0, len(table.rows))
    try:
        _apply(batch, table, run)
    except RefusedAt as refused:
        _blame(batch, refused)
    except IntegrityError:  # somebody entered the same at this very moment, by another way
        keep_outcomes(
            batch, table, _compare(batch, table, run.requested_by), by=run.requested_by, overtaken=True
        )
    report_progress(run, len(table.rows))


@transaction.atomic
def _apply(batch: ImportBatch, table: SheetTable, run: Run) -> None:
    by, total = run.requested_by, len(table.rows)
    # One import after the other: each sees what the one before has written.
    list(Programme.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    locked = _lock(batch)
    if locked.state != ImportState.CHECKED:
        return
    kept = {row.number: row for row in locked.rows.order_by("number")}
    _lock_register(locked, {row.community_id for row in kept.values() if row.community_id})
    shelf = load_shelf(locked.kind, by, region_codes=_region_codes(table))
    handler = handler_of(locked.kind)
    outcomes = compare(table.rows, handler, shelf)
    if not _is_as_seen(outcomes, kept):
        keep_outcomes(locked, table, outcomes, by=by, overtaken=True)
        return
    wanted = [outcome for outcome in outcomes if outcome.fate in WRITING]
    compared, to_write = total // 4, total // 2  # about what each takes of the time

    def tell(place: int) -> None:
        note_progress(run, compared + to_write * place // len(wanted))

    tell(0)
    written = handler.write(wanted, shelf, by=by, source=locked.source, tell=tell)
    tell(len(wanted))
    _remember(locked, handler, [kept[outcome.row.number] for outcome in wanted], written, by)
    _finish_apply(locked, by)


def _is_as_seen(outcomes: Sequence[Outcome], kept: Mapping[int, ImportRow]) -> bool:
    return len(outcomes) == len(kept) and all(
        outcome.row.number in kept and outcome.same_as(kept[outcome.row.number]) for outcome in outcomes
    )


def _remember(
    batch: ImportBatch, handler: Handler, rows: Sequence[ImportRow], written: Sequence[Written], by: Any
) -> None:
    """What stood there before, and the check value of what stands there now."""
    shelf = load_shelf(batch.kind, by)
    for row, one in zip(rows, written, strict=True):
        row.target, row.community_id, row.before = one.target, one.community_id, one.before
        row.after = _value_now(handler, row.target, shelf)
        row.pk = None
    # Written over by their numbers, which takes a fraction of the time of an update by their keys.
    ImportRow.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["batch", "number"],
        update_fields=["target", "community", "before", "after"],
    )


def _value_now(handler: Handler, target: str, shelf: Shelf) -> str:
    subject = handler.subject_of(target, shelf)
    return check_value(handler, target, "", subject.current) if subject and subject.exists else ""


def _finish_apply(batch: ImportBatch, by: Any) -> None:
    batch.state, batch.applied_at, batch.applied_by = ImportState.APPLIED, now(), by
    batch.problem, batch.overtaken = [], False
    batch.save()
    facts = {"kind": batch.kind, "new": batch.new_count, "changed": batch.change_count}
    audit.record("import.apply", by=by, target=batch, changes=facts, reason=batch.source)


@transaction.atomic
def _blame(batch: ImportBatch, refused: RefusedAt) -> None:
    """A rule that only writing could find: nothing was written, and the row says why."""
    locked = _lock(batch)
    if locked.state != ImportState.CHECKED:
        return
    row = list(locked.rows.filter(fate__in=WRITING).order_by("number"))[refused.place]
    fate = row.fate
    row.fate, row.problems = RowFate.ERROR, {WHOLE_ROW: [list(problem(Code.REFUSED, text=refused))]}
    row.save()
    locked.error_count += 1
    if fate == RowFate.CREATE:
        locked.new_count -= 1
    else:
        locked.change_count -= 1
    locked.save()


# --- Undoing ------------------------------------------------------------------------------------------------


@in_chinese
def undo_import(run: Run) -> None:
    batch = _batch(run)
    try:
        _undo(batch, run.requested_by)
    except RefusedAt as refused:
        row = batch.rows.filter(fate__in=WRITING).order_by("number")[refused.place]
        found = problem(Code.UNDO_REFUSED, row=row.number, text=refused)
        ImportBatch.objects.filter(pk=batch.pk).update(problem=list(found))


@transaction.atomic
def _undo(batch: ImportBatch, by: Any) -> None:
    locked = _lock(batch)
    if locked.state != ImportState.APPLIED or locked.expired_at:
        return
    handler = handler_of(locked.kind)
    rows = list(locked.rows.filter(fate__in=WRITING).order_by("number"))
    _lock_register(locked, {row.community_id for row in rows if row.community_id})
    shelf = load_shelf(locked.kind, by)
    changed = [row.number for row in rows if _value_now(handler, row.target, shelf) != row.after]
    if changed:
        named = "、".join(map(str, changed[:MOST_NAMED])) + ("…" if len(changed) > MOST_NAMED else "")
        locked.problem = list(problem(Code.CHANGED_SINCE, rows=named))
        locked.save(update_fields=["problem"])
        return
    written = [Written(row.target, row.community_id, row.before) for row in rows]
    handler.take_back(written, by=by, reason=f"{locked.get_kind_display()} {locked.pk}")
    locked.state, locked.undone_at, locked.problem = ImportState.UNDONE, now(), []
    locked.save()
    audit.record("import.undo", by=by, target=locked, changes={"rows": len(rows)})


# --- Our own table ------------------------------------------------------------------------------------------


@in_chinese
def make_table(run: Run) -> StoredFile:
    kind = run.parameters["kind"]
    handler = handler_of(kind)
    shelf = load_shelf(kind, run.requested_by)
    rows = [
        (
            [subject.current.get(column.key, "") for column in handler.table.columns],
            marks_of(handler, subject),
        )
        for subject in sorted(handler.subjects(shelf), key=_by_number)
    ]
    report_progress(run, 0, len(rows))
    content = own_table(handler.table, rows, offered=offered_for(kind))
    report_progress(run, len(rows))
    name = f"{handler.table.title}_{today():%Y%m%d}.xlsx"
    return store_file(
        kind=FileKind.EXPORT, content=content, original_name=name, content_type=XLSX, by=run.requested_by
    )


def _by_number(subject: Subject) -> int:
    return int(subject.current.get("number") or sys.maxsize)


def make_template(kind: str) -> tuple[str, bytes]:
    """Name and content of the empty table."""
    with translation.override(OFFICIAL):
        handler = handler_of(kind)
        return f"{handler.table.title}_模板.xlsx", template(handler.table, offered=offered_for(kind))


def offered_for(kind: str) -> dict[str, list[str]]:
    """What drop-downs offer beyond the fixed lists; in the order in which staff see them elsewhere."""
    authorities = Authority.objects.order_by("path", "pk") if kind == ImportKind.COMMUNITIES else ()
    return {
        "programme": list(Programme.objects.order_by("-level", "pk").values_list("name_zh", flat=True)),
        "supervisor": [authority.name_zh for authority in authorities],
    }


# --- Rows and locks -----------------------------------------------------------------------------------------


def _batch(run: Run) -> ImportBatch:
    return ImportBatch.objects.select_related("file").get(pk=run.parameters["batch"])


def _lock(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("errors_file").get(pk=batch.pk)


def _lock_register(batch: ImportBatch, communities: set[int]) -> None:
    """In the order of all other services: entries before communities, each by its key.

    Rows that only point at a community need not wait for thousands of others to be written.
    """
    if batch.kind == ImportKind.DESIGNATIONS:
        entries = RegisterEntry.objects.select_for_update(no_key=True).filter(community__in=communities)
        list(entries.order_by("pk").values_list("pk", flat=True))
    rows = Community.objects.select_for_update(no_key=True).filter(pk__in=communities).order_by("pk")
    list(rows.values_list("pk", flat=True))
