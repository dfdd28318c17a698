"""Building blocks of every Excel file the office gets: typed cells, no live formula, heads that repeat in print."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.xlsx import escaped

FONT = "宋体"
HEAD = Font(name=FONT, bold=True, size=11)
BODY = Font(name=FONT, size=11)
TITLE = Font(name=FONT, bold=True, size=16)
THIN = Side(style="thin", color="FF8A857A")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL = PatternFill("solid", fgColor="FFEFF7F3")
WRONG_FILL = PatternFill("solid", fgColor="FFF8CBC6")
WRAPPED = Alignment(vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


# What the cells of a streamed sheet can look like.
LOOKS: dict[str, dict[str, Any]] = {
    "head": {"font": HEAD, "fill": HEAD_FILL, "alignment": CENTRED, "border": GRID},
    "body": {"font": BODY, "alignment": WRAPPED, "border": GRID},
    "centred": {"font": BODY, "alignment": CENTRED, "border": GRID},
    "total": {"font": HEAD, "border": GRID},
    "note": {"font": BODY},
    # Typed by hand and never counted with: numbers of telephones and of people keep every sign.
    "typed": {"font": BODY, "alignment": WRAPPED, "border": GRID, "number_format": "@"},
    "wrong": {"font": BODY, "fill": WRONG_FILL, "alignment": WRAPPED, "border": GRID, "number_format": "@"},
}


def put(cell: Cell, value: Any) -> Cell:
    """Write one typed value. Text stays text: what looks like a formula is shown, never run."""
    _fill(cell, value)
    cell.quotePrefix = _is_quoted(value)
    cell.font = BODY
    return cell


def _fill(cell: Cell, value: Any) -> None:
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    elif isinstance(value, dt.datetime):
        cell.value = value.replace(tzinfo=None)  # Excel knows no time zones; the caller gives Beijing time
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, dt.date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value


def _is_quoted(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("=", "+", "-", "@"))


class StreamedSheet:
    """A sheet written row by row into a file: its size is no question of memory.

    One cell for each look is filled again and again, because a style made for each cell is most of the time that a
    workbook takes. ``widths`` in characters, ``hidden`` columns counted from 1. The first row is the head; it
    repeats in print.
    """

    def __init__(
        self,
        book: Workbook,
        title: str,
        *,
        head: Sequence[str],
        widths: Sequence[float],
        freeze: str = "A2",
        is_landscape: bool = False,
        hidden: Collection[int] = (),
    ) -> None:
        self.sheet = book.create_sheet(title)
        self._cells: dict[tuple[str, type, bool], WriteOnlyCell] = {}
        self._written = 0
        # All of this stands in the file before the first row.
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        for column in hidden:
            self.sheet.column_dimensions[get_column_letter(column)].hidden = True
        self.sheet.print_title_rows = "1:1"
        self.sheet.freeze_panes = freeze
        if is_landscape:
            landscape(self.sheet)
        self.add_row(head, "head")

    def add_row(self, values: Iterable[Any], look: str = "body", *, first_look: str = "") -> None:
        looks = chain([first_look or look], repeat(look))
        self.sheet.append(self._cell(value, one) for value, one in zip(values, looks, strict=False))
        self._written += 1

    def add_marked(
        self,
        values: Sequence[Any],
        look: str,
        *,
        marked: Collection[int],
        mark: str = "wrong",
        height: float | None = None,
    ) -> None:
        """A row of which some cells look otherwise; ``marked`` are their places, counted from 0; height in points."""
        self._written += 1
        if height:
            self.sheet.row_dimensions[self._written].height = height
        self.sheet.append(
            self._cell(value, mark if place in marked else look) for place, value in enumerate(values)
        )

    def offer(self, column: int, source: str, *, last_row: int) -> None:
        """A drop-down below the head; ``source`` is where its choices stand, ``'选项'!$A$1:$A$7``."""
        letter = get_column_letter(column)
        choice = DataValidation(type="list", formula1=f"={source}", allow_blank=True)
        choice.add(f"{letter}2:{letter}{last_row}")
        self.sheet.data_validations.append(choice)

    def add_merged(self, rows: Sequence[Sequence[Any]]) -> None:
        """Rows in which equal values of the first column are one cell, as in the printed list."""
        for _value, run in groupby(rows, key=itemgetter(0)):
            group = list(run)
            self.add_row(group[0], first_look="centred")
            first = self._written
            for row in group[1:]:
                self.add_row([None, *row[1:]])
            if len(group) > 1:
                self.sheet.merged_cells.add(f"A{first}:A{self._written}")

    def _cell(self, value: Any, look: str) -> WriteOnlyCell:
        key = (look, type(value), _is_quoted(value))
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = WriteOnlyCell(self.sheet)
            for name, style in LOOKS[look].items():
                setattr(cell, name, style)
            cell.quotePrefix = _is_quoted(value)
        _fill(cell, value)
        return cell


def add_table(
    sheet: Worksheet,
    *,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[float] = (),
    at: int = 1,
) -> int:
    """Write a head and its rows from sheet row ``at``; returns the last row written. The head repeats in print."""
    for column, label in enumerate(head, start=1):
        cell = put(sheet.cell(at, column), label)
        cell.font, cell.fill, cell.alignment, cell.border = HEAD, HEAD_FILL, CENTRED, GRID
    last = at
    for last, values in enumerate(rows, start=at + 1):
        for column, value in enumerate(values, start=1):
            cell = put(sheet.cell(last, column), value)
            cell.alignment, cell.border = WRAPPED, GRID
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.print_title_rows = f"{at}:{at}"
    sheet.freeze_panes = sheet.cell(at + 1, 1)
    return last


def merge_equal(sheet: Worksheet, *, columns: Sequence[int], first: int, last: int) -> None:
    """Merge cells down while the value stays the same, as the printed list does.

    ``columns`` go from the widest to the narrowest: a merge in a later one never crosses a change in an earlier one.
    """
    keys: list[tuple[Any, ...]] = [
        tuple(sheet.cell(row, column).value for column in columns) for row in range(first, last + 1)
    ]
    for place, column in enumerate(columns):
        start = 0
        for index in range(1, len(keys) + 1):
            if index < len(keys) and keys[index][: place + 1] == keys[start][: place + 1]:
                continue
            if index - start > 1:
                sheet.merge_cells(
                    start_row=first + start, end_row=first + index - 1, start_column=column, end_column=column
                )
            sheet.cell(first + start, column).alignment = CENTRED
            start = index


def landscape(sheet: Worksheet) -> None:
    """A4 across, as wide as the page, with page numbers."""
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第&P页 共&N页"


def new_workbook(*, streamed: bool = False) -> Workbook:
    """An empty workbook without the sheet that openpyxl adds."""
    if streamed:
        return Workbook(write_only=True)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


def to_bytes(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def as_text(sheet: Any, value: str) -> WriteOnlyCell:
    """A plain cell of a streamed sheet whose text is shown, never run."""
    cell = WriteOnlyCell(sheet)
    _fill(cell, value)
    cell.quotePrefix = _is_quoted(value)
    return cell
