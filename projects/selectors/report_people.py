"""Who still owes a report by when, and whom a mail about it reaches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.enums import Permission
from communities.enums import Standing
from communities.selectors.addressees import reached
from core.clock import today
from notices.enums import Channel
from notices.plans import Duty
from notices.selectors import is_reminded
from projects.enums import IN_THE_UNIT, OWED_REPORTS
from projects.models import PeriodReport, ReportRule
from projects.selectors.reports import period_of

NAME = "report"


def owing(rule: int) -> QuerySet[Any]:
    """What was never sent, and what came back with a last day of its own; a return without one has its mail alone."""
    kinds = ReportRule.objects.filter(pk=rule, is_on=True).values("kind")
    never_sent = Q(stage__in=IN_THE_UNIT, first_submitted_at__isnull=True)
    came_back = Q(stage__in=OWED_REPORTS, return_due_on__isnull=False)
    rows = PeriodReport.objects.filter(never_sent | came_back, kind__in=kinds)
    return rows.exclude(community__standing=Standing.MERGED).annotate(
        by_day=Coalesce("return_due_on", "due_on")
    )


def due_days(rule: int) -> list[dt.date]:
    days = owing(rule).order_by("by_day").values_list("by_day", flat=True)
    return list(days.distinct())


def duties(rule: int, due_on: dt.date) -> list[Duty]:
    rows = owing(rule).filter(by_day=due_on).select_related("community__supervisor").order_by("pk")
    found = list(rows)
    people = reached([row.community_id for row in found], permission=Permission.WORK_RECORD)
    return [
        Duty(
            subject=f"projects.periodreport:{row.pk}",
            due_on=due_on,
            since=row.stage_since if row.return_due_on else row.created_at,
            community_id=row.community_id,
            addressees=people[row.community_id].addressees,
            context=mail_context(row),
            # The authority knows of what it sent back itself.
            authority="" if row.return_due_on else authority_address(row),
            users=people[row.community_id].users,
        )
        for row in found
    ]


def mail_context(report: PeriodReport) -> dict[str, Any]:
    return {
        "community": report.community.name_zh,
        "report": named(report),
        "came_back": report.return_due_on is not None,
        "path": reverse("projects:report", args=[report.community_id, report.pk]),
    }


def named(report: PeriodReport) -> str:
    return f"{report.get_kind_display()}（{period_of(report.kind, report.period_from)}）"


def authority_address(report: PeriodReport) -> str:
    supervisor = report.community.supervisor
    return supervisor.mailbox.lower() if supervisor else ""


def people_of(community_id: int) -> tuple[Any, ...]:
    """The accounts that record the work of a community."""
    return reached([community_id], permission=Permission.WORK_RECORD)[community_id].users


def of_notice(notice: Any) -> PeriodReport | None:
    """The report a notice is about, if it is still owed by the same day and reminders of its kind go out."""
    found = PeriodReport.objects.filter(pk=notice.subject.rpartition(":")[2])
    report = found.select_related("community__supervisor").first()
    if report is None or report.last_day.isoformat() != notice.due_on:
        return None
    rule = ReportRule.objects.filter(kind=report.kind).first()
    if rule is None or not owing(rule.pk).filter(pk=report.pk).exists():
        return None
    return report if is_reminded(f"{NAME}:{rule.pk}") else None


def is_still_wanted(notice: Any) -> bool:
    """Asked when a reminder leaves: not once the report was sent, nor to who has left the community."""
    report = of_notice(notice)
    if report is None:
        return False
    people = reached([report.community_id], permission=Permission.WORK_RECORD)[report.community_id]
    if notice.channel == Channel.SITE:
        return notice.recipient_id in {user.pk for user in people.users}
    return notice.address in {addressee.address for addressee in people.addressees}


def is_still_missing(notice: Any) -> bool:
    report = of_notice(notice)
    return report is not None and authority_address(report) == notice.address and report.due_on < today()


def exists(rule: int) -> bool:
    return ReportRule.objects.filter(pk=rule).exists()


def label(rule: int) -> str:
    return str(ReportRule.objects.get(pk=rule))


def back(rule: int) -> str:
    return reverse("projects:rules")
