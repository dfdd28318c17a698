"""A questionnaire comes back in Excel: each change shown, only the accepted ones written, nobody overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from documents.models import StoredFile
from documents.sheets import Workbook
from surveys.enums import Origin, Stage
from surveys.models import Remark, Response
from surveys.services import workbooks as services
from surveys.services.workbooks import Applied
from surveys.workbooks.lines import FORM_SHEET, HEAD_ROW, KEY, SEAL_SHEET, TOKEN
from surveys.workbooks.reading import read_back
from tests.surveys.excel import (
    CODE,
    FORM,
    REFERENCE,
    apply,
    asked_in_full,
    compared,
    download,
    filled,
    read_rows,
    reasons,
    received,
    rows_of,
    shown,
    told,
    values,
)
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import fill_in, named, write

STALE = "下载之后有人在平台上改过这一项，以平台上的内容为准。"


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    return asked_in_full(community)


# --- What it would change -----------------------------------------------------------------------------------


def test_untouched_it_changes_nothing() -> None:
    assert compared({}) == []


def test_each_cell_that_says_something_else_is_shown_with_both() -> None:
    assert told(compared({"plan": "2026年申请。", "suggestions": "", "needs:forum": "√"})) == {
        "plan": ("changed", ANSWERS["plan"], "2026年申请。"),
        "suggestions": ("emptied", ANSWERS["suggestions"], ""),
        "needs": ("changed", "培训　交流", "培训　交流　专项论坛"),
    }


def test_an_empty_cell_that_was_empty_says_nothing() -> None:
    before = {name: value for name, value in ANSWERS.items() if name != "plan"}
    assert compared({}, then=rows_of(before), now=rows_of(ANSWERS)) == []


@pytest.mark.parametrize(
    ("key", "text", "new", "sentence"),
    [
        ("first_certified", "去年", "去年", "请写成 2020、2020年5月 或 2020年5月1日，现在是“去年”。"),
        ("recertified", "无、2020", "无、2020", "既选了“尚未复评”，又填了时间（2020）。请只留一种。"),
        ("intends", "也许", "也许", "“也许”不在选项里。"),
        ("needs:forum", "一次", "培训、交流、专项论坛：一次", "“一次”不在选项里。"),
        ("plan", "a\x7f", "a\x7f", "文字里有无法保存的字符（U+007F），请删去。"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_the_words_of_the_page(key, text, new, sentence) -> None:
    differences = compared({key: text})
    assert [(one.fate, one.new) for one in differences] == [("refused", new)]
    assert reasons(differences) == {key.partition(":")[0]: [sentence]}


def test_a_rule_that_counts_only_at_submission_is_advice() -> None:
    differences = compared({"leader_mobile": "1380000", "planned_year": "2023"})
    assert told(differences) == {
        "leader_mobile": ("changed", "13800000000", "1380000"),
        "planned_year": ("changed", "2025年", "2023年"),
    }
    assert reasons(differences) == {
        "leader_mobile": ["应为 11 位数字，现在是 7 位。"],
        "planned_year": [
            "年份应在 2024 至 2040 之间，现在是 2023。",
            "本次是2024年的调查，2023年已经过去，请看看计划是否要改。",
        ],
    }


def test_what_somebody_changed_meanwhile_is_refused_and_shown_with_both() -> None:
    now = rows_of(ANSWERS | {"plan": "网页上写的。"}, revision=2)
    differences = compared({"plan": "表格里写的。"}, now=now)
    assert told(differences) == {"plan": ("refused", "网页上写的。", "表格里写的。")}
    assert reasons(differences) == {"plan": [STALE]}


def test_what_somebody_emptied_meanwhile_is_not_filled_again() -> None:
    differences = compared({"plan": "表格里写的。"}, now=rows_of(ANSWERS | {"plan": None}, revision=2))
    assert (told(differences), reasons(differences)) == (
        {"plan": ("refused", "", "表格里写的。")},
        {"plan": [STALE]},
    )


def test_two_who_wrote_the_same_do_not_clash() -> None:
    now = rows_of(ANSWERS | {"plan": "一样的话。"}, revision=2)
    assert compared({"plan": "一样的话。"}, now=now) == []


def test_a_confirmation_meanwhile_is_no_change_of_the_answer() -> None:
    then = rows_of(ANSWERS, confirmed=False)
    now = rows_of(ANSWERS, revision=2)
    assert told(compared({"plan": "新计划。"}, then=then, now=now)) == {
        "plan": ("changed", ANSWERS["plan"], "新计划。")
    }


def test_in_a_returned_form_only_what_was_remarked_on_can_change() -> None:
    differences = compared(
        {"plan": "改好的计划。", "address": "新地址"}, remarks={"plan": Remark(text="请补充。")}
    )
    assert {one.question.id: one.is_open for one in differences} == {"address": False, "plan": True}
    assert reasons(differences) == {"address": ["这一项没有退回，只能修改有意见的内容。"], "plan": []}


def test_a_tick_confirms_what_was_filled_in_beforehand_and_still_stands() -> None:
    then = rows_of(ANSWERS, confirmed=False)
    now = then | rows_of({"address": "网页上的地址"}, revision=2)
    differences = compared(
        {"plan": "新计划。"}, then=then, now=now, ticked=["community_name", "address", "plan"]
    )
    assert {one.question.id: one.fate.value for one in differences} == {
        "community_name": "confirmed",
        "plan": "changed",
    }


# --- What somebody accepted ---------------------------------------------------------------------------------


def test_only_what_is_ticked_is_written_and_the_trail_says_what(response, li) -> None:
    fill_in(response, li)
    stored = received(response, filled(download(response), {"plan": "新计划。", "address": "新地址"}), li)
    assert values(response) == ANSWERS
    assert apply(response, stored, li, "plan") == Applied(saved=("plan",), overtaken=())
    assert values(response) == ANSWERS | {"plan": "新计划。"}
    trail = AuditEntry.objects.filter(action__startswith="workbook").order_by("pk")
    assert list(trail.values_list("action", "target_id", "changes")) == [
        ("workbook.upload", str(response.pk), {"sha256": stored.sha256, "size": stored.size}),
        ("workbook.apply", str(response.pk), {"sha256": stored.sha256, "questions": ["plan"]}),
    ]


def test_twice_is_harmless(response, li) -> None:
    fill_in(response, li)
    stored = received(response, filled(download(response), {"plan": "新计划。"}), li)
    seen = shown(response, "plan")
    for saved_now in (("plan",), ()):
        done = services.apply_workbook(response=response, stored=stored, accepted=seen, by=li)
        assert done == Applied(saved=saved_now, overtaken=())
    assert response.answers.get(question="plan").revision == 2
    assert AuditEntry.objects.filter(action="workbook.apply").count() == 1


@pytest.mark.parametrize("back", [False, True])
def test_who_writes_between_the_page_and_the_button_is_not_overwritten(response, li, back) -> None:
    """Not even if the answer was changed back: the page had shown another revision."""
    fill_in(response, li)
    stored = received(response, filled(download(response), {"plan": "表格里写的。", "address": "新地址"}), li)
    seen = shown(response, "plan", "address")
    write(response, li, "plan", "网页上写的。")
    if back:
        write(response, li, "plan", ANSWERS["plan"])
    done = services.apply_workbook(response=response, stored=stored, accepted=seen, by=li)
    assert done == Applied(saved=("address",), overtaken=("plan",))
    assert values(response) == ANSWERS | {
        "plan": ANSWERS["plan"] if back else "网页上写的。",
        "address": "新地址",
    }


def test_a_confirmed_answer_keeps_its_origin_and_begins_the_work(response, li) -> None:
    stored = received(response, filled(download(response), {}, still_true=["first_certified"]), li)
    assert apply(response, stored, li, "first_certified").saved == ("first_certified",)
    row = response.answers.get(question="first_certified")
    response.refresh_from_db(fields=["stage"])
    assert (row.value, row.confirmed, row.origin) == ("2015", True, Origin.REGISTER)
    assert response.stage == Stage.DRAFT


def test_nothing_is_taken_once_the_answers_are_handed_in(response, li) -> None:
    fill_in(response, li)
    content = filled(download(response), {"plan": "太晚了。"})
    stored = received(response, content, li)
    response.stage, response.first_submitted_at = Stage.SUBMITTED, clock.now()
    response.save()
    for work in (lambda: received(response, content, li), lambda: apply(response, stored, li, "plan")):
        with pytest.raises(Refused) as refused:
            work()
        assert refused.value.codes == ["handed_in"]
    assert values(response) == ANSWERS


def test_a_file_that_is_gone_is_said_to_be_gone(response, li) -> None:
    stored = received(response, download(response), li)
    stored.file.storage.delete(stored.file.name)
    with pytest.raises(Refused) as refused:
        apply(response, stored, li)
    assert refused.value.codes == ["gone"]


def test_the_same_file_twice_is_kept_once(response, li) -> None:
    content = download(response)
    assert received(response, content, li) == received(response, content, li)
    assert StoredFile.objects.count() == 1


# --- The whole file refused ---------------------------------------------------------------------------------

FIRST = HEAD_ROW
Change = Callable[[dict[str, list[list]]], object]


def put(sheet: str, row: int, column: int, value: str) -> Change:
    def change(sheets: dict[str, list[list]]) -> None:
        sheets[sheet][row][column - 1] = value

    return change


TAMPERED: dict[str, tuple[Change, str]] = {
    "another reference": (put(SEAL_SHEET, 1, 2, "AQ24-0421-7KHM"), "other_response"),
    "another edition": (put(SEAL_SHEET, 2, 2, "annex2-2019"), "other_edition"),
    "another check value": (put(SEAL_SHEET, 3, 2, "零" * 64), "marks_changed"),
    "another question": (put(FORM_SHEET, FIRST, KEY, "plan"), "marks_changed"),
    "another token": (put(FORM_SHEET, FIRST, TOKEN, "9.abcdef"), "marks_changed"),
    "no such question": (put(FORM_SHEET, FIRST, KEY, "none"), "marks_changed"),
    "a row too few": (lambda sheets: sheets[FORM_SHEET].pop(), "marks_changed"),
    "a row twice": (lambda sheets: sheets[FORM_SHEET].append(sheets[FORM_SHEET][-1]), "marks_changed"),
    "another format": (put(SEAL_SHEET, 0, 2, "0"), "not_ours"),
    "no seal": (lambda sheets: sheets.pop(SEAL_SHEET), "not_ours"),
    "no form": (lambda sheets: sheets.pop(FORM_SHEET), "not_ours"),
}


@pytest.mark.parametrize(("change", "code"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_file_whose_marks_do_not_hold_is_refused_whole(change: Change, code: str) -> None:
    book = read_rows(rows_of(ANSWERS))
    change(book.sheets)
    with pytest.raises(Refused) as refused:
        read_back(book, form=FORM, reference=REFERENCE, edition=CODE)
    assert refused.value.codes == [code]


def test_rows_in_another_order_are_still_known() -> None:
    book = read_rows(rows_of(ANSWERS))
    rows = book.sheets[FORM_SHEET]
    turned = Workbook(book.kind, {**book.sheets, FORM_SHEET: [*rows[:HEAD_ROW], *reversed(rows[HEAD_ROW:])]})
    before, after = (read_back(one, form=FORM, reference=REFERENCE, edition=CODE) for one in (book, turned))
    assert {name: set(one.raw) for name, one in after.items()} == {
        name: set(one.raw) for name, one in before.items()
    }


def test_a_form_of_another_unit_is_refused_by_its_number_and_not_kept(response, li, elsewhere) -> None:
    other = asked_in_full(named(elsewhere, number=363, sequence=119), code="2025")
    with pytest.raises(Refused) as refused:
        received(response, download(other), li)
    assert str(refused.value) == f"这个工作簿属于另一份调查表，编号 {other.reference}，没有采用其中的内容。"
    assert StoredFile.objects.count() == 0


def test_the_check_value_depends_on_the_key_of_the_installation(settings) -> None:
    book = read_rows(rows_of(ANSWERS))
    settings.SECRET_KEY = "another"
    with pytest.raises(Refused) as refused:
        read_back(book, form=FORM, reference=REFERENCE, edition=CODE)
    assert refused.value.codes == ["marks_changed"]
