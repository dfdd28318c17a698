"""The dry run of a table: read once, held against the rules, kept as it will be stored. Harmless when run again."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, Any

from django.core.files import File
from django.db import connection, transaction
from django.utils import translation

from core.clock import today
from core.errors import Refused
from core.xlsx import XLSX
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from documents.services import note_progress, report_progress, store_file
from documents.sheets import lines
from injuries.enums import BatchState
from injuries.importers.cells import ALSO, plain, words_of
from injuries.importers.columns import BY_FIELD, SHEET, Kind, Reading, folded_known, guess
from injuries.importers.rows import Checker, Finding, Frame, Part
from injuries.models import Batch, ColumnMap, DataSet, Record, SubArea
from injuries.selectors.codes import all_codes
from injuries.services.imports.batches import LOOKED_AT
from injuries.services.imports.limits import KINDS, LIMITS, ROWS
from injuries.workbooks.errors import MarkedRow, errors_workbook

STEP = 2000  # rows
SAMPLE = 200  # rows by which columns are told
HEAD_WITHIN = 10  # rows
SHOWN = 100  # findings of a kind on the page
MARKED = 5_000  # rows in the marked table; of a longer one it shows only those with a finding
DOUBTED = 1_000  # rows in the marked table where nothing has to be mended
DETAIL = 40  # signs of a cell beside its fault
CARDS = "SELECT key FROM injuries_record WHERE data_set_id = %s AND key = ANY(%s) AND key <> ''"


@dataclass(slots=True)
class Outcome:
    """What was found. ``problem``: why the table as a whole is not taken, in the words of the page."""

    reading: Reading | None = None
    problem: str = ""
    rows: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    faulty: set[int] = field(default_factory=set)
    doubted: set[int] = field(default_factory=set)
    first_faults: list[list[Any]] = field(default_factory=list)
    first_doubts: list[list[Any]] = field(default_factory=list)
    marked: dict[int, MarkedRow] = field(default_factory=dict)
    months: tuple[int, int] | None = None
    is_short: bool = True


def check_import(run: Run) -> None:
    batch = Batch.objects.select_related("file", "data_set__community", "data_set__family").get(
        pk=run.parameters["batch"]
    )
    if batch.state not in LOOKED_AT or batch.file is None:
        return
    language = run.requested_by.language if run.requested_by else translation.get_language()
    with translation.override(language), tempfile.TemporaryFile() as kept:
        outcome = looked_through(batch, kept, run)
        keep(batch, outcome, kept, by=run.requested_by)


def looked_through(batch: Batch, kept: IO[bytes], run: Run | None = None) -> Outcome:
    """Read the table once; what can be stored is written to ``kept``."""
    outcome = Outcome()
    if batch.file is None:
        return outcome
    try:
        with (
            batch.file.file.open("rb") as upload,
            lines.opened(upload, sheet=SHEET, kinds=KINDS, limits=LIMITS) as table,
        ):
            if run is not None:
                report_progress(run, 0, table.count)
            _look_through(batch, table, kept, outcome, run)
    except FileNotFoundError:
        outcome.problem = "gone"
    except Refused as refused:
        outcome.problem = str(refused)
    return outcome


def _look_through(
    batch: Batch, table: lines.LongTable, kept: IO[bytes], outcome: Outcome, run: Run | None
) -> None:
    first = list(islice(table.rows, SAMPLE))
    head = _head_of(first)
    if head is None:
        outcome.problem = "empty"
        return
    outcome.reading = reading = _reading(batch, first[head], first[head + 1 :])
    if not {"month", "occurred_on"} & set(reading.fields):
        outcome.problem = "no_month"
        return
    if table.count - head - 1 > ROWS:
        outcome.problem = "too_long"
        return
    checker = Checker(reading, frame_of(batch.data_set))
    outcome.is_short = table.count <= MARKED
    rest = chain(first[head + 1 :], table.rows)
    kept.write(("\t".join(checker.stored_fields) + "\n").encode())
    for numbers, rows in _steps(rest, head + 2):
        part = checker.check(numbers, rows)
        _find_cards(batch.data_set, checker, part)
        outcome.rows += len(rows)
        _note(outcome, part, dict(zip(numbers, rows, strict=True)), reading)
        kept.write(("\n".join(part.stored) + "\n").encode())
        if run is not None:
            note_progress(run, numbers[-1])
    if outcome.rows == 0:
        outcome.problem = "empty"
    elif checker.months:
        outcome.months = min(checker.months), max(checker.months)


def _head_of(rows: list[list[str]]) -> int | None:
    """The first row of which two cells are heads that we know; else the first with anything in it."""
    filled = [place for place, row in enumerate(rows[:HEAD_WITHIN]) if any(row)]
    known = [place for place in filled if sum(map(folded_known, rows[place])) > 1]
    return next(iter([*known, *filled]), None)


def _reading(batch: Batch, titles: list[str], sample: list[list[str]]) -> Reading:
    titles = [title.strip()[:60] for title in titles]
    before = Reading.from_json(batch.columns)
    if before.titles == titles:
        chosen = dict(zip(titles, before.fields, strict=True))
    elif batch.data_set.kept_by_id is not None:  # what the community has chosen is not told to others
        chosen = {}
    else:
        known = ColumnMap.objects.filter(
            community=batch.data_set.community_id,
            source_kind=batch.data_set.source_kind,
            source_name=batch.data_set.source_name,
        ).first()
        chosen = known.columns if known else {}
    return guess(titles, sample, chosen)


def frame_of(data_set: DataSet) -> Frame:
    words = {
        name: words_of([(code.number, code.label_zh, code.label_en) for code in codes], ALSO.get(name, {}))
        for name, codes in all_codes().items()
    }
    areas = SubArea.objects.filter(community=data_set.community_id).values_list("name", "pk")
    return Frame(
        words=words,
        areas={plain(name): pk for name, pk in areas},
        months=(data_set.first_month, data_set.last_month),
        today=today(),
    )


def _steps(rows: Iterator[list[str]], number: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Without empty rows, each with its number."""
    while some := list(islice(rows, STEP)):
        filled = [(at, row) for at, row in enumerate(some, number) if any(row)]
        number += len(some)
        if filled:
            numbers, kept = zip(*filled, strict=True)
            yield list(numbers), list(kept)


