"""The questionnaire in Excel: what stands in it, and that it comes back as it went out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from surveys.answers import clean_shape
from surveys.models import Answer, Response
from surveys.workbooks.lines import ANSWER, FORM_SHEET, HEAD_ROW, HINT, KEY, STILL_TRUE, lines_of, raw_of
from tests.surveys.excel import (
    FORM,
    a_response,
    apply,
    asked_in_full,
    compared,
    download,
    filled,
    found,
    opened,
    received,
    returned,
    row_of,
    rows_of,
    values,
)
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import fill_in


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    return asked_in_full(community)


def test_answers_stand_in_rows_as_people_write_them(response, li) -> None:
    fill_in(response, li)
    sheet = opened(download(response))[FORM_SHEET]
    assert [cell.value for cell in sheet[HEAD_ROW]][:5] == ["部分", "问题", "填写说明", "填写内容", "仍属实"]
    rows = range(HEAD_ROW + 1, sheet.max_row + 1)
    assert {sheet.cell(row, KEY).value: sheet.cell(row, ANSWER).value for row in rows} == {
        **{name: value for name, value in ANSWERS.items() if name != "needs"},
        "first_certified": "2020年",
        "recertified": "尚未复评",
        "intends": "打算申请",
        "planned_year": "2025年",
        "needs:training": "√",
        "needs:study_visit": None,
        "needs:exchange": "√",
        "needs:discussion": None,
        "needs:forum": None,
    }


def test_only_answers_can_be_written_and_they_are_text(response) -> None:
    book = opened(download(response))
    sheet = book[FORM_SHEET]
    unlocked = {cell for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert {cell.column for cell in unlocked} == {ANSWER, STILL_TRUE}
    assert {cell.number_format for cell in unlocked} == {"@"}
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert [sheet.column_dimensions[column].hidden for column in "EFG"] == [False, True, True]
    assert [(one.title, one.sheet_state) for one in book] == [
        ("调查表", "visible"),
        ("选项", "hidden"),
        ("校验", "hidden"),
    ]


def test_what_the_register_filled_in_can_be_ticked_as_still_true(response) -> None:
    sheet = opened(download(response))[FORM_SHEET]
    rows = range(HEAD_ROW + 1, sheet.max_row + 1)
    asked = [sheet.cell(row, KEY).value for row in rows if not sheet.cell(row, STILL_TRUE).protection.locked]
    assert asked == [row.question for row in response.answers.order_by("pk") if not row.confirmed]
    hint = sheet.cell(row_of(sheet, "first_certified"), HINT).value
    assert hint == "必填。只记得年份也可以\n来源：附件1 名单第118行，命名序号 362"


def test_choices_are_offered_as_lists(response) -> None:
    book = opened(download(response))
    sheet, lists = book[FORM_SHEET], book["选项"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        options = [cell.value for (cell,) in lists[rule.formula1.partition("!")[2].replace("$", "")]]
        offered |= {cell: options for cells in rule.sqref.ranges for row in cells.rows for cell in row}
    assert offered[row_of(sheet, "intends"), ANSWER] == ["打算申请", "不打算申请", "还没有决定"]
    assert offered[row_of(sheet, "needs:forum"), ANSWER] == ["√"]
    assert offered[row_of(sheet, "first_certified"), STILL_TRUE] == ["√"]


def test_a_returned_form_opens_only_what_was_remarked_on(response, li, office) -> None:
    fill_in(response, li)
    returned(response, "plan", "请写明牵头部门。", office)
    sheet = opened(download(response))[FORM_SHEET]
    rows = range(HEAD_ROW + 1, sheet.max_row + 1)
    assert [sheet.cell(row, KEY).value for row in rows if not sheet.cell(row, ANSWER).protection.locked] == [
        "plan"
    ]
    assert "退回意见：请写明牵头部门。" in sheet.cell(row_of(sheet, "plan"), HINT).value


# --- Out and back -------------------------------------------------------------------------------------------

HOSTILE = {
    "community_name": "=1+1",
    "leader_name": "＝1+1",
    "contact_name": "+86 10",
    "address": "@SUM(A1)",
    "work_now": '-1\n=HYPERLINK("x")\t＋－＠\n_x000D_ <b>&amp;</b>',
    "plan": "；=1 筼筜 𬭎 𠮷 _x005F_",
    "suggestions": "'=1",
}


def test_no_text_becomes_a_formula_and_every_one_comes_back(response, li) -> None:
    fill_in(response, li, **HOSTILE)
    content = download(response)
    cells = [cell for line in opened(content)[FORM_SHEET].iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert found(response, received(response, content, li)) == []


@given(text=st.text(min_size=1, max_size=40))
def test_what_a_cell_cannot_hold_is_shown_but_never_read_back(text: str) -> None:
    """Without a key its remains are not taken for a change."""
    rows = {"work_now": Answer(question="work_now", value=text)}
    lines = {line.question.id: line for line in lines_of(a_response(), FORM, rows, {})}
    line = lines["work_now"]
    assert not line.key or clean_shape(line.question, raw_of(line.question, {line.key: line.text})) == text


def test_what_is_too_long_for_a_cell_is_left_to_the_page() -> None:
    assert compared({}, then=rows_of(ANSWERS | {"work_now": "长" * 32_767})) == []
    assert compared({}, then=rows_of(ANSWERS | {"work_now": "长" * 32_768})) == []
    lines = list(lines_of(a_response(), FORM, rows_of({"work_now": "长" * 32_768}), {}))
    assert [(line.question.id, line.hint) for line in lines if not line.key] == [
        ("work_now", "这项内容 Excel 里放不下，请在网页上修改。")
    ]


def test_an_office_writes_in_its_own_way(response, li) -> None:
    """Numbers, dates, its own ticks and words; empty cells empty."""
    fill_in(response, li)
    cells = {
        "first_certified": "2020.5",
        "recertified": "2015年6月、2020",
        "leader_mobile": 13911112222,
        "planned_year": 2026.0,
        "intends": "还没有决定",
        "needs:training": None,
        "needs:forum": "✓",
        "suggestions": None,
        "plan": " 新计划。 ",
    }
    stored = received(response, filled(download(response), cells), li)
    names = [name for name in ANSWERS if name in cells or name == "needs"]
    assert apply(response, stored, li, *names).saved == tuple(names)
    assert values(response) == {
        **{name: value for name, value in ANSWERS.items() if name != "suggestions"},
        "first_certified": "2020-05",
        "recertified": ["2015-06", "2020"],
        "leader_mobile": "13911112222",
        "planned_year": 2026,
        "intends": "undecided",
        "needs": ["exchange", "forum"],
        "plan": "新计划。",
    }
