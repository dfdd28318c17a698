"""A workbook or CSV file becomes numbered rows of one kind: the head is found, titles are known by many names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communities.importers.columns import MARKS, TO_MEND, Table, folded
from communities.importers.problems import Code, Unclear
from core.xlsx import storable
from documents.sheets import Cell, Workbook, text_of

HEAD_WITHIN = 20  # rows: a table may begin with its name and who made it
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``number`` as Excel shows it; ``typed`` all cells as text; ``cells`` by the key of their column."""

    number: int
    typed: list[str]
    cells: dict[str, Cell]

    def mark(self, key: str) -> str:
        return text_of(self.cells.get(key)).strip()


@dataclass(frozen=True, slots=True)
class SheetTable:
    """``keys``: per column of the file, the key of ours, or "" for one that is not read."""

    titles: list[str]
    keys: list[str]
    rows: list[SheetRow]

    @property
    def unread(self) -> list[str]:
        return [
            title
            for title, key in zip(self.titles, self.keys, strict=True)
            if title and not key and title != TO_MEND
        ]


def find_table(book: Workbook, table: Table) -> SheetTable:
    """The first sheet with a head that this kind knows. Raises Unclear for a file without rows of that kind."""
    for rows in book.sheets.values():
        for place, row in enumerate(rows[:HEAD_WITHIN]):
            titles = [" ".join(storable(text_of(cell)).split()) for cell in row]
            keys = [table.by_title.get(folded(title), "") for title in titles]
            if _is_head(set(keys), table):
                return _read_rows(rows, place, titles, keys)
    needed = "、".join(column.title for column in table.columns if column.needed)
    raise Unclear(Code.NO_HEAD, titles=needed)


def _is_head(keys: set[str], table: Table) -> bool:
    """All that this kind needs; the number finds a community as well as its name does."""
    needed = {column.key for column in table.columns if column.needed}
    return needed <= keys or ("number" in keys and needed - {"community"} <= keys and len(keys - {""}) > 1)


def _read_rows(rows: Sequence[Sequence[Cell]], head: int, titles: list[str], keys: list[str]) -> SheetTable:
    for place, key in enumerate(keys):
        if key and key in keys[:place]:
            raise Unclear(Code.TITLE_TWICE, title=titles[place])
    found = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        typed = [storable(text_of(cell)) for cell in row[: len(titles)]]
        cells = {key: _storable(row[place]) for place, key in enumerate(keys) if key and place < len(row)}
        if any(text_of(cell).strip() for key, cell in cells.items() if key not in MARKS):
            found.append(SheetRow(number, typed, cells))
    if not found:
        raise Unclear(Code.NO_ROWS)
    if len(found) > MOST_ROWS:
        raise Unclear(Code.TOO_MANY_ROWS, most=MOST_ROWS)
    return SheetTable(titles, keys, found)


def _storable(cell: Cell) -> Cell:
    """A workbook can name signs (_x0000_) that no database keeps."""
    return storable(cell) if isinstance(cell, str) else cell
