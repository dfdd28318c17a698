"""Where each report stands: due, missing, sent, sent back, accepted; late is told beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Permission
from communities.enums import REACHING
from communities.models import Community
from core.clock import today
from core.dates import format_date, format_moment
from core.duties import DutyCard
from projects.enums import IN_THE_UNIT, OWED_REPORTS, ReportKind, ReportStage
from projects.models import Evidence, PeriodReport, ReportRule, ReportStageChange

MOST_FILES = 60
# A report that is due later than this is nobody's worry today.
AHEAD = dt.timedelta(days=31)

_TAGS = {
    ReportStage.SUBMITTED: "sent",
    ReportStage.RETURNED: "returned",
    ReportStage.ACCEPTED: "passed",
}
_STEPS = {
    "submit": gettext_lazy("Sent"),
    "ask_check": gettext_lazy("Handed over for the check"),
    "confirm": gettext_lazy("Checked and sent"),
    "give_back": gettext_lazy("Given back inside the unit"),
    "take_back": gettext_lazy("Taken back"),
    "send_back": gettext_lazy("Sent back"),
    "accept": gettext_lazy("Read and accepted"),
    "reopen": gettext_lazy("Opened again"),
}

_ACTIONS = {
    ReportStage.RETURNED: gettext_lazy("Change the report"),
    ReportStage.TO_CHECK: gettext_lazy("Check the report"),
}


def asked(rows: QuerySet[PeriodReport]) -> QuerySet[PeriodReport]:
    """Without those that were never sent and whose kind is no longer asked for."""
    off = ReportRule.objects.filter(is_on=False).values("kind")
    return rows.exclude(stage__in=IN_THE_UNIT, first_submitted_at__isnull=True, kind__in=off)


@dataclass(frozen=True, slots=True)
class Line:
    """A report in a list. ``tag``: the kind of the tag beside it."""

    report: PeriodReport
    period: str
    tag: str
    word: str
    is_due: bool


def line_of(report: PeriodReport) -> Line:
    is_due = report.stage in OWED_REPORTS
    tag, word = _TAGS.get(ReportStage(report.stage), "draft"), str(report.get_stage_display())
    if report.stage in IN_THE_UNIT and report.first_submitted_at is None and report.due_on < today():
        tag, word = "late", word if report.stage == ReportStage.TO_CHECK else _("missing report")
    return Line(report, period_of(report.kind, report.period_from), tag, word, is_due)


def period_of(kind: str, begins: dt.date) -> str:
    """2026年3月, 2026年上半年, 2026年."""
    if kind == ReportKind.MONTHLY:
        return format_date(f"{begins:%Y-%m}")
    year = format_date(f"{begins:%Y}")
    if kind == ReportKind.HALF_YEAR:
        half = _("first half") if begins.month == 1 else _("second half")
        return _("%(year)s, %(half)s") % {"year": year, "half": half}
    return year


def of_year(community: Community, year: int) -> list[Line]:
    """At most sixteen: twelve months, two halves, two for the year."""
    rows = asked(PeriodReport.objects.filter(community=community, period_from__year=year))
    return [line_of(report) for report in rows.order_by("-due_on", "kind", "pk")]


def years(community: Community) -> list[int]:
    days = PeriodReport.objects.filter(community=community).dates("period_from", "year", order="DESC")
    return [day.year for day in days]


def timeline(report: PeriodReport) -> list[dict[str, str]]:
    """Entries for ``components/timeline.html``."""
    steps = ReportStageChange.objects.filter(report=report).select_related("by").order_by("at", "pk")
    return [
        {
            "title": str(_STEPS.get(step.move, step.move)),
            "state": "done",
            "when": f"{format_moment(step.at)}　{step.by or ''}".strip(),
            "note": step.note,
        }
        for step in steps
    ]


def remark_of(report: PeriodReport) -> str:
    """What was said when the report last came back, while it is being written again."""
    step = ReportStageChange.objects.filter(report=report).order_by("at", "pk").last()
    has_come_back = step is not None and step.to_stage in {ReportStage.OPEN, ReportStage.RETURNED}
    return step.note if step is not None and has_come_back and report.stage == step.to_stage else ""


def barred_from_checking(report: PeriodReport) -> set[int]:
    """The accounts that wrote in it since it was last sent, and the one that handed it over: others check it."""
    steps = ReportStageChange.objects.filter(report=report, move="ask_check").order_by("-at", "-pk")
    handed_over = steps.values_list("by", flat=True).first()
    wrote = set(report.writers.values_list("pk", flat=True))
    return wrote if handed_over is None else wrote | {handed_over}


def files_for(report: PeriodReport) -> QuerySet[Evidence]:
    """The files of the period and those that are shown already."""
    of_period = Q(happened_on__range=(report.period_from, report.period_to))
    rows = Evidence.objects.filter(of_period | Q(reports=report), community=report.community_id).distinct()
    chosen = list(rows.order_by("-happened_on", "-pk").values_list("pk", flat=True)[:MOST_FILES])
    attached = list(report.evidence.values_list("pk", flat=True))
    return Evidence.objects.filter(pk__in={*chosen, *attached}).order_by("-happened_on", "-pk")


def owed_soon(rows: QuerySet[PeriodReport]) -> QuerySet[PeriodReport]:
    """What of these is owed or soon will be, the earliest first."""
    near = Q(due_on__lte=today() + AHEAD) | Q(stage=ReportStage.RETURNED)
    owed = asked(rows.filter(near, stage__in=OWED_REPORTS)).select_related("community")
    return owed.order_by(Coalesce("return_due_on", "due_on"), "pk")


def home_rhythm(community: Community) -> dict[str, Any]:
    """What the home of a community shows of its reports."""
    return {
        "owed": [line_of(report) for report in owed_soon(PeriodReport.objects.filter(community=community))]
    }


def duty_cards(user: Any) -> list[DutyCard]:
    """The reports that this person's communities owe, for the first page of the portal."""
    member = {"community__memberships__user": user, "community__memberships__state__in": REACHING}
    codes = F("community__memberships__role__permissions")
    rows = owed_soon(PeriodReport.objects.filter(**member)).annotate(codes=codes)
    own = [row for row in rows if Permission.WORK_RECORD in row.codes]
    remarks = _remarks([row.pk for row in own if row.stage == ReportStage.RETURNED])
    others_check = _others_check(user, [row.pk for row in own if row.stage == ReportStage.TO_CHECK])
    return [_card(line_of(row), remarks.get(row.pk, "")) for row in own if row.pk not in others_check]


