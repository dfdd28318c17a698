"""The reports of many communities at once: what was due, what came in time, what is missing, what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import where
from communities.enums import Standing
from communities.figures import remembered, stamp
from communities.models import Community
from core.clock import today
from core.paging import BothEndsPaginator
from projects.enums import ReportKind, ReportStage
from projects.models import PeriodReport, SafetyWork
from projects.selectors.counters import Counter, counters_of
from projects.selectors.reports import asked, period_of
from projects.selectors.shortcomings import Tally as ShortcomingTally
from projects.selectors.shortcomings import tallies_of

PER_PAGE = 50
COLUMNS = {
    "due": _("Reports due"),
    "on_time": _("Sent in time"),
    "late": _("Sent late"),
    "missing": _("Not sent"),
    "returned": _("Sent back"),
    "waiting": _("To be read"),
}
# By what the list of communities may be narrowed.
STANDINGS = ("missing", "late", "returned", "waiting")


@dataclass(frozen=True, slots=True)
class BoardFilter:
    year: int
    kind: str = ""
    standing: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """``due``: their day has passed, or they were sent before it. on_time + late + missing = due."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    returned: int = 0
    waiting: int = 0

    @property
    def sent(self) -> int:
        return self.on_time + self.late

    @property
    def cells(self) -> list[tuple[Any, int]]:
        return [(label, getattr(self, name)) for name, label in COLUMNS.items()]

    def __add__(self, other: Tally) -> Tally:
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in COLUMNS})


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: str
    label: Any
    tally: Tally


@dataclass(frozen=True, slots=True)
class CommunityRow:
    community: Community
    tally: Tally
    counters: tuple[Counter, ...] = field(default=())
    shortcomings: ShortcomingTally = field(default=ShortcomingTally())


def below(user: Any, permission: Permission = Permission.WORK_VIEW) -> QuerySet[Community]:
    """The communities below this reader's posts, or all, that record their work here."""
    works = SafetyWork.objects.values("community")
    found = Community.objects.filter(where(user, permission), pk__in=works)
    return found.exclude(standing=Standing.MERGED)


def not_begun(user: Any) -> int:
    """Those below that record nothing here: their reports are not missing, they are not asked for."""
    found = Community.objects.filter(where(user, Permission.WORK_VIEW), safety_work__isnull=True)
    return found.exclude(standing=Standing.MERGED).count()


def of_province(communities: QuerySet[Community], province: str) -> QuerySet[Community]:
    return communities.filter(province_name=province) if province else communities


def reports_of(
    communities: QuerySet[Community], wanted: BoardFilter, *, of_all: bool = False
) -> QuerySet[PeriodReport]:
    """``of_all``: the communities are all that record their work. The few that were merged are then left out, so that
    no report looks up its community; there is none without work.
    """
    rows = asked(PeriodReport.objects.filter(period_from__year=wanted.year))
    rows = rows.filter(kind=wanted.kind) if wanted.kind else rows
    if of_all:
        return rows.exclude(community__in=Community.objects.filter(standing=Standing.MERGED).values("pk"))
    return rows.filter(community__in=communities.values("pk"))


def _conditions() -> dict[str, Q]:
    sent, day = Q(first_submitted_at__isnull=False), today()
    return {
        "due": sent | Q(due_on__lt=day),
        "on_time": sent & Q(is_late=False),
        "late": sent & Q(is_late=True),
        "missing": Q(first_submitted_at__isnull=True, due_on__lt=day),
        "returned": Q(stage=ReportStage.RETURNED),
        "waiting": Q(stage=ReportStage.SUBMITTED),
    }


def _tallies(rows: QuerySet[PeriodReport], by: str) -> dict[Any, Tally]:
    counts = {name: Count("pk", filter=condition) for name, condition in _conditions().items()}
    found = rows.order_by().values(by).annotate(**counts)
    return {row.pop(by): Tally(**row) for row in found}


def by_kind(rows: QuerySet[PeriodReport], wanted: BoardFilter, *, of_all: bool = False) -> list[KindRow]:
    """One question, whatever the number of communities; ``of_all`` (as in ``reports_of``) once for each change."""
    count = partial(_tallies, rows, "kind")
    name = f"reports:{wanted.year}:{wanted.kind}"
    found = remembered(name, stamp(), count) if of_all else count()
    return [KindRow(kind.value, kind.label, found[kind]) for kind in ReportKind if kind in found]


def page_of(
    communities: QuerySet[Community], rows: QuerySet[PeriodReport], wanted: BoardFilter, number: str | None
) -> Page[Any]:
    """Fifty communities, with what each owes and the counters of its year: six questions for the page."""
    if wanted.standing in STANDINGS:
        fitting = rows.filter(_conditions()[wanted.standing], community=OuterRef("pk"))
        communities = communities.filter(Exists(fitting))
    ordered = communities.order_by("province_name", "city_name", "name_zh", "pk")
    page = BothEndsPaginator(ordered, PER_PAGE).get_page(number)
    keys = [community.pk for community in page.object_list]
    tallies = _tallies(rows.filter(community__in=keys), "community")
    counted = counters_of(keys, wanted.year)
    shortcomings = tallies_of(keys)
    page.object_list = [
        CommunityRow(
            community,
            tallies.get(community.pk, Tally()),
            counted[community.pk],
            shortcomings[community.pk],
        )
        for community in page.object_list
    ]
    return page


def years_of(communities: QuerySet[Community]) -> list[int]:
    """From the first that has a report to the last, and this one; newest first. Both ends are looked up by index."""
    rows = PeriodReport.objects.filter(community__in=communities.values("pk"))
    days = rows.order_by("period_from").values_list("period_from", flat=True)
    years = {day.year for day in (days.first(), days.last(), today()) if day}
    return list(range(max(years), min(years) - 1, -1))


def provinces_of(communities: QuerySet[Community]) -> list[str]:
    names = communities.exclude(province_name="").order_by("province_name")
    return list(names.values_list("province_name", flat=True).distinct())


def waiting_for(user: Any) -> QuerySet[PeriodReport]:
    """What was sent to this reader and not read yet, the oldest first."""
    communities = below(user, Permission.WORK_JUDGE)
    rows = PeriodReport.objects.filter(stage=ReportStage.SUBMITTED, community__in=communities.values("pk"))
    return rows.select_related("community").order_by("stage_since", "pk")


def waiting_page(user: Any, number: str | None) -> Page[Any]:
    page = BothEndsPaginator(waiting_for(user), PER_PAGE).get_page(number)
    page.object_list = [(row, period_of(row.kind, row.period_from)) for row in page.object_list]
    return page
