"""The table of moves of a report, and the one function that changes its stage.

to be written → sent → read and accepted; sent back, it is written anew. Where the unit asks for it, another person of
the unit looks first: to be written → waits for the check → sent, or given back. Source: 渝办发〔2010〕93号 asks for
reports, and that they are checked with care before they leave; that a reader may send one back is the platform's own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.clock import end_of_day, now, today
from core.errors import Reason, Refused
from core.workflow import Move, Workflow
from projects.authz import must
from projects.enums import ReportStage
from projects.models import PeriodReport, ReportStageChange
from projects.selectors.figures import figures_of
from projects.selectors.report_people import people_of
from projects.selectors.reports import barred_from_checking


def summary_is_written(report: PeriodReport) -> Reason | None:
    if report.summary.strip():
        return None
    return Reason(_("Say what was done before you send the report."), code="summary", field="summary")


def _is_checked_first(report: PeriodReport) -> bool:
    work = getattr(report.community, "safety_work", None)
    return work is not None and work.checks_reports


def nobody_checks_first(report: PeriodReport) -> Reason | None:
    if not _is_checked_first(report):
        return None
    return Reason(_("In this unit another person checks a report before it is sent."), code="check_first")


def somebody_checks_first(report: PeriodReport) -> Reason | None:
    if _is_checked_first(report):
        return None
    return Reason(_("In this unit reports are sent without a check."), code="no_check")


WRITABLE = frozenset({ReportStage.OPEN, ReportStage.RETURNED})
SENDS_BACK = frozenset({"send_back", "reopen"})
# Made by another person than those who wrote the report or handed it over.
CHECKS = frozenset({"confirm", "give_back"})
ASKS_WHY = SENDS_BACK | {"give_back"}

LIFECYCLE = Workflow(
    (
        Move(
            "submit",
            WRITABLE,
            ReportStage.SUBMITTED,
            Permission.WORK_RECORD,
            (summary_is_written, nobody_checks_first),
        ),
        Move(
            "ask_check",
            WRITABLE,
            ReportStage.TO_CHECK,
            Permission.WORK_RECORD,
            (summary_is_written, somebody_checks_first),
        ),
        Move("confirm", frozenset({ReportStage.TO_CHECK}), ReportStage.SUBMITTED, Permission.WORK_RECORD),
        Move("give_back", frozenset({ReportStage.TO_CHECK}), ReportStage.OPEN, Permission.WORK_RECORD),
        Move(
            "take_back",
            frozenset({ReportStage.SUBMITTED, ReportStage.TO_CHECK}),
            ReportStage.OPEN,
            Permission.WORK_RECORD,
        ),
        Move("send_back", frozenset({ReportStage.SUBMITTED}), ReportStage.RETURNED, Permission.WORK_JUDGE),
        Move("accept", frozenset({ReportStage.SUBMITTED}), ReportStage.ACCEPTED, Permission.WORK_JUDGE),
        Move("reopen", frozenset({ReportStage.ACCEPTED}), ReportStage.RETURNED, Permission.WORK_JUDGE),
    )
)


NOBODY_LEFT = Reason(
    _(
        "Everybody in this unit who could check this report has written in it. Let another account check it, or"
        " send reports without a check."
    ),
    code="nobody_left",
)

MOVED = (
    "stage",
    "stage_since",
    "revision",
    "figures",
    "first_submitted_at",
    "is_late",
    "return_due_on",
)


@transaction.atomic
def advance(
    report: PeriodReport,
    move_name: str,
    *,
    by: Any | None,
    note: str = "",
    again_by: dt.date | None = None,
) -> PeriodReport:
    """Make one move; the only place where a report's stage changes. ``again_by``: the last day that a return names.

    The row is locked, so of two people who press at once the second is refused. ``by=None`` is the system.
    Raises Refused with every reason, PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = (
        PeriodReport.objects.select_for_update(of=("self",))
        .select_related("community__supervisor", "community__safety_work")
        .get(pk=report.pk)
    )
    move = LIFECYCLE.find(move_name)
    must(by, Permission(move.permission), locked.community)
    _refuse(move, locked, note, by, again_by)
    before = locked.stage
    locked.stage = move.to_stage
    locked.stage_since = now()
    locked.revision += 1
    if move.to_stage == ReportStage.SUBMITTED:
        locked.writers.clear()
        locked.figures = figures_of(locked)
        _mark_submission(locked)
    elif move_name in SENDS_BACK:
        locked.return_due_on = again_by
    elif move_name == "take_back":
        _forget_submission(locked)
    locked.save()
    ReportStageChange.objects.create(
        report=locked, move=move_name, from_stage=before, to_stage=locked.stage, by=by, note=note
    )
    changes = {"stage": [before, locked.stage]}
    audit.record(f"report.{move_name}", by=by, target=locked, changes=changes, reason=note)
    for field in MOVED:
        setattr(report, field, getattr(locked, field))
    return report


def _refuse(move: Move, report: PeriodReport, note: str, by: Any | None, again_by: dt.date | None) -> None:
    reasons = move.refusals(report)
    if move.name in ASKS_WHY and not note.strip():
        reasons.append(Reason(_("Say what is to be changed."), code="note", field="note"))
    if again_by is not None and again_by < today():
        reasons.append(Reason(_("This day has passed."), code="day_passed", field="again_by"))
    if move.name in CHECKS and by is not None and by.pk in barred_from_checking(report):
        reasons.append(
            Reason(_("Who wrote a report or handed it over does not check it."), code="same_person")
        )
    if move.name == "ask_check" and not reasons and by is not None and not _somebody_is_left(report, by):
        reasons.append(NOBODY_LEFT)
    if reasons:
        raise Refused(reasons)


def _somebody_is_left(report: PeriodReport, by: Any) -> bool:
    """Whether anybody who records this unit's work has neither written in the report nor hands it over now."""
    wrote = {*report.writers.values_list("pk", flat=True), by.pk}
    return any(user.pk not in wrote for user in people_of(report.community_id))


def _mark_submission(report: PeriodReport) -> None:
    """Late is said once, of the first submission: a later return never makes a punctual report late."""
    if report.first_submitted_at is None:
        report.first_submitted_at = report.stage_since
        report.is_late = report.stage_since >= end_of_day(report.due_on)


def _forget_submission(report: PeriodReport) -> None:
    """What was taken back counts as not sent; what was sent back before keeps the day it first came."""
    if not report.stage_changes.filter(move__in=SENDS_BACK).exists():
        report.first_submitted_at, report.is_late = None, False
