"""The rules of a form walked beforehand: what is never asked, what takes no answer, which days leave no time."""

import copy
import datetime as dt

import pytest
from django.utils import translation

from core import clock
from surveys.answers import problems
from surveys.questionnaires import Kind, parse
from surveys.rehearsals import (
    Finding,
    Level,
    NoAnswer,
    Respondents,
    Style,
    day_findings,
    loose_continuations,
    rule_findings,
    unreachable,
)
from tests.factories import ANNEX_2
from tests.surveys.editions import FIRST, KNOWN, SECOND, THIRD, continues, question

TODAY = dt.date(2024, 1, 2)


@pytest.fixture(autouse=True)
def january():
    with clock.frozen("2024-01-02"):
        yield


def made_up(form, **given) -> Respondents:
    return Respondents(form, **{"today": TODAY, "asked_in": 2024, "seed": "a", **given})


def form_with(*questions: dict) -> dict:
    """The form of the notice with further questions at its end."""
    definition = copy.deepcopy(ANNEX_2) | {"code": "tried-out"}
    definition["sections"][-1]["questions"] += questions
    return definition


def only_if(name: str, equals: object) -> dict:
    return {"rules": {"shown_if": {"question": name, "equals": equals}}}


def texts(findings) -> list[str]:
    return [finding.text for finding in findings if finding.level != Level.FINE]


# --- questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "is_lost"),
    [
        (("intends", "applies"), False),
        (("needs", "training"), True),  # several may be ticked: one alone never equals the list of all
        (("planned_year", 2030), False),
        (("planned_year", 2023), True),  # not among the years that may be given
        (("planned_year", "2030"), True),  # a year is kept as a number
        (("recertified", []), False),  # none yet
        (("recertified", "2020"), True),
        (("leader_mobile", "13800000000"), False),
        (("leader_mobile", "0592"), True),
    ],
)
def test_a_condition_that_cannot_come_true_is_found(condition, is_lost) -> None:
    form = parse(form_with(question("later", "text", **only_if(*condition))))
    assert [lost.id for lost in unreachable(form)] == (["later"] if is_lost else [])


def test_what_hangs_on_a_lost_question_is_lost_too() -> None:
    form = parse(
        form_with(
            question("lost", "yes_no", **only_if("needs", "training")),
            question("behind", "text", **only_if("lost", equals=True)),
            question("reached", "yes_no", **only_if("intends", "applies")),
            question("beside", "text", **only_if("reached", equals=True)),
        )
    )
    assert [lost.id for lost in unreachable(form)] == ["lost", "behind"]
    found = texts(rule_findings(form, made_up(form), 3))
    assert found == [
        "“lost”永远问不到：它的显示条件不可能成立。",
        "“behind”永远问不到：它的显示条件不可能成立。",
    ]


def test_yes_is_no_number_one() -> None:
    form = parse(form_with(question("sure", "yes_no"), question("later", "text", **only_if("sure", 1))))
    assert [lost.id for lost in unreachable(form)] == ["later"]


@pytest.mark.parametrize(
    "rules",
    [
        {"required": True, "min_length": 10, "max_length": 5},
        {"required": True, "min_length": 30, "pattern": "mobile"},
    ],
)
def test_a_question_that_takes_no_answer_is_found(rules) -> None:
    form = parse(form_with(question("never", "text", rules=rules)))
    found = [finding for finding in rule_findings(form, made_up(form), 3) if finding.level == Level.ERROR]
    assert [(finding.code, finding.values["question"]) for finding in found] == [("no_answer", "never")]


def test_what_continues_nothing_is_found() -> None:
    form = parse(
        form_with(
            question("a", "text", continues=[continues("survey.plan", "annex2-1999")]),
            question("b", "text", continues=[continues("survey.gone")]),
            question("c", "text", continues=[continues("survey.plan")]),
        )
    )
    assert texts(loose_continuations(form, KNOWN)) == [
        "“a”接续的版本不存在：annex2-1999。",
        "“b”接续的概念 survey.gone 在 annex2-2024 里没有问。",
    ]


# --- made-up units ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [FIRST, SECOND, THIRD])
def test_every_branch_is_walked_and_every_made_up_unit_could_hand_in(form) -> None:
    found = list(rule_findings(form, made_up(form), 127))
    assert [(finding.level, finding.code) for finding in found] == [
        (Level.FINE, "all_reachable"),
        (Level.FINE, "respondents"),
    ]
    assert found[1].values == {"count": 127}


