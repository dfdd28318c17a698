"""The rows of a table as staff read them: what each would change, and what is to be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from communities.enums import RowFate
from communities.importers.columns import table
from communities.importers.problems import sentence
from communities.models import ImportBatch, ImportRow

PAGE_SIZE = 50
ALL = "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row: what stands there, what would stand there, and what is to be mended."""

    title: str
    old: str
    new: str
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    row: ImportRow
    cells: list[Cell]
    problems: list[str]


def row_page(batch: ImportBatch, fate: str, number: str | None) -> Page[Line]:
    """Without a choice what needs a look: errors where there are any, else what would change."""
    rows = batch.rows.select_related("community").order_by("number")
    paginator = Paginator(rows.filter(fate__in=shown_fates(batch, fate)), PAGE_SIZE)
    page: Page[Any] = paginator.get_page(number)
    titles = {column.key: column.title for column in table(batch.kind).columns}
    page.object_list = [_line(row, titles) for row in page.object_list]
    return page


def shown_fates(batch: ImportBatch, fate: str) -> list[str]:
    if fate in RowFate.values:
        return [fate]
    if fate == ALL:
        return list(RowFate.values)
    if batch.error_count:
        return [RowFate.ERROR]
    return [RowFate.CREATE, RowFate.CHANGE]


def _line(row: ImportRow, titles: dict[str, str]) -> Line:
    keys = dict.fromkeys([*(key for key in row.problems if key), *row.changes])
    cells = []
    for key in keys:
        old, new = row.changes.get(key, ("", ""))
        cells.append(Cell(titles.get(key, key), old, new, _sentences(row.problems.get(key, ()))))
    return Line(row, cells, _sentences(row.problems.get("", ())))


def _sentences(problems: Iterable[list[Any]]) -> list[str]:
    return [sentence(one) for one in problems]


def file_problem(batch: ImportBatch) -> str:
    return sentence(batch.problem) if batch.problem else ""
