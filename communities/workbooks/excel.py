"""The register as an Excel workbook."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from communities.enums import THREE_TYPES, CommunityType, Status
from communities.models import RegisterEntry
from communities.workbooks.columns import OFFICIAL, Value, columns, official_columns, status_of
from core.csv_lines import guarded
from core.dates import format_date
from core.xlsx import storable

PROVINCE, CITY = 2, 3  # merged columns, counted from 1
HEAD_ROW = 1
HEAD, NUMBER, TEXT = "register head", "register number", "register text"


def register_workbook(entries: Sequence[RegisterEntry], *, as_of: date, filters: str = "") -> bytes:
    """Two sheets: the list, and a check sheet whose counts are made from the same rows."""
    book = Workbook()
    for style in _styles():
        book.add_named_style(style)
    sheet = book.active
    with translation.override(OFFICIAL):
        sheet.title = "名录"
        _write_list(sheet, entries)
        _write_check(book.create_sheet("核对"), entries, as_of, filters)
    book.properties.creator = "中国职业安全健康协会"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_list(sheet: Worksheet, entries: Sequence[RegisterEntry]) -> None:
    shown = columns()
    for index, column in enumerate(shown, start=1):
        sheet.cell(row=HEAD_ROW, column=index, value=column.head).style = HEAD
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    hidden = _merge(sheet, entries, PROVINCE, lambda entry: entry.community.province_name)
    hidden |= _merge(
        sheet, entries, CITY, lambda entry: (entry.community.province_name, entry.community.city_name)
    )
    for row, entry in enumerate(entries, start=HEAD_ROW + 1):
        for index, column in enumerate(shown, start=1):
            _write_cell(sheet, row, index, None if (row, index) in hidden else column.value(entry))
    _set_up_page(sheet)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    """Numbers as numbers, everything else as text, never as a formula."""
    cell = sheet.cell(row=row, column=column)
    cell.style = NUMBER if isinstance(value, int) else TEXT
    if value in (None, ""):
        return
    if isinstance(value, str):
        cell.value, cell.data_type = guarded(storable(value)), "s"
    else:
        cell.value = value


def _merge(
    sheet: Worksheet, entries: Sequence[RegisterEntry], column: int, key: Callable[[RegisterEntry], object]
) -> set[tuple[int, int]]:
    """One cell for each run of equal values; it ends where the value changes. Returns the cells it covers."""
    row, hidden = HEAD_ROW + 1, set()
    letter = get_column_letter(column)
    for _value, run in groupby(entries, key):
        length = len(list(run))
        if length > 1:
            # Not merge_cells, which takes milliseconds for each area to copy its borders around.
            sheet.merged_cells.add(f"{letter}{row}:{letter}{row + length - 1}")
            hidden |= {(below, column) for below in range(row + 1, row + length)}
        row += length
    return hidden


def _styles() -> list[NamedStyle]:
    """Named once and shared by all cells: a style made for each cell is most of the time a workbook takes."""
    line = Side(style="thin", color="999999")
    box = Border(left=line, right=line, top=line, bottom=line)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return [
        NamedStyle(HEAD, font=Font(bold=True), border=box, alignment=centre),
        NamedStyle(NUMBER, border=box, alignment=centre),
        NamedStyle(TEXT, border=box, alignment=Alignment(vertical="center"), number_format="@"),
    ]


def _set_up_page(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"A{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # On paper it is the annex: six columns; the rest stays on the screen.
    sheet.print_area = f"A1:{get_column_letter(len(official_columns()))}{sheet.max_row}"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


def _write_check(sheet: Worksheet, entries: Sequence[RegisterEntry], as_of: date, filters: str) -> None:
    provinces = Counter(entry.community.province_name for entry in entries)
    years = Counter(entry.first_year for entry in entries)
    statuses = Counter(str(Status(status_of(entry)).label) for entry in entries)
    types = Counter(CommunityType(entry.community.type) for entry in entries)
    of_three: Counter[str] = Counter()
    for kind, count in types.items():
        of_three[str(THREE_TYPES[kind])] += count
    rows: list[tuple[Value, Value]] = [
        (_("Rows as of"), format_date(as_of, OFFICIAL)),
        (_("Filters"), filters or _("none")),
        (_("Rows"), len(entries)),
        (None, None),
        (_("Province"), _("Rows")),
        *provinces.most_common(),
        (None, None),
        (_("Year of naming"), _("Rows")),
        *((year, years[year]) for year in sorted(years, key=lambda year: year or 0)),
        (None, None),
        (_("Status"), _("Rows")),
        *statuses.most_common(),
        (None, None),
        (_("Type, in four groups"), _("Rows")),
        *((str(kind.label), types[kind]) for kind in CommunityType),
        (None, None),
        (_("Type, in the three groups of Ankang"), _("Rows")),
        *((label, of_three[label]) for label in dict.fromkeys(map(str, THREE_TYPES.values()))),
    ]
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            if value is not None:
                _write_cell(sheet, row, column, value)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 24
