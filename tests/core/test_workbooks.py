"""Sheets that are written row by row: heads, merged cells and looks as in sheets held in memory."""

import io

from openpyxl import load_workbook

from core.workbooks import StreamedSheet, new_workbook, to_bytes


def streamed(rows):
    book = new_workbook(streamed=True)
    StreamedSheet(book, "按地区", head=["省", "单位"], widths=[10, 5]).add_merged(rows)
    return load_workbook(io.BytesIO(to_bytes(book)))["按地区"]


def test_equal_values_of_the_first_column_are_one_cell() -> None:
    sheet = streamed([["北京市", 1], ["北京市", 2], ["上海市", 3]])
    assert [area.coord for area in sheet.merged_cells.ranges] == ["A2:A3"]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("省", "单位"),
        ("北京市", 1),
        (None, 2),
        ("上海市", 3),
    ]


def test_an_empty_table_has_its_head_and_repeats_it_in_print() -> None:
    sheet = streamed([])
    assert ([cell.value for cell in sheet[1]], sheet.print_title_rows) == (["省", "单位"], "$1:$1")


def test_every_cell_keeps_its_own_kind_whatever_stood_before_it() -> None:
    sheet = streamed([["=1+1", 5], ["北京市", "=2+2"], [None, None]])
    cells = [
        (cell.value, cell.data_type, cell.quotePrefix) for row in sheet.iter_rows(min_row=2) for cell in row
    ]
    assert cells == [
        ("=1+1", "s", True),
        (5, "n", False),
        ("北京市", "s", False),
        ("=2+2", "s", True),
        (None, "n", False),
        (None, "n", False),
    ]
