"""The table of moves of a report, and the one function that changes its stage.

to be written → sent → read and accepted; sent back, it is written anew. Source: 渝办发〔2010〕93号 asks for reports;
that a reader may send one back is the platform's own.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.clock import end_of_day, now
from core.errors import Reason, Refused
from core.workflow import Move, Workflow
from projects.authz import must
from projects.enums import ReportStage
from projects.models import PeriodReport, ReportStageChange
from projects.selectors.figures import figures_of


def summary_is_written(report: PeriodReport) -> Reason | None:
    if report.summary.strip():
        return None
    return Reason(_("Say what was done before you send the report."), code="summary", field="summary")


WRITABLE = frozenset({ReportStage.OPEN, ReportStage.RETURNED})
SENDS_BACK = frozenset({"send_back", "reopen"})

LIFECYCLE = Workflow(
    (
        Move(
            "submit",
            WRITABLE,
            ReportStage.SUBMITTED,
            Permission.WORK_RECORD,
            (summary_is_written,),
        ),
        Move("take_back", frozenset({ReportStage.SUBMITTED}), ReportStage.OPEN, Permission.WORK_RECORD),
        Move("send_back", frozenset({ReportStage.SUBMITTED}), ReportStage.RETURNED, Permission.WORK_JUDGE),
        Move("accept", frozenset({ReportStage.SUBMITTED}), ReportStage.ACCEPTED, Permission.WORK_JUDGE),
        Move("reopen", frozenset({ReportStage.ACCEPTED}), ReportStage.RETURNED, Permission.WORK_JUDGE),
    )
)


@transaction.atomic
def advance(report: PeriodReport, move_name: str, *, by: Any | None, note: str = "") -> PeriodReport:
    """Make one move; the only place where a report's stage changes.

    The row is locked, so of two people who press at once the second is refused. ``by=None`` is the system.
    Raises Refused with every reason, PermissionDenied without the right, LookupError for an unknown move.
    """
    locked = (
        PeriodReport.objects.select_for_update(of=("self",))
        .select_related("community__supervisor")
        .get(pk=report.pk)
    )
    move = LIFECYCLE.find(move_name)
    must(by, Permission(move.permission), locked.community)
    _refuse(move, locked, note)
    before = locked.stage
    locked.stage = move.to_stage
    locked.stage_since = now()
    locked.revision += 1
    if move_name == "submit":
        locked.figures = figures_of(locked)
        _mark_submission(locked)
    elif move_name == "take_back":
        _forget_submission(locked)
    locked.save()
    ReportStageChange.objects.create(
        report=locked, move=move_name, from_stage=before, to_stage=locked.stage, by=by, note=note
    )
    changes = {"stage": [before, locked.stage]}
    audit.record(f"report.{move_name}", by=by, target=locked, changes=changes, reason=note)
    for field in ("stage", "stage_since", "revision", "figures", "first_submitted_at", "is_late"):
        setattr(report, field, getattr(locked, field))
    return report


def _refuse(move: Move, report: PeriodReport, note: str) -> None:
    reasons = move.refusals(report)
    if move.name in SENDS_BACK and not note.strip():
        reasons.append(Reason(_("Say what is to be changed."), code="note", field="note"))
    if reasons:
        raise Refused(reasons)


def _mark_submission(report: PeriodReport) -> None:
    """Late is said once, of the first submission: a later return never makes a punctual report late."""
    if report.first_submitted_at is None:
        report.first_submitted_at = report.stage_since
        report.is_late = report.stage_since >= end_of_day(report.due_on)


def _forget_submission(report: PeriodReport) -> None:
    """What was taken back counts as not sent; what was sent back before keeps the day it first came."""
    if not report.stage_changes.filter(move__in=SENDS_BACK).exists():
        report.first_submitted_at, report.is_late = None, False
