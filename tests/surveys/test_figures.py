"""The figures that lists and boards read are those of a recount, whatever happens to a unit."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import User
from core import clock
from surveys import figures
from surveys.enums import Stage
from surveys.models import Answer, Figure, GivenAnswer, Response, Submission
from surveys.selectors.responses import answer_rows
from surveys.selectors.rounds import questionnaire
from surveys.services.corrections import reopen_response, void_response
from surveys.services.recounts import recount, recount_all
from surveys.services.responses import note_form_opened
from surveys.services.reviews import take_up
from surveys.services.submissions import content_of, submit_response
from surveys.services.withdrawals import withdraw
from tests.factories import CommunityFactory, ResponseFactory, SubmissionFactory
from tests.surveys.recounts import kept, unlike
from tests.surveys.rounds import asked, fill_in, write
from tests.surveys.scenes import awaiting_review, submitted
from tests.surveys.test_paper import enter
from tests.surveys.verdicts import ACCEPT, RETURN, give

counting = import_module("surveys.migrations.0009_keep_what_is_counted")


@pytest.fixture(autouse=True)
def in_february():
    with clock.frozen("2024-02-20 09:00"):
        yield


def hand_in(response: Response, by: User) -> Submission:
    response = Response.objects.select_related("round__edition", "invitation__round", "community").get(
        pk=response.pk
    )
    rows = answer_rows(response)
    _answers, seen = content_of(questionnaire(response.round.edition), rows)
    return submit_response(response=response, by=by, submission_key="", seen_hash=seen)


def test_every_step_of_a_unit_moves_it_to_another_figure(community, li) -> None:
    response = asked(community)
    survey_round = response.round
    assert kept(survey_round) == {("", "not_started"): 1}
    note_form_opened(response=response, by=li)
    note_form_opened(response=response, by=li)
    assert kept(survey_round) == {("", "not_started opened"): 1}
    fill_in(response, li, planned_year=2027)
    assert kept(survey_round) == {("", "draft opened"): 1}
    hand_in(response, li)
    assert kept(survey_round)["survey.planned_year", "2027"] == 1
    withdraw(response=response, seen_version=1, by=li)
    write(response, li, "planned_year", "2028")
    assert kept(survey_round)["survey.planned_year", "2027"] == 1
    hand_in(response, li)
    assert ("survey.planned_year", "2027") not in kept(survey_round)
    assert kept(survey_round)["survey.planned_year", "2028"] == 1
    assert unlike(survey_round) == []


def test_a_void_response_is_counted_nowhere_until_it_is_opened_again(community, office) -> None:
    response = awaiting_review(community)
    before = kept(response.round)
    void_response(response=response, reason="重复", by=office)
    assert (kept(response.round), unlike(response.round)) == ({}, [])
    reopen_response(response=response, reason="误作废", by=office)
    assert kept(response.round) == {
        **{key: units for key, units in before.items() if key[0]},
        ("", "draft handed_in"): 1,
    }
    assert unlike(response.round) == []


def test_a_returned_response_keeps_the_answers_that_it_gave(community, office) -> None:
    response = take_up(response=awaiting_review(community), by=office)
    give(RETURN, response, office)
    assert kept(response.round)["", "returned handed_in"] == 1
    assert unlike(response.round) == []


def test_an_accepted_one_and_one_that_came_on_paper_are_counted(community, office) -> None:
    give(ACCEPT, take_up(response=awaiting_review(community), by=office), office)
    response = submitted(CommunityFactory()).response
    said = {"intends": ["applies"], "planned_year": ["2029"], "needs": ["forum"]}
    enter(response, office, received_on=clock.today(), answers=said)
    assert kept(response.round)["survey.planned_year", "2029"] == 1
    assert unlike(response.round) == []


def test_figures_are_summed_up_to_one_row_each_and_stay_the_same(community, office) -> None:
    first, second = awaiting_review(community), awaiting_review(CommunityFactory())
    void_response(response=second, reason="重复", by=office)
    before = kept(first.round)
    figures.sum_up_all()
    assert kept(first.round) == before
    assert Figure.objects.count() == len(before)
    numbers = list(Figure.objects.order_by("pk").values_list("pk", flat=True))
    figures.sum_up_all()
    assert list(Figure.objects.order_by("pk").values_list("pk", flat=True)) == numbers


def test_what_was_stored_before_figures_were_kept_is_counted(community, office) -> None:
    response = awaiting_review(community)
    SubmissionFactory(response=response, version=2, answers={"planned_year": 2030, "needs": []})
    void_response(response=awaiting_review(CommunityFactory()), reason="重复", by=office)
    ResponseFactory(stage=Stage.NOT_STARTED, first_opened_at=clock.now())
    ResponseFactory(stage=Stage.SUBMITTED, is_late=True)
    wanted = kept(response.round)
    Figure.objects.all().delete()
    GivenAnswer.objects.all().delete()
    counting.count_what_is_stored(apps, None)
    assert (kept(response.round), unlike(response.round)) == (wanted, [])


def test_of_a_yes_or_no_the_word_is_counted_and_of_a_long_value_its_beginning() -> None:
    assert [figures._text(answer) for answer in (True, False, 2027, "长" * 99)] == [
        "yes",
        "no",
        "2027",
        "长" * 60,
    ]


def test_a_draft_counts_no_answer(community, li) -> None:
    response = asked(community)
    fill_in(response, li)
    assert Answer.objects.filter(response=response).exists()
    assert GivenAnswer.objects.count() == 0
    assert Response.objects.get(pk=response.pk).stage == Stage.DRAFT


def test_a_recount_finds_nothing_where_all_is_right(community, li) -> None:
    response = asked(community)
    fill_in(response, li, planned_year=2027)
    hand_in(response, li)
    assert recount_all() == 0


def test_a_recount_mends_what_was_written_past_the_figures(community, li) -> None:
    """As the code of the last release does while an upgrade runs."""
    response = asked(community)
    fill_in(response, li, planned_year=2027)
    hand_in(response, li)
    Figure.objects.filter(concept="survey.planned_year").delete()
    Figure.objects.create(round=response.round, value="draft opened", units=3)
    GivenAnswer.objects.filter(concept="survey.planned_year").update(value="2031")
    assert unlike(response.round) != []
    assert recount(response.round) == 4
    assert unlike(response.round) == []
    assert recount(response.round) == 0