def _others_check(user: Any, waiting: list[int]) -> set[int]:
    """Those of the waiting reports that this person wrote in, or handed over last."""
    if not waiting:
        return set()
    steps = ReportStageChange.objects.filter(report__in=waiting, move="ask_check").order_by("at", "pk")
    handed_over = {report for report, by in dict(steps.values_list("report", "by")).items() if by == user.pk}
    wrote = PeriodReport.objects.filter(pk__in=waiting, writers=user.pk)
    return handed_over | set(wrote.values_list("pk", flat=True))


def _remarks(returned: list[int]) -> dict[int, str]:
    """Of each report the remark with which it last came back, by one question."""
    steps = ReportStageChange.objects.filter(report__in=returned, to_stage=ReportStage.RETURNED)
    return dict(steps.order_by("at", "pk").values_list("report", "note")) if returned else {}


def _card(line: Line, remark: str) -> DutyCard:
    report = line.report
    return DutyCard(
        over=report.community.name,
        title=f"{report.get_kind_display()}　{line.period}",
        url=reverse("projects:report", args=[report.community_id, report.pk]),
        action=str(_ACTIONS.get(ReportStage(report.stage), _("Write the report"))),
        due_on=report.return_due_on if report.stage == ReportStage.RETURNED else report.last_day,
        tag=line.tag,
        word=line.word,
        note=remark,
    )
