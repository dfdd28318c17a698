"""Tables of other programs: the old Excel (.xls) and OpenDocument (.ods), where a page takes them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from core.errors import Refused
from documents.sheets import Kind, Limits, read
from tests.documents.old_workbooks import FAR_CELL, TABLE

ALL = list(Kind)
HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


def ods(rows: str, *, before: str = "", **parts: str) -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}{HEAD}<office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content, compress_type=zipfile.ZIP_DEFLATED)
        for name, text in parts.items():
            package.writestr(name.replace("__", "/"), text)
    return target.getvalue()


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def text(value: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def empty(repeated: int = 1) -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'


NUMBER = (
    '<table:table-cell office:value-type="float" office:value="362"><text:p>362</text:p></table:table-cell>'
)
DAY = (
    '<table:table-cell office:value-type="date" office:date-value="2024-03-05"><text:p>5.3.24</text:p>'
    "</table:table-cell>"
)


def test_an_old_workbook_gives_values_and_the_result_of_its_formulas() -> None:
    book = read(TABLE, kinds=ALL)
    assert (book.kind, book.sheets) == (
        Kind.XLS,
        {
            "电子邮箱": [
                ["命名序号", "社区名称", "联系人电子邮箱", "日期", "真"],
                [362, "筼筜街道", "a@example.org", dt.date(2024, 3, 5), True],
                [],
                ["＝1", "多行\n二", "  两  空 ", 2024.5, False, None, 2],
            ]
        },
    )


def test_an_opendocument_table_gives_values_without_the_millions_of_empty_cells_behind_them() -> None:
    words = text('两<text:s text:c="2"/>空<text:line-break/>二 <text:span>=1+1</text:span>')
    content = ods(
        row(text("同", repeated=2), empty(2), NUMBER, empty(16_000))
        + row(empty(16_384), repeated=2)
        + row(DAY, words, repeated=2)
        + row(empty(16_384), repeated=1_048_000)
    )
    again = [dt.date(2024, 3, 5), "两  空\n二 =1+1"]
    book = read(content, kinds=ALL)
    assert (book.kind, book.sheets) == (
        Kind.ODS,
        {"表": [["同", "同", None, None, 362], [], [], again, again]},
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ods(row(text("a"), repeated=1_048_576)), "far_cell"),
        (ods(row(text("a", repeated=1_000_000_000))), "far_cell"),
        (ods(row(empty(), repeated=1_048_575) + row(text("a"), text("b"))), "far_cell"),
        (ods("", before='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "entities"),
        (ods("<table:table-row>"), "damaged"),
        (ods("", Basic__Standard__Module1="Sub x"), "macros"),
        (ods("", **{"META-INF__manifest.xml": "<manifest:encryption-data/>"}), "encrypted"),
        (ods(row(text("a")))[:-40], "damaged"),
        (TABLE[:2000], "damaged"),
        (TABLE + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros"),
        (FAR_CELL, "too_much"),
    ],
)
def test_what_is_hostile_in_them_is_refused_like_in_others(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content, kinds=ALL)
    assert refused.value.codes == [code]


def test_a_far_cell_of_an_old_workbook_is_named_where_there_is_memory_to_see_it() -> None:
    with pytest.raises(Refused) as refused:
        read(FAR_CELL, kinds=ALL, limits=Limits(memory=1200 * 2**20, seconds=10))
    assert refused.value.codes == ["far_cell"]


@pytest.mark.parametrize(("content", "code"), [(TABLE, "old_xls"), (ods(row(text("a"))), "not_a_workbook")])
def test_where_only_excel_is_taken_they_stay_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.codes == [code]
