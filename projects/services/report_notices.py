"""The mails that tell a community what became of its report. Written in the decision's transaction."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from notices import kinds
from notices import services as notices
from notices.enums import Kind
from projects.enums import ReportStage
from projects.models import PeriodReport
from projects.selectors.report_people import named, people_of

KINDS = {ReportStage.RETURNED: Kind.REPORT_RETURNED, ReportStage.ACCEPTED: Kind.REPORT_ACCEPTED}
STAGES = {kind: stage for stage, kind in KINDS.items()}


def register() -> None:
    for kind in STAGES:
        kinds.register(kind, still_wanted=is_still_true)


def tell_community(report: PeriodReport, *, note: str = "") -> None:
    """A mail and a message on the site to each member who records the work."""
    for user in people_of(report.community_id):
        with translation.override(user.language or settings.LANGUAGE_CODE):
            context = {
                "community": report.community.name_zh,
                "report": named(report),
                "note": note,
                "deadline": report.return_due_on.isoformat() if report.return_due_on else "",
                "path": reverse("projects:report", args=[report.community_id, report.pk]),
            }
        notices.tell(
            kind=KINDS[ReportStage(report.stage)],
            subject=report,
            recipient=user,
            community_id=report.community_id,
            context=context,
            step=f"revision {report.revision}",
        )


def is_still_true(notice: Any) -> bool:
    """Asked when the mail leaves: the report still stands where it says, and its reader still belongs to the unit."""
    report = PeriodReport.objects.filter(pk=notice.subject.rpartition(":")[2]).first()
    if report is None or report.stage != STAGES[Kind(notice.kind)]:
        return False
    return notice.recipient in people_of(report.community_id)