@pytest.mark.parametrize("style", Style)
def test_a_made_up_unit_answers_by_the_rules(style) -> None:
    answers = made_up(FIRST).fill_in(style)
    assert problems(FIRST, answers) == []
    assert answers == made_up(FIRST).fill_in(style)


def test_the_shortest_form_has_only_what_is_required() -> None:
    answers = made_up(FIRST).fill_in(Style.SHORTEST, {"intends": "undecided"})
    assert sorted(answers) == sorted(
        one.id for one in FIRST.questions if one.rules.required and one.id != "planned_year"
    )
    assert len(answers["work_now"]) == 1


def test_the_longest_form_fills_every_room_and_takes_the_longer_branch() -> None:
    answers = made_up(FIRST).fill_in(Style.LONGEST)
    assert sorted(answers) == sorted(FIRST.by_id)
    assert [len(answers[name]) for name in ("work_now", "community_name", "email")] == [20000, 100, 100]


def test_rare_signs_are_in_names_and_texts() -> None:
    answers = made_up(FIRST).fill_in(Style.RARE)
    assert {"筼" in answers[name] for name in ("community_name", "leader_name", "work_now")} == {True}


def test_no_plan_lies_before_the_round() -> None:
    years = {
        made_up(FIRST, seed=str(seed), asked_in=2038).fill_in(Style.USUAL, {"intends": "applies"})[
            "planned_year"
        ]
        for seed in range(30)
    }
    assert years <= {2038, 2039, 2040}


@pytest.mark.parametrize("kind", Kind)
def test_a_value_of_every_kind_is_made_up(kind) -> None:
    choices = {"choices": [{"code": "a", "label_zh": "甲"}]} if kind in {Kind.CHOICE, Kind.CHOICES} else {}
    form = parse(form_with(question("one", kind.value, rules={"required": True}, **choices)))
    for style in Style:
        assert problems(form, made_up(form).fill_in(style)) == []


def test_a_rule_that_is_too_narrow_is_told_with_its_question() -> None:
    form = parse(form_with(question("short", "year", rules={"required": True, "min": 2030, "max": 2020})))
    with pytest.raises(NoAnswer) as refused:
        made_up(form).fill_in(Style.USUAL)
    assert refused.value.question.id == "short"


# --- days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "deadline", "closes", "said"),
    [
        ("2024-01-14", "2024-02-29", "2024-03-31", []),
        ("2024-01-14", "2024-03-02", "2024-03-31", ["截止日期2024年3月2日（周六）是周末。"]),
        ("2024-01-14", "2024-05-01", "2024-05-31", ["截止日期2024年5月1日（周三）是法定节假日。"]),
        ("2024-01-14", "2024-01-19", "2024-03-31", ["到截止日期只有 6 天。"]),
        ("2024-01-14", "2024-02-28", "2024-02-28", ["截止当天就关闭，没有补交的余地。"]),
        ("2023-11-01", "2023-12-29", "2024-03-29", ["截止日期2023年12月29日（周五）已经过去。"]),
        (
            "2023-11-01",
            "2023-12-01",
            "2023-12-29",
            ["关闭日期2023年12月29日（周五）已经过去，谁都不能提交。"],
        ),
    ],
)
def test_days_on_which_nobody_works_or_that_leave_no_time_are_found(opens, deadline, closes, said) -> None:
    days = [dt.date.fromisoformat(day) for day in (opens, deadline, closes)]
    assert texts(day_findings(*days, TODAY)) == said


def test_the_leap_day_is_told_because_a_copy_will_lose_it() -> None:
    found = day_findings(dt.date(2024, 1, 14), dt.date(2024, 2, 29), dt.date(2024, 3, 31), TODAY)
    assert "leap_day" in [finding.code for finding in found]


# --- words ---------------------------------------------------------------------------------------------------


def test_a_finding_is_read_in_the_language_of_its_reader() -> None:
    finding = Finding(Level.WARNING, "weekend", {"deadline_on": "2024-03-02"})
    with translation.override("en"):
        assert finding.text == "The deadline (Saturday 2 March 2024) lies on a weekend."


def test_a_finding_of_another_release_is_shown_as_it_is() -> None:
    assert Finding(Level.FINE, "of_tomorrow", {}).text == "of_tomorrow"
