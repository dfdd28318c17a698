"""Taking back what was handed in, as long as nobody of the association has begun to review it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.errors import Refused
from surveys.enums import Arrival, RoundStage, Stage
from surveys.models import Response, StageChange
from surveys.services.reviews import take_up
from surveys.services.withdrawals import withdraw
from tests.factories import RoundFactory
from tests.surveys.scenes import awaiting_review, copy_with, submitted, to_check


@pytest.fixture
def survey_round(db):
    today = dt.date.today()
    return RoundFactory(closes_on=today + dt.timedelta(days=30))


@pytest.fixture
def response(community, survey_round):
    return awaiting_review(community, asked_round=survey_round)


@pytest.fixture
def liaison(client, li):
    client.force_login(li)
    return client


def address(response, name="withdraw"):
    return reverse(f"surveys:{name}", args=[response.reference])


def press(client, response, version=1):
    return client.post(address(response), {"version": version}, follow=True)


def steps():
    return list(StageChange.objects.values_list("move", "from_stage", "to_stage", "version"))


def test_a_copy_sent_but_not_looked_at_is_taken_back(response, li) -> None:
    withdraw(response=response, seen_version=1, by=li)
    assert (response.stage, response.version) == (Stage.DRAFT, 2)
    assert steps() == [("withdraw", Stage.UPLOADED, Stage.DRAFT, 1)]
    assert response.sealed_copies.get().files.count() == 2


def test_answers_that_wait_to_be_checked_are_taken_back(community, li) -> None:
    response = to_check(community, round=_open_round(has_precheck=True))
    withdraw(response=response, seen_version=1, by=li)
    assert response.stage == Stage.DRAFT


def _open_round(**fields):
    return RoundFactory(code="open", closes_on=dt.date.today() + dt.timedelta(days=30), **fields)


def test_an_open_copy_stays_in_the_history(community, survey_round, li) -> None:
    submission = submitted(community, asked_round=survey_round)
    copy = copy_with(submission, 1)
    withdraw(response=submission.response, seen_version=1, by=li)
    assert (copy.submission.version, copy.files.count()) == (1, 1)


def test_pressed_twice_it_is_taken_back_once(response, li) -> None:
    withdraw(response=response, seen_version=1, by=li)
    withdraw(response=response, seen_version=1, by=li)
    assert (response.version, len(steps())) == (2, 1)


def test_a_page_left_open_takes_nothing_of_a_later_version_back(community, survey_round, li) -> None:
    later = submitted(community, version=3, asked_round=survey_round).response
    with pytest.raises(Refused) as refused:
        withdraw(response=later, seen_version=1, by=li)
    assert (refused.value.codes, later.stage) == (["stage"], Stage.SUBMITTED)


def test_a_reviewer_who_was_quicker_keeps_it(response, li, office) -> None:
    stale = Response.objects.get(pk=response.pk)
    take_up(response=response, by=office)
    with pytest.raises(Refused) as refused:
        withdraw(response=stale, seen_version=1, by=li)
    assert refused.value.codes == ["under_review"]
    response.refresh_from_db()
    assert (response.stage, response.reviewer) == (Stage.IN_REVIEW, office)


def test_a_closed_round_takes_nothing_back(response, li) -> None:
    response.round.stage = RoundStage.CLOSED
    response.round.save()
    with pytest.raises(Refused) as refused:
        withdraw(response=response, seen_version=1, by=li)
    assert refused.value.codes == ["round_closed"]


def test_what_came_on_paper_is_not_taken_back_online(response, li) -> None:
    Response.objects.update(arrival=Arrival.POST, received_on=dt.date(2024, 2, 20))
    with pytest.raises(Refused) as refused:
        withdraw(response=response, seen_version=1, by=li)
    assert refused.value.codes == ["on_paper"]


@pytest.mark.parametrize("who", ["wang", "office", "zhao"])
def test_only_the_unit_takes_back(response, who, request) -> None:
    with pytest.raises(PermissionDenied):
        withdraw(response=response, seen_version=1, by=request.getfixturevalue(who))


# --- the page -------------------------------------------------------------------------------------------


def test_the_page_says_that_the_paper_is_void_before_anything_happens(liaison, response) -> None:
    assert "撤回" in liaison.get(address(response, "receipt")).content.decode()
    page = liaison.get(address(response)).content.decode()
    assert "用第1版打印的纸质件即告作废" in page
    response.refresh_from_db()
    assert response.stage == Stage.UPLOADED


def test_one_press_leads_back_to_the_form(liaison, response) -> None:
    page = press(liaison, response)
    assert page.redirect_chain[-1][0] == address(response, "response")
    assert "已撤回" in page.content.decode()


def test_a_second_press_leads_to_the_same_place(liaison, response) -> None:
    press(liaison, response)
    assert press(liaison, response).redirect_chain[-1][0] == address(response, "response")
    assert len(steps()) == 1


def test_too_late_says_so_on_the_receipt(liaison, response, office) -> None:
    take_up(response=response, by=office)
    assert "协会已开始审核" in press(liaison, response).content.decode()
    assert "协会已开始审核" in liaison.get(address(response), follow=True).content.decode()
    assert address(response) not in liaison.get(address(response, "receipt")).content.decode()


def test_nonsense_for_a_version_takes_nothing_back(liaison, response) -> None:
    for nonsense in ("", "x", "９９", "1" * 40):
        press(liaison, response, version=nonsense)
    assert steps() == []


def test_the_receipt_of_a_draft_is_the_form(liaison, response) -> None:
    press(liaison, response)
    assert liaison.get(address(response, "receipt")).url == address(response, "response")


def test_a_copy_sent_is_out_of_the_queue_once_taken_back(response, li, office, client) -> None:
    withdraw(response=response, seen_version=1, by=li)
    client.force_login(office)
    assert response.reference not in client.get(reverse("surveys:review_queue")).content.decode()
