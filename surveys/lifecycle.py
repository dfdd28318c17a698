"""The table of moves of a response and of a round, and the two functions that change a stage.

未填 → 草稿 → 已提交（待盖章件）→ 已上传盖章件 → 审核中 → 退回修改 … → 通过 → 归档, void with a trace.
Source: 中安健协发〔2024〕12号, Annex 2, and the states a sealed paper form needs.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import now
from core.errors import Reason
from core.workflow import Move, Workflow
from surveys.enums import AWAITING_COPY, AWAITING_REVIEW, RoundStage, Stage
from surveys.models import Response, Round, StageChange


def round_takes_answers(response: Response) -> Reason | None:
    """A first submission needs an open round; one that staff sent back may always be handed in again."""
    if response.first_submitted_at is not None or response.round.is_taking_answers:
        return None
    return Reason(
        _("This survey round is closed. What you have written is kept; please call the association."),
        code="round_closed",
    )


def invitation_stands(response: Response) -> Reason | None:
    if response.invitation.revoked_at is None:
        return None
    return Reason(_("The invitation of this unit has been revoked."), code="invitation_revoked")


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
            (round_takes_answers, invitation_stands),
        ),
        Move("send_copy", AWAITING_COPY, Stage.UPLOADED, Permission.RESPONSE_FILL),
        Move("begin_review", frozenset({Stage.UPLOADED}), Stage.IN_REVIEW, Permission.RESPONSE_REVIEW),
        Move("accept", AWAITING_REVIEW, Stage.ACCEPTED, Permission.RESPONSE_REVIEW),
        Move("return_answers", AWAITING_REVIEW, Stage.RETURNED, Permission.RESPONSE_REVIEW),
        Move("return_copy", AWAITING_REVIEW, Stage.COPY_RETURNED, Permission.RESPONSE_REVIEW),
        Move("archive", frozenset({Stage.ACCEPTED}), Stage.ARCHIVED, Permission.ROUND_MANAGE),
        Move("void", ALL_BUT_ENDED, Stage.VOID, Permission.RESPONSE_REVIEW),
    )
)

ROUND_LIFECYCLE = Workflow(
    (
        Move("open", frozenset({RoundStage.PREPARING}), RoundStage.OPEN, Permission.ROUND_MANAGE),
        Move("close", frozenset({RoundStage.OPEN}), RoundStage.CLOSED, Permission.ROUND_MANAGE),
        Move("reopen", frozenset({RoundStage.CLOSED}), RoundStage.OPEN, Permission.ROUND_MANAGE),
    )
)


@transaction.atomic
def advance(response: Response, move_name: str, *, by: Any | None, note: str = "") -> Response:
    """Make one move; the only place where a response's stage changes.

    The row is locked, so of two people who press at once the second is refused. ``by=None`` is the system.
    Raises Refused with every reason, PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("round", "invitation__round", "community__supervisor")
        .get(pk=response.pk)
    )
    move = LIFECYCLE.find(move_name)
    if by is not None and not can(by, move.permission, locked.community):
        raise PermissionDenied(move.permission)
    LIFECYCLE.check(move_name, locked)
    before, version = locked.stage, locked.version
    locked.stage = move.to_stage
    locked.stage_since = now()
    _mark_submission(locked, move_name)
    if move_name == "return_answers":
        locked.version += 1
    locked.save()
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


def _mark_submission(response: Response, move_name: str) -> None:
    """Late is said once, of the first submission: a later return never makes a punctual unit late."""
    if move_name == "submit" and response.first_submitted_at is None:
        response.first_submitted_at = response.stage_since
        response.is_late = response.stage_since >= response.invitation.deadline_at


def _copy_state(source: Response, target: Response) -> None:
    for field in ("stage", "stage_since", "version", "first_submitted_at", "is_late"):
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
