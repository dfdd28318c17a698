"""Every stage × every move × every role: the table says what may happen, and nothing else does."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from surveys.enums import RoundStage, Stage
from surveys.lifecycle import LIFECYCLE, ROUND_LIFECYCLE, advance, advance_round
from surveys.models import Response, StageChange
from tests.factories import ResponseFactory, RoundFactory

MOVES = [move.name for move in LIFECYCLE]
ALLOWED = {
    ("not_started", "start"): "draft",
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("to_check", "withdraw"): "draft",
    ("submitted", "withdraw"): "draft",
    ("uploaded", "withdraw"): "draft",
    ("to_check", "clear"): "submitted",
    ("submitted", "send_copy"): "uploaded",
    ("copy_returned", "send_copy"): "uploaded",
    ("uploaded", "begin_review"): "in_review",
    ("uploaded", "accept"): "accepted",
    ("in_review", "accept"): "accepted",
    ("second_look", "accept"): "accepted",
    ("to_check", "return_answers"): "returned",
    ("uploaded", "return_answers"): "returned",
    ("in_review", "return_answers"): "returned",
    ("second_look", "return_answers"): "returned",
    ("uploaded", "return_copy"): "copy_returned",
    ("in_review", "return_copy"): "copy_returned",
    ("second_look", "return_copy"): "copy_returned",
    ("void", "reopen"): "draft",
    **{
        (stage, "enter_paper"): "uploaded"
        for stage in ("not_started", "draft", "to_check", "submitted", "returned", "copy_returned")
    },
    ("accepted", "archive"): "archived",
    **{(stage, "void"): "void" for stage in Stage.values if stage not in {"void", "archived"}},
}
# What only rounds with a check before sealing, without a seal, or with a second look allow.
BEFORE_SEALING = {("draft", "submit_for_check"): "to_check", ("returned", "submit_for_check"): "to_check"}
SECOND_LOOK = {(stage, "propose"): "second_look" for stage in ("uploaded", "in_review")}
PRECHECKED = {key: stage for key, stage in ALLOWED.items() if key[1] != "submit"} | BEFORE_SEALING
UNSEALED = {key: stage for key, stage in PRECHECKED.items() if key[1] not in {"clear", "return_copy"}} | {
    ("to_check", "accept"): "accepted"
}
LOOKED_AT_TWICE = {
    key: stage for key, stage in ALLOWED.items() if key[1] != "accept" or key[0] == "second_look"
} | SECOND_LOOK
ROUNDS = {
    "as usual": (ALLOWED, {}),
    "checked first": (PRECHECKED, {"code": "checked-first", "has_precheck": True}),
    "without a seal": (
        UNSEALED,
        {"code": "unsealed", "edition__code": "unsealed", "edition__needs_sealed_copy": False},
    ),
    "looked at twice": (LOOKED_AT_TWICE, {"code": "looked-at-twice", "needs_second_look": True}),
}
BY_UNIT = {"start", "submit", "submit_for_check", "send_copy", "withdraw"}


@pytest.fixture(autouse=True)
def in_february():
    with clock.frozen("2024-02-20 10:58"):
        yield


@pytest.mark.parametrize(("kind", "stage"), list(itertools.product(ROUNDS, Stage.values)))
def test_exactly_the_moves_of_the_table_are_possible(kind, stage, administrator, community):
    allowed, settings = ROUNDS[kind]
    response = ResponseFactory(community=community, stage=stage, round=RoundFactory(**settings))
    before = Response.objects.filter(pk=response.pk).values().get()
    reached = {}
    for move in MOVES:
        Response.objects.filter(pk=response.pk).update(**before)
        try:
            advance(response, move, by=administrator)
        except Refused:
            assert Response.objects.filter(pk=response.pk).values().get() == before
        else:
            response.refresh_from_db()
            reached[stage, move] = response.stage
    assert reached == {key: to_stage for key, to_stage in allowed.items() if key[0] == stage}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "stranger", "office", "leadership"])
def test_a_move_is_for_those_who_hold_its_permission(who, move, request, community):
    user: User = request.getfixturevalue(who)
    table, settings = next(
        (table, settings) for table, settings in ROUNDS.values() if move in {name for _stage, name in table}
    )
    stage = next(stage for (stage, name) in table if name == move)
    response = ResponseFactory(community=community, stage=stage, round=RoundFactory(**settings))
    may = (who == "li" and move in BY_UNIT) or (who == "office" and move not in BY_UNIT)
    if may:
        advance(response, move, by=user)
        assert response.stage == table[stage, move]
    else:
        with pytest.raises(PermissionDenied):
            advance(response, move, by=user)


def test_a_move_leaves_one_step_and_one_audit_entry(community, li):
    response = ResponseFactory(community=community)
    advance(response, "start", by=li)
    step = StageChange.objects.get(response=response)
    entry = AuditEntry.objects.get(action="response.start")
    assert (step.from_stage, step.to_stage, step.by) == ("not_started", "draft", li)
    assert (entry.actor_id, entry.community_id) == (li.pk, community.pk)
    assert entry.changes == {"stage": ["not_started", "draft"], "version": 1}


def test_a_refused_move_leaves_no_trace(community, li):
    response = ResponseFactory(community=community)
    with pytest.raises(Refused):
        advance(response, "submit", by=li)
    assert StageChange.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_returning_the_answers_raises_the_version_and_returning_the_copy_does_not(community, office):
    answers, copy = (
        ResponseFactory(community=community, stage=Stage.UPLOADED),
        ResponseFactory(stage=Stage.UPLOADED),
    )
    advance(answers, "return_answers", by=office)
    advance(copy, "return_copy", by=office)
    assert (answers.version, copy.version) == (2, 1)


@pytest.mark.parametrize(
    ("moment", "late"),
    [("2024-02-29 23:59:59", False), ("2024-03-01 00:00:00", True), ("2024-03-31 23:59:59", True)],
)
def test_late_begins_with_the_day_after_the_leap_day_in_beijing(moment, late, community, li):
    response = ResponseFactory(community=community, stage=Stage.DRAFT)
    with clock.frozen(moment):
        advance(response, "submit", by=li)
    assert response.is_late is late


def test_an_own_deadline_counts_before_the_rounds_deadline(community, li):
    response = ResponseFactory(community=community, stage=Stage.DRAFT, invitation__due_on="2024-03-15")
    with clock.frozen("2024-03-10 09:00"):
        advance(response, "submit", by=li)
    assert response.is_late is False


def test_after_closing_a_first_submission_is_refused_and_the_draft_stays(community, li):
    response = ResponseFactory(community=community, stage=Stage.DRAFT)
    with clock.frozen("2024-04-01 00:00:00"), pytest.raises(Refused) as refused:
        advance(response, "submit", by=li)
    response.refresh_from_db()
    assert refused.value.codes == ["round_closed"]
    assert response.stage == Stage.DRAFT


def test_a_returned_response_may_come_back_after_closing_and_is_never_late_again(community, li):
    response = ResponseFactory(community=community, stage=Stage.RETURNED, version=2)
    first = response.first_submitted_at
    with clock.frozen("2024-04-02 09:00"):
        advance(response, "submit", by=li)
    assert (response.stage, response.is_late, response.first_submitted_at) == (Stage.SUBMITTED, False, first)


def test_all_reasons_are_given_at_once(community, li):
    response = ResponseFactory(community=community, stage=Stage.DRAFT)
    response.invitation.revoked_at = clock.now()
    response.invitation.save()
    with clock.frozen("2024-05-01"), pytest.raises(Refused) as refused:
        advance(response, "submit", by=li)
    assert refused.value.codes == ["round_closed", "invitation_revoked"]


def test_of_two_decisions_on_one_response_the_second_is_refused(community, office):
    first = ResponseFactory(community=community, stage=Stage.IN_REVIEW)
    second = type(first).objects.get(pk=first.pk)
    advance(first, "accept", by=office)
    with pytest.raises(Refused):
        advance(second, "return_answers", by=office)


@pytest.mark.parametrize("needs_seal", [True, False])
def test_answers_alone_are_proposed_only_where_no_seal_is_needed(needs_seal, community, office):
    twice = RoundFactory(
        has_precheck=True,
        needs_second_look=True,
        edition__code="either",
        edition__needs_sealed_copy=needs_seal,
    )
    response = ResponseFactory(community=community, stage=Stage.TO_CHECK, round=twice)
    if needs_seal:
        with pytest.raises(Refused) as refused:
            advance(response, "propose", by=office)
        assert refused.value.codes == ["seal_missing"]
    else:
        assert advance(response, "propose", by=office).stage == Stage.SECOND_LOOK


def test_an_unknown_move_is_a_programming_error(community, office):
    with pytest.raises(LookupError):
        advance(ResponseFactory(community=community), "fly", by=office)


ROUND_ALLOWED = {("preparing", "open"): "open", ("open", "close"): "closed", ("closed", "reopen"): "open"}


@pytest.mark.parametrize(
    ("stage", "move"), list(itertools.product(RoundStage.values, [move.name for move in ROUND_LIFECYCLE]))
)
def test_a_round_moves_exactly_by_its_table(stage, move, office):
    survey_round = RoundFactory(stage=stage)
    expected = ROUND_ALLOWED.get((stage, move))
    if expected is None:
        with pytest.raises(Refused):
            advance_round(survey_round, move, by=office)
    else:
        assert advance_round(survey_round, move, by=office).stage == expected


def test_leadership_reads_a_round_and_cannot_close_it(leadership):
    with pytest.raises(PermissionDenied):
        advance_round(RoundFactory(), "close", by=leadership)


def test_two_units_cannot_have_two_standing_responses_in_a_round(community: Community, office):
    first = ResponseFactory(community=community)
    advance(first, "void", by=office, note="重复")
    second = ResponseFactory(community=community, invitation=first.invitation)
    assert second.pk != first.pk


def test_what_was_taken_back_counts_as_not_handed_in(community, li):
    response = ResponseFactory(community=community, stage=Stage.DRAFT)
    advance(response, "submit", by=li)
    advance(response, "withdraw", by=li)
    assert (response.stage, response.version, response.first_submitted_at) == ("draft", 2, None)
    with clock.frozen("2024-03-05 09:00"):
        advance(response, "submit", by=li)
    assert (response.version, response.is_late) == (2, True)


def test_taking_back_what_had_been_returned_does_not_make_it_late(community, li):
    first = clock.now()
    response = ResponseFactory(
        community=community,
        stage=Stage.SUBMITTED,
        version=2,
        first_submitted_at=first,
        return_due_on="2024-03-10",
    )
    advance(response, "withdraw", by=li)
    assert (response.version, response.first_submitted_at) == (3, first)


def test_after_closing_nothing_is_taken_back(community, li):
    response = ResponseFactory(community=community, stage=Stage.SUBMITTED)
    with clock.frozen("2024-04-01 00:00"), pytest.raises(Refused):
        advance(response, "withdraw", by=li)


@pytest.mark.parametrize(("moment", "may"), [("2024-04-10 23:59:59", True), ("2024-04-11 00:00:00", False)])
def test_a_returned_response_stays_open_until_its_own_day_and_is_not_late(moment, may, community, li):
    response = ResponseFactory(
        community=community, stage=Stage.RETURNED, version=2, return_due_on="2024-04-10"
    )
    with clock.frozen(moment):
        if may:
            advance(response, "submit", by=li)
            assert response.is_late is False
        else:
            with pytest.raises(Refused):
                advance(response, "submit", by=li)


def test_a_void_response_is_opened_again_unless_the_unit_has_another(community, office):
    void = ResponseFactory(community=community, stage=Stage.VOID)
    another = ResponseFactory(community=community, round=void.round, invitation=void.invitation)
    with pytest.raises(Refused):
        advance(void, "reopen", by=office)
    another.delete()
    advance(void, "reopen", by=office)
    assert void.stage == "draft"
