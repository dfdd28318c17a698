"""The table of moves of a response and of a round, and the two functions that change a stage.

未填 → 草稿 → 已提交（待盖章件）→ 已上传盖章件 → 审核中 → 退回修改 … → 通过 → 归档, void with a trace. Where a round
checks answers before they are sealed, or asks for no seal, 草稿 → 待核对 comes first; where it wants a second pair of
eyes, 待复核 comes before 通过.
Source: 中安健协发〔2024〕12号, Annex 2, and the states a sealed paper form needs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import end_of_day, now
from core.errors import Reason
from core.workflow import Move, Workflow
from surveys import figures
from surveys.enums import (
    AWAITING_COPY,
    AWAITING_DECISION,
    AWAITING_REVIEW,
    WITHDRAWABLE,
    RoundStage,
    Stage,
)
from surveys.models import Response, Round, StageChange


def round_takes_answers(response: Response) -> Reason | None:
    """A first submission needs an open round; one that staff sent back may be handed in until its own day."""
    if response.may_hand_in:
        return None
    return Reason(
        _("This survey round is closed. What you have written is kept; please call the association."),
        code="round_closed",
    )


def invitation_stands(response: Response) -> Reason | None:
    if response.invitation.revoked_at is None:
        return None
    return Reason(_("The invitation of this unit has been revoked."), code="invitation_revoked")


def seal_comes_next(response: Response) -> Reason | None:
    if not response.is_checked_first:
        return None
    return Reason(_("In this round the answers are checked first."), code="checked_first")


def check_comes_first(response: Response) -> Reason | None:
    if response.is_checked_first:
        return None
    return Reason(_("In this round the answers go on paper at once."), code="not_checked_first")


def seal_is_needed(response: Response) -> Reason | None:
    if response.needs_sealed_copy:
        return None
    return Reason(_("This form needs no sealed copy."), code="no_seal_needed")


def second_look_is_wanted(response: Response) -> Reason | None:
    if response.round.needs_second_look:
        return None
    return Reason(_("This round asks for no second look."), code="no_second_look")


def seal_was_seen(response: Response) -> Reason | None:
    """Answers alone go on to acceptance only where no seal is needed."""
    if response.stage == Stage.TO_CHECK and response.needs_sealed_copy:
        return Reason(_("The sealed copy is still missing."), code="seal_missing")
    return None


def nothing_is_left_to_see(response: Response) -> Reason | None:
    """One person accepts only where no second one is asked."""
    if response.stage != Stage.SECOND_LOOK and response.round.needs_second_look:
        return Reason(_("A second person has to look at this before it is accepted."), code="second_look")
    return None


def round_is_open(response: Response) -> Reason | None:
    if response.round.is_taking_answers:
        return None
    return Reason(
        _("This survey round is closed. To change something, please call the association."),
        code="round_closed",
    )


def stands_alone(response: Response) -> Reason | None:
    """A unit has one response that counts."""
    others = Response.objects.standing().filter(round=response.round_id, community=response.community_id)
    if not others.exclude(pk=response.pk).exists():
        return None
    return Reason(_("The unit has another response in this round."), code="another")


# What came by post or e-mail counts in place of whatever the unit has not finished online.
ENTERED_FROM = frozenset(
    {
        Stage.NOT_STARTED,
        Stage.DRAFT,
        Stage.TO_CHECK,
        Stage.SUBMITTED,
        Stage.RETURNED,
        Stage.COPY_RETURNED,
    }
)
ALL_BUT_ENDED = frozenset(Stage) - {Stage.VOID, Stage.ARCHIVED}

LIFECYCLE = Workflow(
    (
        Move(
            "start",
            frozenset({Stage.NOT_STARTED}),
            Stage.DRAFT,
            Permission.RESPONSE_FILL,
            (round_takes_answers, invitation_stands),
        ),
        Move(
            "submit",
            frozenset({Stage.DRAFT, Stage.RETURNED}),
            Stage.SUBMITTED,
            Permission.RESPONSE_FILL,
            (round_takes_answers, invitation_stands, seal_comes_next),
        ),
        Move(
            "submit_for_check",
            frozenset({Stage.DRAFT, Stage.RETURNED}),
            Stage.TO_CHECK,
            Permission.RESPONSE_FILL,
            (round_takes_answers, invitation_stands, check_comes_first),
        ),
        Move("withdraw", WITHDRAWABLE, Stage.DRAFT, Permission.RESPONSE_FILL, (round_is_open,)),
        Move(
            "clear",
            frozenset({Stage.TO_CHECK}),
            Stage.SUBMITTED,
            Permission.RESPONSE_REVIEW,
            (seal_is_needed,),
        ),
        Move("send_copy", AWAITING_COPY, Stage.UPLOADED, Permission.RESPONSE_FILL),
        Move("begin_review", frozenset({Stage.UPLOADED}), Stage.IN_REVIEW, Permission.RESPONSE_REVIEW),
        Move(
            "propose",
            AWAITING_REVIEW | {Stage.TO_CHECK},
            Stage.SECOND_LOOK,
            Permission.RESPONSE_REVIEW,
            (second_look_is_wanted, seal_was_seen),
        ),
        Move(
            "accept",
            AWAITING_DECISION,
            Stage.ACCEPTED,
            Permission.RESPONSE_REVIEW,
            (seal_was_seen, nothing_is_left_to_see),
        ),
        Move("return_answers", AWAITING_DECISION, Stage.RETURNED, Permission.RESPONSE_REVIEW),
        Move(
            "return_copy",
            AWAITING_REVIEW | {Stage.SECOND_LOOK},
            Stage.COPY_RETURNED,
            Permission.RESPONSE_REVIEW,
            (seal_is_needed,),
        ),
        Move("archive", frozenset({Stage.ACCEPTED}), Stage.ARCHIVED, Permission.ROUND_MANAGE),
        Move("void", ALL_BUT_ENDED, Stage.VOID, Permission.RESPONSE_REVIEW),
        Move("enter_paper", ENTERED_FROM, Stage.UPLOADED, Permission.RESPONSE_REVIEW),
        Move("reopen", frozenset({Stage.VOID}), Stage.DRAFT, Permission.RESPONSE_REVIEW, (stands_alone,)),
    )
)

ROUND_LIFECYCLE = Workflow(
    (
        Move("open", frozenset({RoundStage.PREPARING}), RoundStage.OPEN, Permission.ROUND_MANAGE),
        Move("close", frozenset({RoundStage.OPEN}), RoundStage.CLOSED, Permission.ROUND_MANAGE),
        Move("reopen", frozenset({RoundStage.CLOSED}), RoundStage.OPEN, Permission.ROUND_MANAGE),
    )
)


SUBMITTING = frozenset({"submit", "submit_for_check", "enter_paper"})
# Whatever is written after these moves is another version; paper printed before them is void.
NEW_VERSION = frozenset({"return_answers", "withdraw", "reopen"})


def submitting_move(response: Response) -> str:
    """Which of the two ways of handing in this round has."""
    return "submit_for_check" if response.is_checked_first else "submit"


@transaction.atomic
def advance(
    response: Response,
    move_name: str,
    *,
    by: Any | None,
    note: str = "",
    change: figures.Change | None = None,
    is_locked: bool = False,
) -> Response:
    """Make one move; the only place where a response's stage changes.

    The row is locked, so of two people who press at once the second is refused. ``by=None`` is the system.
    ``change``: the answers that come with it are counted along. ``is_locked``: the caller has just read and locked it.
    Raises Refused with every reason, PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = response if is_locked else _lock(response)
    move = LIFECYCLE.find(move_name)
    if by is not None and not can(by, move.permission, locked.community):
        raise PermissionDenied(move.permission)
    LIFECYCLE.check(move_name, locked)
    before, stood, version = locked.stage, figures.standing_of(locked), locked.version
    locked.stage = move.to_stage
    locked.stage_since = now()
    if locked.stage in {Stage.TO_CHECK, Stage.UPLOADED}:
        locked.waiting_since = locked.stage_since
    _mark_submission(locked, move_name)
    if move_name in NEW_VERSION and locked.first_submitted_at is not None:
        locked.version += 1
    _forget_submission(locked, move_name)
    locked.save()
    figures.moved(locked, stood, change)
    StageChange.objects.create(
        response=locked,
        move=move_name,
        from_stage=before,
        to_stage=locked.stage,
        version=version,
        by=by,
        note=note,
    )
    audit.record(
        f"response.{move_name}",
        by=by,
        target=locked,
        changes={"stage": [before, locked.stage], "version": version},
        reason=note,
    )
    _copy_state(locked, response)
    return response


