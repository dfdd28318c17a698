"""The rows of a table as staff read them: what each would change, and what is to be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from communities.enums import RowFate
from communities.importers.columns import Table, folded, table
from communities.importers.problems import sentence
from communities.models import ImportBatch, ImportRow

PAGE_SIZE = 50
ALL = "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row: what stands there, what would stand there, and what is to be mended.

    ``typed``: as it came; of what is no change nobody can say more.
    """

    title: str
    typed: str
    old: str
    new: str
    problems: list[str]

    @property
    def is_change(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class Line:
    row: ImportRow
    cells: list[Cell]
    problems: list[str]


def row_page(batch: ImportBatch, fate: str, number: str | None) -> Page[Line]:
    """Without a choice what needs a look: errors where there are any, else what would change."""
    rows = batch.rows.order_by("number")
    paginator = Paginator(rows.filter(fate__in=shown_fates(batch, fate)), PAGE_SIZE)
    page: Page[Any] = paginator.get_page(number)
    known = table(batch.kind)
    places = {known.by_title.get(folded(title), ""): place for place, title in enumerate(batch.titles)}
    page.object_list = [_line(row, known, places) for row in page.object_list]
    return page


def shown_fates(batch: ImportBatch, fate: str) -> list[str]:
    if fate in RowFate.values:
        return [fate]
    if fate == ALL:
        return list(RowFate.values)
    if batch.error_count:
        return [RowFate.ERROR]
    return [RowFate.CREATE, RowFate.CHANGE]


def _line(row: ImportRow, known: Table, places: Mapping[str, int]) -> Line:
    cells = []
    concerned = (row.problems.keys() | row.changes.keys()) - {""}
    for key in sorted(concerned, key=list(known.by_key).index):
        old, new = row.changes.get(key, ("", ""))
        place = places.get(key, len(row.cells))
        typed = row.cells[place] if place < len(row.cells) else ""
        cells.append(Cell(known.by_key[key].title, typed, old, new, _sentences(row.problems.get(key, ()))))
    return Line(row, cells, _sentences(row.problems.get("", ())))


def _sentences(problems: Iterable[list[Any]]) -> list[str]:
    return [sentence(one) for one in problems]


def file_problem(batch: ImportBatch) -> str:
    return sentence(batch.problem) if batch.problem else ""
