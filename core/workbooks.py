"""Building blocks of every Excel file the office gets: typed cells, no live formula, heads that repeat in print."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.xlsx import escaped

FONT = "宋体"
HEAD = Font(name=FONT, bold=True, size=11)
BODY = Font(name=FONT, size=11)
TITLE = Font(name=FONT, bold=True, size=16)
THIN = Side(style="thin", color="FF8A857A")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL = PatternFill("solid", fgColor="FFEFF7F3")
WRAPPED = Alignment(vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


def put(cell: Cell, value: Any, *, number_format: str = "") -> Cell:
    """Write one typed value. Text stays text: what looks like a formula is shown, never run."""
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, dt.datetime):
        cell.value = value.replace(tzinfo=None)  # Excel knows no time zones; the caller gives Beijing time
        cell.number_format = number_format or "yyyy-mm-dd hh:mm"
    elif isinstance(value, dt.date):
        cell.value = value
        cell.number_format = number_format or "yyyy-mm-dd"
    else:
        cell.value = value
        if number_format:
            cell.number_format = number_format
    cell.font = BODY
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
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第&P页 共&N页"


def new_workbook() -> Workbook:
    """An empty workbook without the sheet that openpyxl adds."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


def to_bytes(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
