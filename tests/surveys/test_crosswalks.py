"""Answers go on to the next edition by concept: re-worded, split, joined, counted otherwise, two editions on."""

import pytest

from surveys import crosswalks
from surveys.questionnaires import Questionnaire
from tests.surveys.editions import FIRST, KNOWN, SECOND, THIRD
from tests.surveys.prints import ANSWERS


def carried(form: Questionnaire, earlier: Questionnaire, **answers) -> dict:
    return crosswalks.carried(crosswalks.crosswalk(form, earlier, KNOWN), answers)


def sources(form: Questionnaire, name: str, earlier: Questionnaire) -> list[str]:
    found = crosswalks.sources(form, form.by_id[name], earlier, KNOWN)
    return [source.question.id for source in found]


@pytest.mark.parametrize("form", [FIRST, SECOND, THIRD])
def test_the_same_edition_takes_every_answer_as_it_was(form) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name in form.by_id}
    assert carried(form, form, **answers) == answers


def test_a_concept_of_the_same_name_goes_on_without_a_word() -> None:
    assert carried(SECOND, FIRST, leader_mobile="13800000000", recertified=[], planned_year=2027) == {
        "leader_mobile": "13800000000",
        "recertified": [],
        "planned_year": 2027,
    }


def test_a_question_that_was_split_offers_the_old_text_to_both_halves() -> None:
    assert carried(SECOND, FIRST, work_now="镇政府牵头。") == {
        "organisation": "镇政府牵头。",
        "projects": "镇政府牵头。",
    }


def test_questions_that_were_joined_stand_below_each_other() -> None:
    assert carried(SECOND, FIRST, plan="2025年申请。", suggestions="多培训。") == {
        "outlook": "2025年申请。\n多培训。"
    }
    assert carried(SECOND, FIRST, suggestions="多培训。") == {"outlook": "多培训。"}


@pytest.mark.parametrize(("then", "now"), [("applies", "yes"), ("does_not", "no"), ("undecided", None)])
def test_a_choice_goes_on_under_its_new_name_or_not_at_all(then, now) -> None:
    assert carried(SECOND, FIRST, intends=then).get("renews") == now


def test_a_choice_that_is_gone_is_left_out_and_one_became_a_question_of_its_own() -> None:
    assert carried(SECOND, FIRST, needs=["training", "discussion"]) == {
        "needs": ["training"],
        "wants_training": True,
    }
    assert carried(SECOND, FIRST, needs=["discussion"]) == {}


@pytest.mark.parametrize(("then", "now"), [("applies", "soon"), ("does_not", "never")])
def test_two_editions_on_every_step_counts(then, now) -> None:
    assert carried(THIRD, FIRST, intends=then) == {"renews": now}


def test_two_editions_on_a_split_question_is_found_through_the_one_between() -> None:
    assert sources(THIRD, "organisation", FIRST) == ["work_now"]
    assert sources(THIRD, "outlook", FIRST) == ["plan", "suggestions"]
    assert sources(THIRD, "volunteers", FIRST) == []


def test_texts_never_become_dates_or_choices() -> None:
    first, plan = SECOND.by_id["first_certified"], FIRST.by_id["plan"]
    assert crosswalks.value_now(first, [crosswalks.Source(plan)], {"plan": "2020"}) is None
    training = SECOND.by_id["wants_training"]
    assert crosswalks.value_now(training, [crosswalks.Source(plan)], {"plan": "yes"}) is None


@pytest.mark.parametrize(
    ("then", "kind", "now"),
    [
        ("2020-05", "planned_year", 2020),
        ("2020", "first_certified", "2020"),
        ("2020-05", "recertified", ["2020-05"]),
    ],
)
def test_a_date_goes_on_as_exactly_as_the_new_question_asks(then, kind, now) -> None:
    source = crosswalks.Source(FIRST.by_id["first_certified"])
    assert crosswalks.value_now(SECOND.by_id[kind], [source], {"first_certified": then}) == now
