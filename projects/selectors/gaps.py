"""查漏补缺: for each of the twelve elements what is recorded for a year, and which gaps are still open (S2-9, S4-7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from projects.enums import TEACHING, ActivityKind, Element, ReportKind, ShortcomingSource
from projects.models import (
    Activity,
    Body,
    Diagnosis,
    EmergencyEquipment,
    EmergencyPlan,
    EmergencyTeam,
    Evidence,
    Finding,
    Goal,
    Organisation,
    PeriodReport,
    Plan,
    Project,
    ProjectReview,
    ResidentSurvey,
    ResponsibilityLetter,
    Shortcoming,
    Venue,
)
from projects.selectors.projects import counted
from projects.selectors.shortcomings import OPEN, Line, line_of

MOST_GAPS = 200
TOGETHER = (
    ActivityKind.CONTEST,
    ActivityKind.PERFORMANCE,
    ActivityKind.FORUM,
    ActivityKind.EXCHANGE,
)
FILES = "files"
# What is counted for each element, in the order in which it is read; the files of the element come last.
COUNTED: dict[Element, dict[str, str | Promise]] = {
    Element.ORGANISATION: {
        "bodies": _("working bodies"),
        "letters": _("letters of responsibility"),
        "meetings": _("meetings"),
    },
    Element.PARTICIPATION: {
        "organisations": _("organisations taking part"),
        "together": _("contests, performances, forums and exchanges"),
        "surveys": _("surveys of residents"),
    },
    Element.RISKS: {"diagnoses": _("diagnoses"), "findings": _("findings of a diagnosis")},
    Element.GOALS: {"plans": _("plans"), "goals": _("goals")},
    Element.PROJECTS: {"projects": _("safety promotion projects")},
    Element.TRAINING: {"teaching": _("trainings, lectures and publicity in the year")},
    Element.EMERGENCY: {
        "emergency_plans": _("emergency plans"),
        "teams": _("emergency teams"),
        "equipment": _("emergency equipment"),
        "drills": _("drills in the year"),
    },
    Element.MONITORING: {"inspections": _("inspections"), "venues": _("small businesses and venues")},
    Element.RECORDS: {},
    Element.ARCHIVE: {"archive": _("files of the year")},
    Element.CORRECTION: {"found": _("shortcomings found"), "closed": _("shortcomings closed")},
    Element.REVIEW: {"reviews": _("reviews of projects"), "reports": _("reports sent")},
}


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element. ``gaps``: those found in the year, and those that are still open from before."""

    element: str
    label: str
    facts: list[Fact]
    gaps: list[Line]

    @property
    def is_empty(self) -> bool:
        return not any(fact.number for fact in self.facts)


@dataclass(frozen=True, slots=True)
class GapBoard:
    rows: list[ElementRow]
    open_gaps: int
    is_cut: bool

    @property
    def empty(self) -> int:
        return sum(row.is_empty for row in self.rows)


def gap_board(community: Community, year: int) -> GapBoard:
    """Three questions, however much is recorded."""
    numbers = _numbers(community, year)
    files = _files(community, year)
    gaps, is_cut = _gaps(community, year)
    rows = [
        ElementRow(
            element.value,
            str(element.label),
            [
                *(Fact(str(label), numbers.get(name, 0)) for name, label in COUNTED[element].items()),
                Fact(str(_("files under this element")), files.get(element.value, 0)),
            ],
            [line_of(gap) for gap in gaps if gap.element == element],
        )
        for element in Element
    ]
    open_gaps = Shortcoming.objects.filter(
        OPEN, community=community, source=ShortcomingSource.INDICATOR
    ).count()
    return GapBoard(rows, open_gaps, is_cut)


def years_of(community: Community) -> list[int]:
    """This year and those with files or gaps; what is asked for is among them."""
    files = Evidence.objects.filter(community=community).dates("happened_on", "year")
    gaps = Shortcoming.objects.filter(community=community).dates("found_on", "year")
    return sorted({today().year, *(day.year for day in files), *(day.year for day in gaps)}, reverse=True)


def _gaps(community: Community, year: int) -> tuple[list[Shortcoming], bool]:
    rows = Shortcoming.objects.filter(
        OPEN | Q(found_on__year=year), community=community, source=ShortcomingSource.INDICATOR
    )
    rows = rows.select_related("organisation", "body", "venue", "authority")
    found = list(rows.order_by(F("closed_on").desc(nulls_first=True), "found_on", "pk")[: MOST_GAPS + 1])
    return found[:MOST_GAPS], len(found) > MOST_GAPS


def _files(community: Community, year: int) -> dict[str, int]:
    rows = Evidence.objects.filter(community=community, happened_on__year=year).order_by()
    return dict(rows.values_list("element").annotate(number=Count("pk")))


def _numbers(community: Community, year: int) -> dict[str, int]:
    """Every count by its name, in one question."""
    own, of_year = Q(community=community), Q(community=community, on__year=year)
    lasting: dict[str, QuerySet[Any]] = {
        "bodies": Body.objects.filter(own, ended_on__isnull=True),
        "organisations": Organisation.objects.filter(own),
        "findings": Finding.objects.filter(own, settled_on__isnull=True),
        "projects": counted(Project.objects.filter(own), year),
        "emergency_plans": EmergencyPlan.objects.filter(own),
        "teams": EmergencyTeam.objects.filter(own),
        "equipment": EmergencyEquipment.objects.filter(own),
        "venues": Venue.objects.filter(own, closed_on__isnull=True),
    }
    yearly: dict[str, QuerySet[Any]] = {
        "letters": ResponsibilityLetter.objects.filter(own, year=year),
        "surveys": ResidentSurvey.objects.filter(own, opens_on__year=year),
        "diagnoses": Diagnosis.objects.filter(own, began_on__year=year),
        "plans": Plan.objects.filter(own, year_from__lte=year, year_to__gte=year),
        "goals": Goal.objects.filter(own, year_from__lte=year, year_to__gte=year),
        "meetings": Activity.objects.filter(of_year, kind=ActivityKind.MEETING),
        "together": Activity.objects.filter(of_year, kind__in=TOGETHER),
        "teaching": Activity.objects.filter(of_year, kind__in=TEACHING),
        "drills": Activity.objects.filter(of_year, kind=ActivityKind.DRILL),
        "inspections": Activity.objects.filter(of_year, kind=ActivityKind.INSPECTION),
        "archive": Evidence.objects.filter(own, happened_on__year=year),
        "found": Shortcoming.objects.filter(own, found_on__year=year),
        "closed": Shortcoming.objects.filter(own, closed_on__year=year),
        "reviews": ProjectReview.objects.filter(project__community=community, reviewed_on__year=year),
        "reports": PeriodReport.objects.filter(
            own,
            kind__in=(ReportKind.HALF_YEAR, ReportKind.YEAR_END),
            period_from__year=year,
            first_submitted_at__isnull=False,
        ),
    }
    parts = [_named(name, rows) for name, rows in (lasting | yearly).items()]
    return dict(parts[0].union(*parts[1:], all=True))


def _named(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """(name, number), also where there is nothing."""
    named = rows.order_by().annotate(counted=Value(name, CharField()))
    return named.values_list("counted").annotate(number=Count("pk"))
