"""The table of moves of a shortcoming, and the one function that changes its stage.

found → assigned → rectified → verified by another person and closed; given back, it is rectified anew. Source:
安监总政法〔2009〕11号, points 19 and 24 (hazards are rectified, inspections lead to corrective and preventive action).
That somebody else verifies, and that an authority may, is the platform's own.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import today
from core.errors import Reason, Refused
from core.workflow import Move, Workflow
from projects.authz import can_for_authority
from projects.enums import ShortcomingStage
from projects.models import Shortcoming, ShortcomingStageChange


def somebody_is_named(shortcoming: Shortcoming) -> Reason | None:
    if shortcoming.organisation_id or shortcoming.body_id or shortcoming.post.strip():
        return None
    sentence = _("Name who rectifies it: an organisation, a working body or a post.")
    return Reason(sentence, code="nobody_named", field="organisation")


def day_is_set(shortcoming: Shortcoming) -> Reason | None:
    if shortcoming.due_on:
        return None
    return Reason(_("Say by which day it is to be rectified."), code="no_day", field="due_on")


def correction_is_written(shortcoming: Shortcoming) -> Reason | None:
    if shortcoming.corrective.strip():
        return None
    return Reason(_("Say what was done to rectify it."), code="no_correction", field="corrective")


def rectified_on_a_day(shortcoming: Shortcoming) -> Reason | None:
    day = shortcoming.rectified_on
    if day is not None and shortcoming.found_on <= day <= today():
        return None
    sentence = _("Give a day between the day it was found and today.")
    return Reason(sentence, code="no_rectified_day", field="rectified_on")


def was_found_here(shortcoming: Shortcoming) -> Reason | None:
    """What an authority entered is verified by an authority."""
    if shortcoming.authority_id is None:
        return None
    return Reason(_("An authority entered this one; it verifies it too."), code="of_an_authority")


FOUND, ASSIGNED = ShortcomingStage.FOUND, ShortcomingStage.ASSIGNED
RECTIFIED, CLOSED = ShortcomingStage.RECTIFIED, ShortcomingStage.CLOSED
REVIEW, JUDGE = Permission.WORK_REVIEW, Permission.WORK_JUDGE

SHORTCOMING_LIFECYCLE = Workflow(
    (
        Move(
            "assign",
            frozenset({FOUND}),
            ASSIGNED,
            Permission.WORK_RECORD,
            (somebody_is_named, day_is_set),
        ),
        Move(
            "rectify",
            frozenset({ASSIGNED}),
            RECTIFIED,
            Permission.WORK_RECORD,
            (correction_is_written, rectified_on_a_day),
        ),
        Move("close", frozenset({RECTIFIED}), CLOSED, REVIEW, (was_found_here,)),
        Move("give_back", frozenset({RECTIFIED}), ASSIGNED, REVIEW, (was_found_here,)),
        Move("reopen", frozenset({CLOSED}), ASSIGNED, REVIEW, (was_found_here,)),
        # The same by whoever judges the work from above: of what an authority entered, and where a community
        # has nobody but the one who rectified.
        Move("close_above", frozenset({RECTIFIED}), CLOSED, JUDGE),
        Move("give_back_above", frozenset({RECTIFIED}), ASSIGNED, JUDGE),
        Move("reopen_above", frozenset({CLOSED}), ASSIGNED, JUDGE),
    )
)
CLOSES = frozenset({"close", "close_above"})
GIVES_BACK = frozenset({"give_back", "reopen", "give_back_above", "reopen_above"})

ANOTHER = Reason(
    _("Somebody else than who rectified it verifies it: another account of the community, or the authority."),
    code="same_person",
)
NO_NOTE = Reason(_("Say what is still to be done."), code="note", field="note")


@transaction.atomic
def advance_shortcoming(
    shortcoming: Shortcoming, move_name: str, *, by: Any | None, note: str = ""
) -> Shortcoming:
    """Make one move; the only place where a shortcoming's stage changes. ``by=None`` is the system.

    The row is locked, so of two people who press at once the second is refused. Raises Refused with every reason,
    PermissionDenied without the right, LookupError for an unknown move.
    """
    rows = Shortcoming.objects.select_for_update(of=("self",))
    rows = rows.select_related("community__supervisor", "authority")
    locked = rows.get(pk=shortcoming.pk)
    move = SHORTCOMING_LIFECYCLE.find(move_name)
    if by is not None and not may_move(by, move, locked):
        raise PermissionDenied(move.permission)
    _refuse(move, locked, by, note)
    before, locked.stage = locked.stage, move.to_stage
    locked.revision += 1
    locked.closed_on = today() if move.to_stage == CLOSED else None
    if move_name in GIVES_BACK:
        locked.rectified_on = None
    locked.save(update_fields=["stage", "revision", "closed_on", "rectified_on"])
    ShortcomingStageChange.objects.create(
        shortcoming=locked,
        move=move_name,
        from_stage=before,
        to_stage=locked.stage,
        by=by,
        note=note.strip(),
    )
    changes = {"stage": [before, locked.stage]}
    audit.record(f"shortcoming.{move_name}", by=by, target=locked, changes=changes, reason=note.strip())
    for field in ("stage", "revision", "closed_on", "rectified_on"):
        setattr(shortcoming, field, getattr(locked, field))
    return shortcoming


def may_move(by: Any, move: Move, shortcoming: Shortcoming) -> bool:
    """What an authority entered is verified there or above it, never by a lower one that looks on."""
    if not can(by, move.permission, shortcoming.community):
        return False
    authority = shortcoming.authority
    if move.permission != JUDGE or authority is None:
        return True
    return can_for_authority(by, JUDGE, authority)


def _refuse(move: Move, shortcoming: Shortcoming, by: Any | None, note: str) -> None:
    reasons = move.refusals(shortcoming)
    if [reason.code for reason in reasons] == ["stage"]:
        raise Refused(reasons)
    if move.name in CLOSES and by is not None and by.pk == rectified_by(shortcoming):
        reasons.append(ANOTHER)
    if move.name in GIVES_BACK and not note.strip():
        reasons.append(NO_NOTE)
    if reasons:
        raise Refused(reasons)


def rectified_by(shortcoming: Shortcoming) -> int | None:
    """The account that last said it is rectified."""
    steps = shortcoming.stage_changes.filter(move="rectify").order_by("-at", "-pk")
    found: int | None = steps.values_list("by", flat=True).first()
    return found
