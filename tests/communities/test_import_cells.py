"""Cells as people fill them in: brought into one form, or refused with a sentence that says how to write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communities.importers import cells
from communities.importers.columns import table
from communities.importers.problems import Problem, Unclear
from communities.importers.tables import find_table
from core import clock
from documents.sheets import Kind, Workbook


@pytest.mark.parametrize(
    ("read", "typed", "kept"),
    [
        (cells.partial_date, "2024.3.5", "2024-03-05"),
        (cells.partial_date, "2024年3月", "2024-03"),
        (cells.partial_date, "２０２４／３／５", "2024-03-05"),
        (cells.partial_date, "20240305", "2024-03-05"),
        (cells.partial_date, "2024 年 3 月 5 日", "2024-03-05"),
        (cells.partial_date, 45356.0, "2024-03-05"),  # the serial number of that day
        (cells.partial_date, "45356", "2024-03-05"),
        (cells.partial_date, 2015.0, "2015"),
        (cells.partial_date, 2015.12, "2015-12"),
        (cells.partial_date, dt.date(2024, 3, 5), "2024-03-05"),
        (cells.partial_date, dt.datetime(2024, 3, 5, 10, 30), "2024-03-05"),
        (cells.partial_date, "—", ""),
        (cells.partial_dates, "2015年6月，2020.7.1\n2023", "2015-06、2020-07-01、2023"),
        (cells.mobile, " １３８ 0013 8000 ", "13800138000"),
        (cells.mobile, "+86-138-0013-8000", "13800138000"),
        (cells.mobile, 13800138000.0, "13800138000"),
        (cells.mobile, "13800138000.0", "13800138000"),
        (cells.mobile, "1.3812349689E+10", "13812349689"),
        (cells.mobile, "+852 9123 4567", "+85291234567"),
        (cells.mobile, "无", ""),
        (cells.phone, "０１０－６４４６４５６５", "010-64464565"),
        (cells.phone, "0592-2022222转12 / 0592-2022223", "0592-2022222转12、0592-2022223"),
        (cells.email, " Lian luo＠example.org；", "Lianluo@example.org"),
        (cells.email, "mailto:a@example.org", "a@example.org"),
        (cells.whole_number, "第３６２号", "362"),
        (cells.whole_number, 362.0, "362"),
        (cells.name, "王　小 明\u200b", "王小明"),
        (cells.name, "Li  Na", "Li Na"),
        (cells.text, "\ufeff 湖滨南路\n1 号 ", "湖滨南路 1 号"),
        (cells.text, None, ""),
    ],
)
def test_what_people_write_is_brought_into_one_form(read, typed, kept):
    with clock.frozen("2024-06-01"):
        assert read(typed) == kept


@pytest.mark.parametrize(
    ("read", "typed", "sentence"),
    [
        (cells.partial_date, "24.3.5", "“24.3.5”不是日期。请写成 2024-03-05、2024-03 或 2024。"),
        (cells.partial_date, "2024-02-30", "“2024-02-30”不是日期。请写成 2024-03-05、2024-03 或 2024。"),
        (cells.partial_date, "2024-07", "“2024-07”早于 1989 年，或者还没有到。"),
        (
            cells.partial_date,
            2024.1,
            "“2024.1”可能是 1 月，也可能是 10 月：Excel 会去掉末尾的零。请连年份写成 2024-01 或 2024-10。",
        ),
        (cells.mobile, "12345", "“12345”不是手机号：应为 1 开头的 11 位数字。"),
        (
            cells.mobile,
            "1.38E+10",
            "Excel 把这个号码缩成了“1.38E+10”，数字已经丢失。请把单元格设为文本格式，重新输入号码。",
        ),
        (cells.phone, "打总机", "“打总机”不是电话号码。请写成 010-64464565。"),
        (cells.email, "a@b", "“a@b”不是电子邮箱地址。请写成 name@example.org。"),
        (cells.email, "a@example.org，b@example.org", "只能写一个电子邮箱地址。"),
        (cells.whole_number, "三百", "“三百”不是整数。请用数字填写，例如 362。"),
        (cells.one_of({"联系人": "联系人"}), "秘书", "“秘书”不在选项里。请从中选一项：联系人。"),
    ],
)
def test_what_is_not_understood_gets_a_sentence_that_says_how_to_write_it(read, typed, sentence):
    with clock.frozen("2024-06-01"), pytest.raises(Unclear) as unclear:
        read(typed)
    assert str(unclear.value.problem) == sentence


READERS = (
    cells.text,
    cells.long_text,
    cells.name,
    cells.whole_number,
    cells.mobile,
    cells.phone,
    cells.email,
    cells.partial_date,
    cells.partial_dates,
)
ANYTHING = st.one_of(
    st.none(), st.text(), st.text("0123456789.-/年月日、+E @a"), st.floats(), st.integers(), st.booleans(),
    st.dates(), st.datetimes(), st.times(),
)  # fmt: skip


def answer(read: cells.Reader, typed: object) -> str | Problem:
    try:
        return read(typed)
    except Unclear as unclear:
        return unclear.problem


@settings(max_examples=200)
@given(typed=ANYTHING, read=st.sampled_from(READERS))
def test_whatever_stands_in_a_cell_is_understood_for_good_or_answered_with_a_sentence(typed, read):
    kept = answer(read, typed)
    if isinstance(kept, Problem):
        assert str(kept)
    else:
        assert read(kept) == kept


# --- Heads --------------------------------------------------------------------------------------------------


def book(*rows: list, name: str = "表") -> Workbook:
    return Workbook(Kind.XLSX, {"说明": [["请填写"]], name: list(rows)})


def test_the_head_is_found_below_a_title_and_by_other_words():
    found = find_table(
        book(
            ["福建省安全社区邮箱"],
            [],
            ["*单位名称（必填）", "E-mail", "负责人备注", "需要修改"],
            ["筼筜街道", "a@example.org", "x"],
            [None, None, "只有备注"],
            ["中华街道"],
        ),
        table("emails"),
    )
    assert [(row.number, row.cells["community"]) for row in found.rows] == [(4, "筼筜街道"), (6, "中华街道")]
    assert (found.keys, found.unread) == (["community", "email", "", ""], ["负责人备注"])


def test_signs_that_no_database_keeps_fall_away():
    found = find_table(book(["社区名称", "邮箱"], ["筼筜\x00街\ud800道", "a"]), table("emails"))
    assert found.rows[0].typed == ["筼筜街道", "a"]
    assert found.rows[0].cells["community"] == "筼筜街道"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["社区", "电话"], ["筼筜街道", "1"]], "no_head"),
        ([["社区名称", "邮箱", "电子邮箱"], ["筼筜街道"]], "title_twice"),
        ([["社区名称", "邮箱"]], "no_rows"),
        ([["社区名称", "邮箱"], *([["x", "y"]] * 20_001)], "too_many_rows"),
    ],
)
def test_a_table_without_rows_of_its_kind_is_refused_as_a_whole(rows, code):
    with pytest.raises(Unclear) as unclear:
        find_table(book(*rows), table("emails"))
    assert unclear.value.problem.code == code
