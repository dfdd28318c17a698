"""What a report says in numbers, counted from what was recorded for its period. Unknown is None, never 0."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import format_date
from injuries.selectors import figures as injuries
from projects.enums import COUNTED_PROJECTS, TEACHING, ActivityKind, ProjectStage, ReportKind
from projects.models import (
    Activity,
    Decision,
    Diagnosis,
    Evidence,
    PeriodReport,
    Project,
    ProjectReview,
    ProjectStageChange,
    Shortcoming,
)

ENDED = (ProjectStage.COMPLETED, ProjectStage.STOPPED, ProjectStage.EVALUATED)
YEARLY = (ReportKind.YEAR_END, ReportKind.ASSOCIATION)
MOST_LINES = 40
LATEST = 12


def figures_of(report: PeriodReport) -> dict[str, Any]:
    """Plain JSON. Six questions, two more where injuries are counted and two for a whole year."""
    span = (report.period_from, report.period_to)
    figures = _activities(report, span) | _projects(report, span) | _shortcomings(report, span)
    decisions = Decision.objects.filter(
        activity__community=report.community_id, activity__on__lte=report.period_to
    )
    figures["decisions_open"] = decisions.filter(
        Q(done_on__isnull=True) | Q(done_on__gt=report.period_to)
    ).count()
    figures["evidence"] = Evidence.objects.filter(
        community=report.community_id, happened_on__range=span
    ).count()
    figures["injuries"] = injuries.in_days(report.community, *span)
    if report.kind in YEARLY:
        reviews = ProjectReview.objects.filter(project__community=report.community_id)
        figures["reviews"] = reviews.filter(reviewed_on__range=span).count()
        diagnoses = Diagnosis.objects.filter(community=report.community_id, began_on__range=span)
        figures["diagnoses"] = diagnoses.count()
    return figures


def _activities(report: PeriodReport, span: tuple[Any, Any]) -> dict[str, Any]:
    rows = (
        _of_period(report)
        .order_by()
        .values("kind")
        .annotate(n=Count("pk"), reached=Sum("people"), said=Count("people"))
    )
    kinds = {row["kind"]: row for row in rows}
    held = sum(row["n"] for row in kinds.values())
    said = sum(row["said"] for row in kinds.values())
    return {
        "activities": {kind: kinds[kind]["n"] for kind in ActivityKind.values if kind in kinds},
        "held": held,
        "people": sum(row["reached"] or 0 for row in kinds.values()) if said or not held else None,
        "people_unknown": held - said,
        "teaching": sum(kinds[kind]["n"] for kind in TEACHING if kind in kinds),
        "drills": kinds[ActivityKind.DRILL]["n"] if ActivityKind.DRILL in kinds else 0,
        "meetings": kinds[ActivityKind.MEETING]["n"] if ActivityKind.MEETING in kinds else 0,
        "exchanges": kinds[ActivityKind.EXCHANGE]["n"] if ActivityKind.EXCHANGE in kinds else 0,
    }


def _projects(report: PeriodReport, span: tuple[Any, Any]) -> dict[str, Any]:
    """By the days of the projects, not by the day on which somebody found time to record them."""
    has_begun = Q(stage__in=COUNTED_PROJECTS) | Q(stage=ProjectStage.STOPPED, has_run=True)
    begun = has_begun & Q(starts_on__range=span)
    ended = Q(stage__in=ENDED, ends_on__range=span)
    before_its_end = Q(starts_on__isnull=True) | Q(starts_on__lte=report.period_to)
    running = before_its_end & (
        Q(stage=ProjectStage.RUNNING)
        | Q(stage__in=ENDED, starts_on__isnull=False, ends_on__gt=report.period_to)
    )
    still = Q(stage=ProjectStage.RUNNING, ends_on__isnull=True) | Q(ends_on__gte=span[0])
    worked_on = before_its_end & has_begun & still
    started = ProjectStageChange.objects.filter(project=OuterRef("pk"), move="start")
    rows = Project.objects.filter(community=report.community_id).annotate(has_run=Exists(started))
    found = rows.aggregate(
        projects_begun=Count("pk", filter=begun),
        projects_ended=Count("pk", filter=ended),
        projects_running=Count("pk", filter=running),
        budget=Sum("budget", filter=worked_on),
        volunteers=Sum("volunteers", filter=worked_on),
    )
    budget = found["budget"]
    return found | {"budget": None if budget is None else f"{budget:.2f}"}


def _shortcomings(report: PeriodReport, span: tuple[Any, Any]) -> dict[str, int]:
    return Shortcoming.objects.filter(community=report.community_id).aggregate(
        shortcomings_found=Count("pk", filter=Q(found_on__range=span)),
        shortcomings_closed=Count("pk", filter=Q(closed_on__range=span)),
    )


def _of_period(report: PeriodReport) -> Any:
    return Activity.objects.filter(
        community=report.community_id, on__gte=report.period_from, on__lte=report.period_to
    )


def latest_entries(report: PeriodReport) -> list[Activity]:
    return list(_of_period(report).order_by("-on", "-pk")[:LATEST])


def draft_summary(report: PeriodReport) -> str:
    """One line for each activity, for the liaison to make sentences of."""
    rows = _of_period(report).order_by("on", "pk")
    lines = [_line(row) for row in rows[:MOST_LINES]]
    if len(lines) == MOST_LINES and (more := rows.count() - MOST_LINES):
        lines.append(ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})
    return "\n".join(lines)


def _line(row: Activity) -> str:
    what = {"day": format_date(row.on), "kind": row.get_kind_display(), "title": row.title}
    line = _("%(day)s: %(title)s (%(kind)s)") % what
    if row.people is None:
        return line
    people = ngettext("%(n)d person", "%(n)d people", row.people) % {"n": row.people}
    return _("%(line)s, %(people)s") % {"line": line, "people": people}


def figure_rows(figures: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """As the page shows them: label, value (None: unknown), note."""
    names = {
        "held": _("Activities"),
        "people": _("People reached"),
        "teaching": _("Trainings, lectures, publicity"),
        "drills": _("Drills"),
        "meetings": _("Meetings"),
        "projects_begun": _("Projects begun"),
        "projects_ended": _("Projects ended"),
        "projects_running": _("Projects running"),
        "decisions_open": _("Decisions still open"),
        "shortcomings_found": _("Shortcomings found (figure)"),
        "shortcomings_closed": _("Shortcomings closed (figure)"),
        "injuries": _("Injuries counted"),
        "evidence": _("Files of the period in the archive"),
    }
    if kind in YEARLY:
        names |= {
            "exchanges": _("Conferences and visits"),
            "reviews": _("Reviews of projects"),
            "diagnoses": _("Diagnoses begun"),
            "volunteers": _("Volunteers in projects"),
            "budget": _("Budget of the projects in yuan"),
        }
    return [
        {"label": label, "value": figures.get(name), "note": _note(name, figures)}
        for name, label in names.items()
    ]


def _note(name: str, figures: dict[str, Any]) -> str:
    if name == "held":
        kinds = dict(ActivityKind.choices)
        counted = figures.get("activities", {}).items()
        return "、".join(f"{kinds[kind]} {n}" for kind, n in counted if kind in kinds)
    unknown = figures.get("people_unknown")
    if name == "people" and unknown and figures.get("people") is not None:
        sentence = ngettext("not known of %(n)d activity", "not known of %(n)d activities", unknown)
        return sentence % {"n": unknown}
    return ""
