"""What each row of a table would do to the register. Nothing is asked of the database here, and nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.crypto import constant_time_compare, salted_hmac

from communities.enums import ImportKind, RowFate
from communities.importers.cells import CLEAR
from communities.importers.columns import CHECK_MARK, EDITION, REVISION_MARK, ROW_MARK, Column, Table
from communities.importers.problems import Code, Problem, Unclear, problem
from communities.importers.tables import SheetRow
from communities.models import Community
from communities.services.imports.shelf import Shelf
from core.xlsx import storable
from documents.sheets import text_of

WHOLE_ROW = ""
Problems = dict[str, list[Problem]]


@dataclass(slots=True)
class Subject:
    """What a row is about. ``current``: its cells as our own table writes them; empty for something new.

    ``target``: its key, empty until it is there. ``keys``: what no other row of the table may be about as well.
    ``about``: which of several things of its community.
    """

    community: Community | None
    target: str = ""
    current: Mapping[str, str] = field(default_factory=dict)
    exists: bool = True
    keys: tuple[str, ...] = ()
    about: str = ""

    @property
    def revision(self) -> int:
        return self.community.revision if self.community else 0


@dataclass(slots=True)
class Written:
    """What undoing needs: the key of what was written, its community, and what stood there before."""

    target: str
    community_id: int | None
    before: dict[str, Any]


class Unfound(Exception):  # noqa: N818 - an answer, not a fault
    """No row of the register is meant, or nobody can tell which."""

    def __init__(self, column: str, found: Problem) -> None:
        self.column, self.problem = column, found
        super().__init__(column)


Tell = Callable[[int], None]


class Handler(Protocol):
    """One kind of table. ``sign`` begins the marks of its rows; ``aside``: columns that say how, not what."""

    kind: ImportKind
    sign: str
    aside: frozenset[str]

    @property
    def table(self) -> Table: ...

    def subjects(self, shelf: Shelf) -> Iterator[Subject]:
        """All that our own table lists, in its order."""
        ...

    def subject_of(self, target: str, shelf: Shelf) -> Subject | None: ...

    def find(self, values: Mapping[str, str], shelf: Shelf) -> Subject:
        """What an unmarked row is about; raises Unfound. ``values``: the cells that could be read."""
        ...

    def may_change(self, key: str, *, is_marked: bool) -> bool:
        """Whether a column that finds the row is also one to be changed."""
        ...

    def objections(
        self, subject: Subject, changes: Mapping[str, list[str]], shelf: Shelf
    ) -> Iterator[tuple[str, Problem]]: ...

    def write(
        self, outcomes: Sequence[Outcome], shelf: Shelf, *, by: Any, source: str, tell: Tell
    ) -> list[Written]:
        """All of them, or none; raises RefusedAt. The caller has opened a transaction.

        ``tell(place)`` where it is done row by row.
        """
        ...

    def take_back(self, rows: Sequence[Written], *, by: Any, reason: str) -> None:
        """Undo, the last row first; raises RefusedAt."""
        ...


@dataclass(slots=True)
class Outcome:
    """What one row would do, as staff see it before anything is written."""

    row: SheetRow
    fate: RowFate
    subject: Subject | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def same_as(self, kept: Any) -> bool:
        """Whether it is what the kept row told staff."""
        return (self.fate, self.subject.target if self.subject else "", self.changes) == (
            kept.fate,
            kept.target,
            kept.changes,
        )


def parts_of(outcome: Outcome) -> tuple[Community, str, dict[str, list[str]]]:
    """Community, target and changes of a row about something that the register holds. Raises ValueError for another."""
    if outcome.subject is None or outcome.subject.community is None:
        raise ValueError(f"row {outcome.row.number} is about nothing that is there")
    return outcome.subject.community, outcome.subject.target, outcome.changes


def check_value(handler: Handler, target: str, revision: str, cells: Mapping[str, str]) -> str:
    """Keyed, so that nobody else can write it: which row, as of which revision, with which cells."""
    written = (f"{column.key}={_as_read(cells.get(column.key, ''))}" for column in handler.table.columns)
    text = "\x1f".join([EDITION, handler.sign, target, revision, *written])
    return salted_hmac("communities.imports", text, algorithm="sha256").hexdigest()


def marks_of(handler: Handler, subject: Subject) -> list[str]:
    revision = str(subject.revision)
    check = check_value(handler, subject.target, revision, subject.current)
    return [f"{handler.sign}{subject.target}", revision, check]


def compare(rows: Iterable[SheetRow], handler: Handler, shelf: Shelf) -> list[Outcome]:
    outcomes, seen = [], dict[str, int]()
    for row in rows:
        outcome = _compare_row(row, handler, shelf)
        for key in outcome.subject.keys if outcome.subject else ():
            first = seen.setdefault(key, row.number)
            if first != row.number:
                _object(outcome, WHOLE_ROW, problem(Code.TWICE, row=first))
                break
        outcomes.append(outcome)
    return outcomes


def _object(outcome: Outcome, column: str, found: Problem) -> None:
    outcome.problems.setdefault(column, []).append(found)
    outcome.fate = RowFate.ERROR


def _compare_row(row: SheetRow, handler: Handler, shelf: Shelf) -> Outcome:
    values, unclear = _read_cells(row, handler.table)
    outcome = Outcome(row, RowFate.SAME, values=values)
    try:
        outcome.subject = _marked(row, handler, shelf) or _found(values, unclear, handler, shelf)
    except Unfound as error:
        for key, found in {**unclear, error.column: error.problem}.items():
            _object(outcome, key, found)
        return outcome
    if row.mark(ROW_MARK) and _is_untouched(row, outcome.subject, handler):
        return outcome
    _note_changes(outcome, unclear, handler)
    if outcome.changes or outcome.problems:
        _judge(outcome, outcome.subject, handler, shelf)
    return outcome


def _judge(outcome: Outcome, subject: Subject, handler: Handler, shelf: Shelf) -> None:
    """What becomes of a row that asks for something."""
    if outcome.fate != RowFate.ERROR:
        outcome.fate = RowFate.CHANGE if subject.exists else RowFate.CREATE
    if _is_stale(outcome.row, subject, handler):
        outcome.problems.clear()
        _object(outcome, WHOLE_ROW, problem(Code.STALE))
        return
    for key, found in handler.objections(subject, outcome.changes, shelf):
        if key not in outcome.problems:
            _object(outcome, key, found)


def _read_cells(row: SheetRow, table: Table) -> tuple[dict[str, str], dict[str, Problem]]:
    values, unclear = dict[str, str](), dict[str, Problem]()
    for column in table.columns:
        if column.key not in row.cells:
            continue
        cell = row.cells[column.key]
        if text_of(cell).strip() == CLEAR:
            values[column.key] = CLEAR
            continue
        try:
            values[column.key] = column.read(cell)
        except Unclear as error:
            unclear[column.key] = error.problem
        else:
            if column.most and len(values[column.key]) > column.most:
                unclear[column.key] = problem(Code.TOO_LONG, most=column.most)
                del values[column.key]
    return values, unclear


def _marked(row: SheetRow, handler: Handler, shelf: Shelf) -> Subject | None:
    mark = row.mark(ROW_MARK)
    if not mark:
        return None
    if not mark.startswith(handler.sign):
        raise Unfound(WHOLE_ROW, problem(Code.OTHER_KIND))
    subject = handler.subject_of(mark.removeprefix(handler.sign), shelf)
    if subject is None:
        raise Unfound(WHOLE_ROW, problem(Code.GONE))
    return subject


def _found(
    values: Mapping[str, str], unclear: Mapping[str, Problem], handler: Handler, shelf: Shelf
) -> Subject:
    for column in handler.table.columns:
        if column.finds and column.key in unclear:
            raise Unfound(column.key, unclear[column.key])
    return handler.find(values, shelf)


def _note_changes(outcome: Outcome, unclear: Mapping[str, Problem], handler: Handler) -> None:
    """Cell by cell; what stands in the file as our own table would write it is never a change, nor a mistake."""
    subject, cells = outcome.subject, outcome.row.cells
    assert subject is not None  # noqa: S101 - for the type checker; the caller has set it
    for column in handler.table.columns:
        key, old = column.key, subject.current.get(column.key, "")
        if key not in cells or key in handler.aside or _as_read(text_of(cells[key])) == _as_read(old):
            continue
        if key in unclear:
            _object(outcome, key, unclear[key])
        else:
            _note_cell(outcome, column, old, handler)
    if outcome.changes and not subject.exists:
        _ask_for_what_is_needed(outcome, handler.table, handler.aside)


def _as_read(text: str) -> str:
    """A text as a file can hold it; browsers, workbooks and CSV end lines each in their own way."""
    return storable(text).replace("\r\n", "\n").replace("\r", "\n")


def _note_cell(outcome: Outcome, column: Column, old: str, handler: Handler) -> None:
    value, is_marked = outcome.values[column.key], bool(outcome.row.mark(ROW_MARK))
    if column.finds and not handler.may_change(column.key, is_marked=is_marked):
        if is_marked and value != old:
            _object(outcome, column.key, problem(Code.FIXED))
    elif found := _refusal(column, value, old, is_marked=is_marked):
        _object(outcome, column.key, found)
    elif (new := _wanted(value, old)) != old:
        outcome.changes[column.key] = [old, new]


def _refusal(column: Column, value: str, old: str, *, is_marked: bool) -> Problem | None:
    if value == CLEAR and column.keeps:
        return problem(Code.NOT_EMPTIED)
    if not value and old and is_marked:
        return problem(Code.EMPTIED, old=old)
    return None


def _wanted(value: str, old: str) -> str:
    """An empty cell asks for nothing."""
    return "" if value == CLEAR else value or old


def _ask_for_what_is_needed(outcome: Outcome, table: Table, aside: frozenset[str]) -> None:
    for column in table.columns:
        if (
            column.filled
            and not column.finds
            and column.key not in aside
            and column.key not in outcome.changes
        ):
            _object(outcome, column.key, problem(Code.REQUIRED))


def _is_untouched(row: SheetRow, subject: Subject, handler: Handler) -> bool:
    """A row of our own table as we wrote it asks for nothing, whatever has become of what it shows."""
    cells = {key: text_of(cell) for key, cell in row.cells.items()}
    return _is_marked_for(cells, row, subject, handler)


def _is_stale(row: SheetRow, subject: Subject, handler: Handler) -> bool:
    """Only our own tables say what they showed; without marks the platform's present value is what counts."""
    return bool(row.mark(ROW_MARK)) and not _is_marked_for(subject.current, row, subject, handler)


def _is_marked_for(cells: Mapping[str, str], row: SheetRow, subject: Subject, handler: Handler) -> bool:
    expected = check_value(handler, subject.target, row.mark(REVISION_MARK), cells)
    return constant_time_compare(row.mark(CHECK_MARK), expected)
