"""The activities of a community, of an authority or of the association: lists, counts, what is still open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise

from communities.models import Authority, Community
from core import dates
from core.clock import today
from core.paging import BothEndsPaginator
from projects.enums import ActivityKind, Minimum, Organiser, Setting, TargetGroup, TraineeLevel
from projects.models import Activity, Decision, Evidence
from projects.selectors.counters import COUNTED, Counter, counters

PER_PAGE = 20
LATEST = 4
# What a drill or an inspection found and nobody has answered yet.
UNANSWERED = ~Q(shortcomings="") & Q(follow_up="")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose activities: one community's, one authority's, or – neither given – the association's own."""

    community: Community | None = None
    authority: Authority | None = None

    @property
    def organiser(self) -> Organiser:
        if self.community is not None:
            return Organiser.COMMUNITY
        return Organiser.AUTHORITY if self.authority is not None else Organiser.ASSOCIATION

    def activities(self) -> QuerySet[Activity]:
        return Activity.objects.filter(
            organiser=self.organiser, community=self.community, authority=self.authority
        )


@dataclass(frozen=True, slots=True)
class KindCount:
    value: str
    label: str | Promise
    number: int


def of_year(owner: Owner, year: int, kind: str = "") -> QuerySet[Activity]:
    """``kind``: a kind of activity, or the name of a counter for those that count towards it; else all."""
    rows = owner.activities().filter(on__year=year)
    if kind in COUNTED:
        rows = rows.filter(COUNTED[kind])
    elif kind in ActivityKind.values:
        rows = rows.filter(kind=kind)
    return with_pictures(rows).select_related("project", "body").order_by("-on", "-pk")


def with_pictures(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    return rows.prefetch_related("evidence__file", "evidence__thumbnail")


def page_of(rows: QuerySet[Activity], number: str | None) -> Page[Activity]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def kinds_of_year(owner: Owner, year: int) -> list[KindCount]:
    """Only kinds that there are, in the order of the list of kinds."""
    rows = owner.activities().filter(on__year=year).order_by()
    found = dict(rows.values_list("kind").annotate(number=Count("pk")))
    return [KindCount(value, label, found[value]) for value, label in ActivityKind.choices if value in found]


def years_of(owner: Owner) -> list[int]:
    """This year and every year with an activity, the latest first."""
    days = owner.activities().dates("on", "year")
    return sorted({day.year for day in days} | {today().year}, reverse=True)


def filter_label(kind: str) -> str | Promise:
    return Minimum(kind).label if kind in COUNTED else dict(ActivityKind.choices).get(kind, "")


# In the order in which an activity is read; what is empty is left out.
SHOWN = (
    "people",
    "project",
    "body",
    "emergency",
    "emergency_plan",
    "level",
    "training_form",
    "planned",
    "channel",
    "agenda",
    "minutes",
    "scenario",
    "result",
    "shortcomings",
    "follow_up",
)


def facts_of(activity: Activity, *, sees_names: bool) -> list[tuple[str, Any]]:
    """Label and value of everything that was filled in; minutes name persons, and are not for everybody."""
    facts = [(_label(name), _shown(activity, name)) for name in SHOWN if sees_names or name != "minutes"]
    for name, choices in (("trained", TraineeLevel), ("groups", TargetGroup), ("six_settings", Setting)):
        words = [str(choices(code).label) for code in getattr(activity, name) if code in choices.values]
        facts.append((_label(name), "、".join(words)))
    facts.append((_label("created_at"), dates.format_moment(activity.created_at)))
    return [(label, value) for label, value in facts if value not in (None, "")]


def _label(name: str) -> str:
    field: Any = Activity._meta.get_field(name)  # noqa: SLF001 - Django's public _meta
    return str(field.verbose_name)


def _shown(activity: Activity, name: str) -> Any:
    display = getattr(activity, f"get_{name}_display", None)
    value = display() if display is not None else getattr(activity, name)
    return None if value is None else str(value)


def decisions_of(activity: Activity) -> QuerySet[Decision]:
    return activity.decisions.select_related("organisation").order_by("pk")


def open_decisions(community: Community) -> QuerySet[Decision]:
    """What a meeting decided and nobody has done: first what is due first, last what has no day."""
    rows = Decision.objects.filter(activity__community=community, done_on__isnull=True)
    return rows.select_related("organisation", "activity").order_by(F("due_on").asc(nulls_last=True), "pk")


def unanswered(community: Community) -> QuerySet[Activity]:
    """Drills and inspections with shortcomings of which nobody has said what follows."""
    return Owner(community).activities().filter(UNANSWERED).order_by("-on", "-pk")


@dataclass(frozen=True, slots=True)
class HomeActivities:
    year: int
    counters: tuple[Counter, ...]
    latest: list[Activity]
    open_decisions: int
    overdue: int
    unanswered: int


def home_activities(community: Community) -> HomeActivities:
    day = today()
    waiting = open_decisions(community).aggregate(
        number=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=day))
    )
    return HomeActivities(
        year=day.year,
        counters=counters(community, day.year),
        latest=list(with_pictures(Owner(community).activities().order_by("-on", "-pk"))[:LATEST]),
        open_decisions=waiting["number"],
        overdue=waiting["overdue"],
        unanswered=unanswered(community).count(),
    )


def pictured(activity: Activity) -> Evidence | None:
    """The first of its files that has a small picture; asks nothing where files were read together."""
    return next((one for one in activity.evidence.all() if one.thumbnail_id), None)
