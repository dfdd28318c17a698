"""A series survives a re-worded, a split and a dropped question."""

import copy
import datetime as dt

import pytest
from django.urls import reverse

from reports import selectors
from surveys.enums import RoundStage, Stage
from surveys.models import Round
from tests.factories import (
    ANNEX_2,
    QuestionnaireEditionFactory,
    ResponseFactory,
    RoundFactory,
    SubmissionFactory,
)


def answered(survey_round: Round, *answers: dict) -> None:
    for given in answers:
        response = ResponseFactory(round=survey_round, stage=Stage.ACCEPTED)
        SubmissionFactory(response=response, answers=given)


def reworded() -> dict:
    """是否打算申请复评 is asked in other words with other codes; the need 座谈 is gone, 培训 has another code."""
    form = copy.deepcopy(ANNEX_2)
    form["code"] = "annex2-2029"
    supplement = form["sections"][-1]["questions"]
    intends = next(question for question in supplement if question["id"] == "intends")
    intends |= {"id": "will_apply", "label_zh": "今后五年是否申请复评"}
    intends["choices"][0]["code"] = "yes"
    intends["continues"] = [
        {"edition": "annex2-2024", "concept": "survey.intends", "choices": {"applies": "yes"}}
    ]
    year = next(question for question in supplement if question["id"] == "planned_year")
    year["rules"]["shown_if"] = {"question": "will_apply", "equals": "yes"}
    needs = next(question for question in supplement if question["id"] == "needs")
    needs["concept"] = "survey.needs_2029"
    return form


@pytest.fixture
def rounds(programme) -> tuple[Round, Round]:
    first = RoundFactory(stage=RoundStage.CLOSED)
    edition = QuestionnaireEditionFactory(code="annex2-2029", definition=reworded())
    second = RoundFactory(
        code="2029",
        edition=edition,
        opens_on=dt.date(2029, 1, 8),
        deadline_on=dt.date(2029, 2, 28),
        closes_on=dt.date(2029, 3, 31),
    )
    answered(
        first,
        {"intends": "applies", "planned_year": 2026, "needs": ["training"]},
        {"intends": "applies"},
        {"intends": "undecided"},
    )
    answered(second, {"will_apply": "yes", "planned_year": 2031}, {"will_apply": "does_not"})
    return first, second


def test_answers_to_the_earlier_wording_are_counted_under_todays(rounds):
    intends, year = selectors.series(rounds[1])
    assert [(line.label, line.counts) for line in intends.lines] == [
        ("打算申请", (2, 1)),
        ("不打算申请", (0, 1)),
        ("还没有决定", (1, 0)),
    ]
    assert [(line.label, line.counts) for line in year.lines] == [("2026", (1, 0)), ("2031", (0, 1))]
    assert [column.units for column in year.columns] == [3, 2]


def test_what_an_edition_did_not_ask_is_not_a_nought(rounds):
    first, second = rounds
    needs = next(one for one in selectors.series(first) if one.question.id == "needs")
    assert [column.round for column in needs.columns] == [first]
    third = RoundFactory(code="2034", opens_on=dt.date(2034, 1, 9), deadline_on=dt.date(2034, 2, 28),
                         closes_on=dt.date(2034, 3, 31), stage=RoundStage.OPEN)  # fmt: skip
    needs = next(one for one in selectors.series(third) if one.question.id == "needs")
    assert [(column.round, column.is_asked) for column in needs.columns] == [
        (first, True),
        (second, False),
        (third, True),
    ]
    assert needs.lines[0].counts == (1, None, 0)


def test_rounds_that_ask_others_or_are_only_prepared_stay_out(rounds, programme):
    first, second = rounds
    RoundFactory(code="prospects", asks="prospects")
    RoundFactory(code="next", stage=RoundStage.PREPARING)
    assert selectors.rounds_in_series(second) == [first, second]


def test_the_page_shows_the_rounds_side_by_side(client, rounds, leadership):
    client.force_login(leadership)
    page = client.get(reverse("reports:series", args=["2029"])).content.decode()
    assert "今后五年是否申请复评" in page
    assert "2031" in page