def _find_cards(data_set: DataSet, checker: Checker, part: Part) -> None:
    """Of these keys, those that the data set has already; one question for all."""
    if not part.keys:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(CARDS, [data_set.pk, part.keys])  # one array instead of a sign for each key
            there = [key for (key,) in cursor.fetchall()]
    else:
        rows = Record.objects.filter(data_set=data_set, key__in=part.keys)
        there = list(rows.values_list("key", flat=True))
    part.faults += [Finding(checker.row_of(key), "key", "double") for key in there]


def _note(outcome: Outcome, part: Part, rows: dict[int, list[str]], reading: Reading) -> None:
    for found, counts, concerned, first in (
        (part.faults, outcome.faults, outcome.faulty, outcome.first_faults),
        (part.doubts, outcome.doubts, outcome.doubted, outcome.first_doubts),
    ):
        counts.update(finding.code for finding in found)
        concerned.update(finding.row for finding in found)
        for finding in sorted(found)[: max(0, SHOWN - len(first))]:
            first.append([*finding, _cell(rows.get(finding.row, []), finding.field, reading)])
    marks: dict[int, list[Finding]] = {}
    for finding in chain(part.faults, part.doubts):
        marks.setdefault(finding.row, []).append(finding)
    room = MARKED - len(outcome.marked)
    # A short table is given back whole, a long one with the rows that somebody must look at.
    for number in list(rows if outcome.is_short else sorted(marks))[:room]:
        row = rows[number]
        typed = [row[place] if place < len(row) else "" for place in reading.places.values()]
        outcome.marked[number] = MarkedRow(number, typed, marks.get(number, []))


def _cell(row: list[str], name: str, reading: Reading) -> str:
    """As it was typed; not what somebody told in words of their own."""
    place = reading.places.get(name, len(row))
    if BY_FIELD[name].kind == Kind.TEXT or place >= len(row):
        return ""
    return row[place][:DETAIL]


@transaction.atomic
def keep(batch: Batch, outcome: Outcome, kept: IO[bytes], *, by: Any) -> None:
    """Write down what was found, in place of what was found before."""
    locked = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("prepared", "errors_file")
        .get(pk=batch.pk)
    )
    if locked.state not in LOOKED_AT or locked.file_id is None:
        return
    before = [file for file in (locked.prepared, locked.errors_file) if file is not None]
    is_faulty = bool(outcome.problem or outcome.faulty)
    locked.prepared = None if is_faulty else _prepared(locked, kept, by)
    locked.errors_file = _errors_file(locked, outcome, by) if outcome.faulty or outcome.doubted else None
    locked.state = BatchState.FAULTY if is_faulty else BatchState.CHECKED
    locked.rows, locked.faults, locked.warnings = outcome.rows, len(outcome.faulty), len(outcome.doubted)
    if outcome.reading is not None:
        locked.columns = outcome.reading.as_json()
    locked.report = {
        "problem": outcome.problem,
        "faults": outcome.first_faults,
        "doubts": outcome.first_doubts,
        "by": {**outcome.faults, **outcome.doubts},
        "months": outcome.months,
    }
    locked.save()
    for file in before:
        documents.forget_file(file)


def _prepared(batch: Batch, kept: IO[bytes], by: Any) -> StoredFile:
    kept.seek(0)
    return store_file(
        kind=FileKind.WORKBOOK,
        content=File(kept),
        original_name=f"injuries-{batch.pk}.tsv",
        content_type="text/tab-separated-values",
        by=by,
    )


def _errors_file(batch: Batch, outcome: Outcome, by: Any) -> StoredFile | None:
    if outcome.reading is None:
        return None
    rows = list(outcome.marked.values())
    if not outcome.faulty:
        rows = [row for row in rows if row.findings][:DOUBTED]
    content = errors_workbook(list(outcome.reading.places), rows)
    name = f"{SHEET}_需要修改_{batch.pk}.xlsx"
    return store_file(kind=FileKind.EXPORT, content=content, original_name=name, content_type=XLSX, by=by)