def _lock(response: Response) -> Response:
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("round__edition", "invitation", "community")
        .get(pk=response.pk)
    )
    locked.invitation.round = locked.round
    return locked


def _mark_submission(response: Response, move_name: str) -> None:
    """Late is said once, of the first submission: a later return never makes a punctual unit late.

    Of a paper the day counts on which it was received, not the day on which somebody found time to type it in.
    """
    if move_name not in SUBMITTING or response.first_submitted_at is not None:
        return
    moment = response.stage_since
    if move_name == "enter_paper" and response.received_on is not None:
        moment = end_of_day(response.received_on - timedelta(days=1))
    response.first_submitted_at = moment
    response.is_late = moment >= response.invitation.deadline_at


def _forget_submission(response: Response, move_name: str) -> None:
    """What was taken back counts as not handed in; what was returned before keeps the day it first came."""
    if move_name == "withdraw" and response.return_due_on is None:
        response.first_submitted_at, response.is_late = None, False


def _copy_state(source: Response, target: Response) -> None:
    for field in ("stage", "stage_since", "waiting_since", "version", "first_submitted_at", "is_late"):
        setattr(target, field, getattr(source, field))


@transaction.atomic
def advance_round(survey_round: Round, move_name: str, *, by: Any | None, note: str = "") -> Round:
    """Open, close or reopen a round. Raises Refused, PermissionDenied or LookupError like ``advance``."""
    locked = Round.objects.select_for_update().get(pk=survey_round.pk)
    move = ROUND_LIFECYCLE.find(move_name)
    if by is not None and not by.has_perm(move.permission):
        raise PermissionDenied(move.permission)
    ROUND_LIFECYCLE.check(move_name, locked)
    before = locked.stage
    locked.stage = survey_round.stage = move.to_stage
    locked.save(update_fields=["stage"])
    audit.record(
        f"round.{move_name}", by=by, target=locked, changes={"stage": [before, locked.stage]}, reason=note
    )
    return survey_round
