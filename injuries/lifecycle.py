"""The table of moves of a data set, and the one function that changes its stage.

open → closed by the community → approved by the district → approved by the province. Whoever approves sends back;
what the province has approved is opened again only with a reason. Source: levels of 安政发〔2013〕8号; that data are
locked is the platform's own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.clock import now, today
from core.errors import Reason, Refused
from core.workflow import Move, Workflow
from injuries import authz
from injuries.enums import Completeness, Form, Stage
from injuries.models import DataSet, StageChange
from injuries.months import Month
from injuries.selectors.coverage import listed
from injuries.selectors.datasets import months_of

RECORDS, APPROVES = Permission.INJURY_RECORD, Permission.INJURY_APPROVE
WITH_REASON = frozenset({"send_back", "reopen"})
FOR_THE_PROVINCE = frozenset({"lock", "reopen"})
BY_ANOTHER = frozenset({"endorse", "lock"})


def months_are_over(data_set: DataSet) -> Reason | None:
    if Month.last_day(data_set.last_month) < today():
        return None
    return Reason(_("The last month is not over yet."), code="months")


def completeness_is_said(data_set: DataSet) -> Reason | None:
    if data_set.completeness != Completeness.UNKNOWN and data_set.definition.strip():
        return None
    return Reason(
        _("Say first what is counted as a case and whether the data are complete."), code="completeness"
    )


def every_month_is_told(data_set: DataSet) -> Reason | None:
    """Records that are not there are cases that were not; of totals a month without a figure is a silent one."""
    if data_set.form != Form.TOTALS or data_set.completeness == Completeness.PARTIAL:
        return None
    silent = [one.text for one in months_of(data_set) if one.cases is None]
    if not silent:
        return None
    sentence = _(
        "Nothing is said yet of these months: %(months)s. Enter their cases, 0 where there were none, or say that the"
        " data are incomplete."
    ) % {"months": listed(silent)}
    return Reason(sentence, code="silent")


LIFECYCLE = Workflow(
    (
        Move(
            "close",
            frozenset({Stage.OPEN}),
            Stage.CLOSED,
            RECORDS,
            (months_are_over, completeness_is_said, every_month_is_told),
        ),
        Move("take_back", frozenset({Stage.CLOSED}), Stage.OPEN, RECORDS),
        Move("endorse", frozenset({Stage.CLOSED}), Stage.ENDORSED, APPROVES),
        Move("lock", frozenset({Stage.CLOSED, Stage.ENDORSED}), Stage.LOCKED, APPROVES),
        Move("send_back", frozenset({Stage.CLOSED, Stage.ENDORSED}), Stage.OPEN, APPROVES),
        Move("reopen", frozenset({Stage.LOCKED}), Stage.OPEN, APPROVES),
    )
)


def may(user: Any, move: Move, data_set: DataSet) -> bool:
    if move.permission == RECORDS:
        return authz.is_of(user, data_set.community)
    if move.name in FOR_THE_PROVINCE:
        return authz.approves_for_province(user, data_set.community)
    return authz.approves(user, data_set.community)


def open_moves(user: Any, data_set: DataSet) -> list[Move]:
    """What this person could press now; a guard may still refuse with its reason."""
    return [move for move in LIFECYCLE if data_set.stage in move.from_stages and may(user, move, data_set)]


@transaction.atomic
def advance(
    data_set: DataSet, move_name: str, *, by: Any | None, note: str = "", seen: int | None = None
) -> DataSet:
    """Make one move; the only place where a data set's stage changes. ``by=None`` is the system.

    ``seen``: the revision on the page of who pressed; what was closed anew since is not approved unread.

    Raises Refused with every reason, PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = (
        DataSet.objects.select_for_update(of=("self",))
        .select_related("community__supervisor", "family")
        .get(pk=data_set.pk)
    )
    move = LIFECYCLE.find(move_name)
    if by is not None and not may(by, move, locked):
        raise PermissionDenied(move.permission)
    reasons = move.refusals(locked)
    if move.name in WITH_REASON and not note.strip():
        reasons.append(Reason(_("Say what is to be changed."), code="note", field="note"))
    if seen is not None and seen != locked.revision:
        reasons.append(Reason(_("These data have changed since. Look at them again."), code="stale"))
    if move.name in BY_ANOTHER and by is not None and _closed_by(locked) == by.pk:
        reasons.append(Reason(_("Who closed the data does not approve them too."), code="own"))
    if reasons:
        raise Refused(reasons)
    locked.lock_exceptions.filter(until__gte=today()).update(until=today() - dt.timedelta(days=1))
    before = locked.stage
    locked.stage = move.to_stage
    locked.stage_since = now()
    locked.revision += 1
    locked.save(update_fields=["stage", "stage_since", "revision"])
    StageChange.objects.create(
        data_set=locked, move=move_name, from_stage=before, to_stage=locked.stage, by=by, note=note
    )
    changes = {"stage": [before, locked.stage]}
    audit.record(f"injury_data.{move_name}", by=by, target=locked, changes=changes, reason=note)
    for field in ("stage", "stage_since", "revision"):
        setattr(data_set, field, getattr(locked, field))
    return data_set


def _closed_by(data_set: DataSet) -> int | None:
    last = data_set.stage_changes.filter(move="close").order_by("-pk").first()
    return last.by_id if last else None
