"""Review: what may be decided at which stage, with which ticks, and the second reviewer who is told."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refused
from documents.models import Run
from surveys.enums import Decision, Stage
from surveys.models import RegisterChange, Response, Review
from surveys.selectors import reviews as selectors
from surveys.services import copies
from surveys.services.reviews import Ticks, Verdict, decide, take_up
from tests.surveys.scenes import (
    awaiting_review,
    checked_first,
    left_to_staff,
    looked_at_twice,
    submitted,
    to_check,
    without_seal,
)
from tests.surveys.verdicts import (
    ACCEPT,
    ALL,
    CLEAR,
    NEW_COPY,
    PROPOSE,
    RETURN,
    VERDICTS,
    give,
    refusal,
    seen,
)


@pytest.fixture
def response(community):
    return awaiting_review(community)


def copy_of(response):
    return selectors.copy_of(selectors.submission_under_review(response))


# --- which decision at which stage ------------------------------------------------------------------------

RETURNED = {Decision.ANSWERS_RETURNED: Stage.RETURNED, Decision.COPY_RETURNED: Stage.COPY_RETURNED}
ANSWERS = {Decision.ANSWERS_RETURNED: Stage.RETURNED}
PASSED = {Decision.ACCEPTED: Stage.ACCEPTED}
PASSED_ON = {Decision.PROPOSED: Stage.SECOND_LOOK}


def proposed(response, administrator):
    give(PROPOSE, response, administrator)
    return response


SITUATIONS = {
    "answers before sealing": (
        lambda community, _colleague: to_check(community),
        ANSWERS | {Decision.CLEARED: Stage.SUBMITTED},
    ),
    "answers before sealing, two reviewers": (
        lambda community, _colleague: to_check(community, round=checked_first(needs_second_look=True)),
        ANSWERS | {Decision.CLEARED: Stage.SUBMITTED},
    ),
    "answers without a seal": (
        lambda community, _colleague: to_check(community, round=without_seal()),
        ANSWERS | PASSED,
    ),
    "answers without a seal, two reviewers": (
        lambda community, _colleague: to_check(community, round=without_seal(needs_second_look=True)),
        ANSWERS | PASSED_ON,
    ),
    "a sealed copy": (lambda community, _colleague: awaiting_review(community), RETURNED | PASSED),
    "a sealed copy taken up": (
        lambda community, _colleague: awaiting_review(community, stage=Stage.IN_REVIEW),
        RETURNED | PASSED,
    ),
    "a sealed copy, two reviewers": (
        lambda community, _colleague: awaiting_review(community, round=looked_at_twice()),
        RETURNED | PASSED_ON,
    ),
    "a proposal": (
        lambda community, colleague: proposed(awaiting_review(community, round=looked_at_twice()), colleague),
        RETURNED | PASSED,
    ),
    "a proposal without a seal": (
        lambda community, colleague: proposed(
            to_check(community, round=without_seal(needs_second_look=True)), colleague
        ),
        ANSWERS | PASSED,
    ),
}


@pytest.mark.parametrize(("name", "verdict"), list(itertools.product(SITUATIONS, VERDICTS)))
def test_every_situation_allows_its_own_decisions(community, office, administrator, name, verdict) -> None:
    arrange, expected = SITUATIONS[name]
    response = arrange(community, administrator)
    before, reviews = response.stage, Review.objects.count()
    if verdict.decision not in expected:
        assert refusal(verdict, response, office) != []
        response.refresh_from_db()
        assert (response.stage, Review.objects.count()) == (before, reviews)
        return
    review = give(verdict, response, office)
    assert (review.decision, review.decided_by) == (verdict.decision, office)
    assert response.stage == expected[verdict.decision]


@pytest.mark.parametrize(
    "stage", sorted(set(Stage) - {Stage.UPLOADED, Stage.IN_REVIEW, Stage.TO_CHECK, Stage.SECOND_LOOK})
)
@pytest.mark.parametrize("verdict", [ACCEPT, RETURN], ids=lambda verdict: verdict.decision)
def test_only_what_waits_is_decided(community, office, stage, verdict) -> None:
    response = awaiting_review(community, stage=stage)
    assert refusal(verdict, response, office) == ["stage"]


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "leadership", "stranger"])
def test_only_reviewers_decide(response, who, request) -> None:
    person = request.getfixturevalue(who)
    for verdict in VERDICTS:
        with pytest.raises(PermissionDenied):
            give(verdict, response, person)
    with pytest.raises(PermissionDenied):
        take_up(response=response, by=person)


# --- accepting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tick", ["signed", "sealed", "dated", "same_version", "legible"])
def test_four_ticks_are_not_enough(response, office, tick) -> None:
    others = {name: name != tick for name in ("signed", "sealed", "dated", "same_version", "legible")}
    assert refusal(Verdict(Decision.ACCEPTED, Ticks(**others)), response, office) == ["ticks"]
    assert Review.objects.count() == 0


def test_a_proposal_needs_the_ticks_too(community, office) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    assert refusal(Verdict(Decision.PROPOSED), response, office) == ["ticks"]


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.PROPOSED])
def test_the_database_refuses_a_copy_passed_without_all_ticks(response, office, decision) -> None:
    copy = copy_of(response)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            response=response,
            submission=copy.submission,
            sealed_copy=copy,
            decision=decision,
            decided_by=office,
        )


def test_where_no_seal_is_needed_nothing_is_ticked(community, office) -> None:
    response = to_check(community, round=without_seal(), answers={"address": "新址"})
    review = give(Verdict(Decision.ACCEPTED), response, office)
    assert (review.sealed_copy, review.signed, response.stage) == (None, False, Stage.ACCEPTED)
    assert RegisterChange.objects.filter(response=response, field="community.address").count() == 1


@pytest.mark.parametrize("verdict", [ACCEPT, PROPOSE, CLEAR], ids=lambda verdict: verdict.decision)
def test_what_is_marked_to_be_returned_does_not_go_on(community, office, verdict) -> None:
    rounds = {"accepted": None, "proposed": looked_at_twice}
    response = (
        to_check(community)
        if verdict is CLEAR
        else awaiting_review(community, **({"round": looked_at_twice()} if rounds[verdict.decision] else {}))
    )
    marked = Verdict(verdict.decision, ALL, {"plan": "请修改。"})
    assert refusal(marked, response, office) == ["marked"]


def test_a_page_that_nobody_has_assigned_holds_up_the_acceptance(community, office) -> None:
    response = awaiting_review(community)
    copy = copy_of(response)
    copy.files.filter(pages__page=2).delete()
    page = left_to_staff(copy)
    assert refusal(ACCEPT, response, office) == ["missing_page"]
    copies.settle_page_by_staff(page=page, number=2, by=office)
    assert give(ACCEPT, response, office).decision == Decision.ACCEPTED


# --- clearing for sealing ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("li")
def test_clearing_asks_for_the_print_once(community, office, monkeypatch) -> None:
    monkeypatch.setattr("documents.services._bells", [])
    response = to_check(community)
    give(CLEAR, response, office)
    assert [run.parameters for run in Run.objects.all()] == [{"submission": response.submissions.get().pk}]
    assert refusal(CLEAR, response, office) == ["decided"]
    assert Run.objects.count() == 1


# --- two pairs of eyes ------------------------------------------------------------------------------------


def test_nobody_confirms_what_he_proposed_himself(community, office, administrator) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    give(PROPOSE, response, office)
    with pytest.raises(Refused) as refused:
        give(ACCEPT, response, office)
    assert str(refused.value) == "这一份由您初核，须由另一人复核。"
    assert give(ACCEPT, response, administrator).decision == Decision.ACCEPTED


def test_whoever_proposed_may_change_his_mind(community, office) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    give(PROPOSE, response, office)
    give(RETURN, response, office)
    assert (response.stage, response.version) == (Stage.RETURNED, 2)


def test_what_came_back_is_proposed_and_confirmed_anew(community, office, administrator) -> None:
    twice = looked_at_twice()
    response = awaiting_review(community, round=twice)
    give(PROPOSE, response, office)
    give(NEW_COPY, response, administrator)
    Response.objects.filter(pk=response.pk).update(stage=Stage.UPLOADED)
    response.refresh_from_db()
    give(PROPOSE, response, administrator)
    assert refusal(ACCEPT, response, administrator) == ["same_person"]
    assert give(ACCEPT, response, office).decision == Decision.ACCEPTED


def test_a_round_that_gives_up_the_second_look_strands_nobody(community, office) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    give(PROPOSE, response, office)
    type(response.round).objects.filter(pk=response.round_id).update(needs_second_look=False)
    assert give(ACCEPT, response, office).decision == Decision.ACCEPTED


# --- two reviewers at once --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrange", "first", "second", "word"),
    [
        (awaiting_review, ACCEPT, RETURN, "通过"),
        (to_check, CLEAR, RETURN, "核对通过，可盖章"),
        (lambda community: awaiting_review(community, round=looked_at_twice()), PROPOSE, PROPOSE, "初核通过"),
    ],
    ids=["accepted", "cleared", "proposed"],
)
def test_the_second_reviewer_is_told_who_decided_when(
    community, office, administrator, arrange, first, second, word
) -> None:
    response = arrange(community)
    with clock.frozen("2024-02-23 10:32"):
        give(first, response, office)
        with pytest.raises(Refused) as refused:
            give(second, response, administrator)
    assert str(refused.value) == f"周经办已于2024年2月23日 10:32作出决定：{word}。您的决定没有保存。"
    assert Review.objects.count() == 1


def test_a_void_response_is_not_said_to_have_been_decided(response, office) -> None:
    give(ACCEPT, response, office)
    Response.objects.update(stage=Stage.VOID)
    assert refusal(ACCEPT, response, office) == ["stage"]


def test_a_copy_that_came_meanwhile_is_not_decided_unseen(response, office) -> None:
    with pytest.raises(Refused) as refused:
        decide(response=response, seen_version=1, seen_copy=None, verdict=ACCEPT, by=office)
    assert str(refused.value) == "填报单位已另外上传了盖章件，请按新的盖章件审核。"


def test_answers_that_came_meanwhile_are_not_decided_unseen(community, office) -> None:
    response = to_check(community)
    looked_at = seen(response)
    submitted_again(response)
    with pytest.raises(Refused) as refused:
        decide(response=response, **looked_at, verdict=CLEAR, by=office)
    assert str(refused.value) == "该单位刚刚更新了填报内容，请按新内容审核。"


def submitted_again(response):
    """Taken back, changed and handed in once more: the same stage, another version."""
    old = response.submissions.get()
    type(old).objects.create(response=response, version=2, answers=old.answers, content_hash="a" * 64)
    Response.objects.filter(pk=response.pk).update(version=2)


def test_the_paper_of_an_older_version_is_not_looked_at(community, office) -> None:
    response = awaiting_review(community, round=checked_first())
    submitted_again(response)
    Response.objects.filter(pk=response.pk).update(stage=Stage.TO_CHECK)
    response.refresh_from_db()
    assert give(CLEAR, response, office).sealed_copy is None


# --- taking up --------------------------------------------------------------------------------------------


def test_taking_up_says_who_has_it(response, office, administrator) -> None:
    take_up(response=response, by=office)
    take_up(response=response, by=office)
    assert (response.stage, response.reviewer) == (Stage.IN_REVIEW, office)
    with pytest.raises(Refused) as refused:
        take_up(response=response, by=administrator)
    assert str(refused.value) == "周经办正在审核这一份。"


def test_a_colleague_may_still_decide_what_another_took_up(response, office, administrator) -> None:
    take_up(response=response, by=office)
    give(ACCEPT, response, administrator)
    assert response.reviewer == administrator


@pytest.mark.parametrize("stage", [Stage.TO_CHECK, Stage.SUBMITTED, Stage.RETURNED])
def test_only_sealed_copies_are_taken_up(community, office, stage) -> None:
    response = submitted(community, stage=stage).response
    with pytest.raises(Refused):
        take_up(response=response, by=office)
    response.refresh_from_db()
    assert (response.stage, response.reviewer) == (stage, None)
