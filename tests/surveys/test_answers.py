"""What a draft may hold, what may be handed in, and what is said about everything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Refused
from surveys import answers
from surveys.answers import clean_shape
from surveys.questionnaires import parse
from tests.factories import ANNEX_2

FORM = parse(ANNEX_2)
COMPLETE: dict[str, Any] = {
    "community_name": "北京市顺义区天竺镇",
    "first_certified": "2020",
    "recertified": [],
    "leader_name": "王负责",
    "leader_phone": "010-64000000",
    "leader_mobile": "13800000000",
    "contact_name": "李联络",
    "contact_phone": "010-64000001",
    "contact_mobile": "13800000001",
    "email": "lianluo@example.org",
    "address": "北京市顺义区天竺镇人民政府",
    "work_now": "组织机构健全。",
    "plan": "2025年申请复评。",
    "intends": "applies",
    "planned_year": 2025,
}


@pytest.fixture(autouse=True)
def february() -> Any:
    with clock.frozen("2024-02-21"):
        yield


def shape(question: str, raw: str | list[str]) -> Any:
    return clean_shape(FORM.by_id[question], raw)


def refused(question: str, raw: str | list[str]) -> str:
    with pytest.raises(Refused) as refusal:
        shape(question, raw)
    assert refusal.value.reasons[0].field == question
    return str(refusal.value)


def said(**changed: Any) -> dict[str | None, str]:
    """The problems of a complete form with these answers changed; None takes one away."""
    given = {key: value for key, value in {**COMPLETE, **changed}.items() if value is not None}
    return {reason.field: str(reason) for reason in answers.problems(FORM, given)}


@pytest.mark.parametrize(
    ("question", "raw", "stored"),
    [
        ("leader_mobile", "１３８００００００００", "13800000000"),
        ("leader_mobile", " 138 0000 0000 ", "13800000000"),
        ("leader_mobile", "138-0000－0000", "13800000000"),
        ("leader_mobile", "+86 138 0000 0000", "13800000000"),
        ("leader_mobile", "138 0000 000", "1380000000"),
        ("leader_mobile", "——", "——"),
        ("leader_phone", "０１０－６４４６　４５６５", "010-64464565"),
        ("leader_phone", "010-64464565 转 8012", "010-64464565转8012"),
        ("email", " Ｌianluo＠example.org ", "Lianluo@example.org"),
        ("first_certified", "2020", "2020"),
        ("first_certified", "2020年", "2020"),
        ("first_certified", "２０２０年５月", "2020-05"),
        ("first_certified", "2020.5", "2020-05"),
        ("first_certified", "2020/5/1", "2020-05-01"),
        ("first_certified", "2020-05-01", "2020-05-01"),
        ("first_certified", "2020年 5月 1日", "2020-05-01"),
        ("first_certified", "202005", "2020-05"),
        ("first_certified", "2024-02-29", "2024-02-29"),
        ("planned_year", "２０２５年", 2025),
        ("recertified", ["some", "2015", "", "2020年5月"], ["2015", "2020-05"]),
        ("recertified", ["none", ""], []),
        ("recertified", ["some", ""], None),
        ("intends", "applies", "applies"),
        ("needs", ["forum", "training"], ["training", "forum"]),
        ("needs", [], None),
        ("work_now", "  一、\r\n二、 ", "一、\n二、"),
        ("work_now", "   ", None),
    ],
)
def test_a_draft_keeps_what_is_meant(question: str, raw: Any, stored: Any) -> None:
    assert shape(question, raw) == stored


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://example.org")',
        "🎉👨‍👩‍👧",
        "𬭎",
        "\uf92c",
        "筼筜",
        "\u202eabc",
        "e\u0301",
    ],
)
def test_odd_text_is_stored_as_typed(text: str) -> None:
    assert shape("work_now", text) == text


@pytest.mark.parametrize(
    ("question", "raw", "sentence"),
    [
        ("work_now", "好\x00坏", "文字里有无法保存的字符（U+0000），请删去。"),
        ("work_now", "\ud800", "文字里有无法保存的字符（U+D800），请删去。"),
        ("work_now", "长" * 100_001, "最多能保存 100000 字，现在是 100001 字。"),
        ("first_certified", "前年", "请写成 2020、2020年5月 或 2020年5月1日，现在是“前年”。"),
        ("first_certified", "20", "请写成 2020、2020年5月 或 2020年5月1日，现在是“20”。"),
        ("first_certified", "2023-02-29", "没有这一天：2023-02-29。"),
        ("first_certified", "2023年13月", "没有这一天：2023年13月。"),
        ("planned_year", "25", "年份应为四位数字，例如 2025，现在是“25”。"),
        ("recertified", ["none", "2015"], "既选了“尚未复评”，又填了时间（2015）。请只留一种。"),
        ("intends", "maybe", "“maybe”不在选项里。"),
        ("needs", ["training", "party"], "“party”不在选项里。"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence(question: str, raw: Any, sentence: str) -> None:
    assert refused(question, raw) == sentence


def test_a_complete_form_has_no_problem() -> None:
    assert said() == {}


def test_an_empty_form_names_every_required_question_in_order() -> None:
    found = answers.problems(FORM, {})
    assert [reason.field for reason in found] == [
        question.id
        for question in FORM.questions
        if question.rules.required and question.id != "planned_year"
    ]
    assert {str(reason) for reason in found} == {"还没有填写。", "还没有选择。"}


@pytest.mark.parametrize(
    ("question", "value", "sentence"),
    [
        ("leader_mobile", "1380000000", "应为 11 位数字，现在是 10 位。"),
        ("leader_mobile", "12800000000", "手机号码以 13 至 19 开头，现在以 12 开头。"),
        ("leader_mobile", "没有", "手机号码只能是数字，现在是“没有”。"),
        ("leader_mobile", "-", "手机号码只能是数字，现在是“-”。"),
        ("leader_phone", "64", "请写带区号的电话，例如 010-64464565，现在是“64”。"),
        ("email", "lianluo＠", "电子邮箱的格式应为 name@example.com，现在是“lianluo＠”。"),
        ("leader_name", "长" * 51, "最多 50 字，现在是 51 字。"),
        ("work_now", "长" * 20_001, "最多 20000 字，现在是 20001 字。"),
        ("first_certified", "1899", "年份应在 1989 至 2099 之间，现在是 1899。"),
        ("first_certified", "2100", "年份应在 1989 至 2099 之间，现在是 2100。"),
        ("first_certified", "2024-03", "2024年3月还没有到。"),
        ("planned_year", 1899, "年份应在 2024 至 2040 之间，现在是 1899。"),
        ("planned_year", 2100, "年份应在 2024 至 2040 之间，现在是 2100。"),
        ("planned_year", None, "还没有填写年份。"),
        ("recertified", ["2019"], "复评时间（2019年）应晚于初次认证时间（2020年）。"),
        ("recertified", ["2023", "2021"], "2021年写在 2023年之后，请按先后顺序填写。"),
        ("recertified", ["2022", "2022"], "同一个时间写了两次。"),
        ("recertified", ["2100"], "年份应在 1989 至 2099 之间，现在是 2100。"),
    ],
)
def test_what_may_not_be_handed_in_is_said_with_what_was_found(
    question: str, value: Any, sentence: str
) -> None:
    assert said(**{question: value}) == {question: sentence}


@pytest.mark.parametrize(
    "number",
    [
        "010-64464565",
        "021-6478-1234",
        "01064464565",
        "0592-5350001",
        "64464565",
        "010-64464565转8012",
        "010-64464565-8012",
        "13800000000",
        "400-610-1234",
        "010-64464565、64464566",
        "(010)64464565",
    ],
)
def test_telephones_as_offices_write_them_pass(number: str) -> None:
    assert said(leader_phone=number) == {}


@pytest.mark.parametrize("renewals", [["2020"], ["2020-06"], ["2021", "2023-05-01"], ["2022", "2022-05"]])
def test_dates_that_may_be_in_order_pass(renewals: list[str]) -> None:
    """A year is an interval: 2020 may lie after 2020-05."""
    assert said(first_certified="2020-05", recertified=renewals) == {}


def test_the_leap_day_itself_is_not_in_the_future() -> None:
    with clock.frozen("2024-02-29"):
        assert said(first_certified="2024-02-29") == {}


def test_a_question_that_is_not_asked_is_neither_missed_nor_handed_in() -> None:
    given = {**COMPLETE, "intends": "undecided", "planned_year": 1899}
    assert answers.problems(FORM, given) == []
    assert "planned_year" not in answers.handed_in(FORM, given)
    assert answers.handed_in(FORM, COMPLETE)["planned_year"] == 2025


def test_progress_counts_what_is_asked_and_names_what_is_missing() -> None:
    empty = answers.progress(FORM, {})
    assert (empty.done, empty.total) == (0, 16)
    full = answers.progress(FORM, COMPLETE)
    assert (full.done, full.total, full.missing) == (15, 17, ())
    assert [section.ring for section in full.sections] == ["passed"] * 4 + ["draft", "draft"]


def test_a_prefilled_answer_counts_only_when_it_is_confirmed() -> None:
    waiting = answers.progress(FORM, COMPLETE, frozenset({"first_certified"}))
    assert waiting.done == 14
    assert [question.id for question in waiting.missing] == ["first_certified"]


@given(st.sampled_from(FORM.questions), st.lists(st.text(), max_size=3))
def test_whatever_is_sent_is_stored_or_refused_and_never_breaks(question: Any, raw: list[str]) -> None:
    try:
        value = clean_shape(question, raw)
    except Refused:
        return
    again = value if isinstance(value, list) else [str(value)]
    assert value is None or value == [] or clean_shape(question, again) == value
    answers.problems_of(question, value)
