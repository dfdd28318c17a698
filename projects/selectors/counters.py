"""What a community did in a year beside what is asked for; a shortfall warns and closes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractQuarter
from django.utils.functional import Promise

from communities.models import Community
from core.clock import today
from projects.enums import TEACHING, ActivityKind, BodyKind, Minimum, Organiser
from projects.models import Activity, Project, YearlyMinimum
from projects.selectors.projects import counted

# Which activities count towards which minimum; the list of activities takes the same names as filters.
COUNTED: dict[str, Q] = {
    Minimum.TEACHING.value: Q(kind__in=TEACHING),
    Minimum.DRILLS.value: Q(kind=ActivityKind.DRILL),
    Minimum.MEETINGS.value: Q(kind=ActivityKind.MEETING, body__kind=BodyKind.LEADING_GROUP),
}
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Counter:
    """One number of the year. ``quarters``: how many in each of the four, where each quarter asks for its own."""

    code: str
    label: str | Promise
    number: int
    least: int
    source: str
    is_met: bool
    quarters: tuple[int, ...] = ()


def counters(community: Community, year: int) -> tuple[Counter, ...]:
    return counters_of([community.pk], year)[community.pk]


def counters_of(community_ids: Collection[int], year: int) -> dict[int, tuple[Counter, ...]]:
    """The counters of each of these communities, always in the same order; two queries however many there are.

    What staff switched off is left out; a community without anything has its zeros.
    """
    minima = _minima(set(COUNTED) | {Minimum.PROJECTS.value})
    found = _counts(community_ids, year)
    return {key: tuple(_counter(one, found[key, one.code], year) for one in minima) for key in community_ids}


def trainings_of(authority_ids: Collection[int], year: int) -> dict[int, Counter]:
    """What each of these authorities taught in the year; nothing where staff switched the minimum off."""
    minima = _minima({Minimum.DISTRICT_TRAINING.value})
    rows = Activity.objects.filter(
        organiser=Organiser.AUTHORITY, authority__in=authority_ids, kind__in=TEACHING, on__year=year
    )
    found = dict(rows.order_by().values_list("authority").annotate(number=Count("pk")))
    return {key: _counter(one, {1: found.get(key, 0)}, year) for one in minima for key in authority_ids}


def begun_quarters(year: int, day: dt.date) -> tuple[int, ...]:
    """Those that have begun by this day; all of them for a year that has not begun itself."""
    if year == day.year:
        return QUARTERS[: (day.month + 2) // 3]
    return QUARTERS


def _minima(codes: Iterable[str]) -> list[YearlyMinimum]:
    rows = {one.code: one for one in YearlyMinimum.objects.filter(code__in=codes, is_on=True)}
    return [rows[code] for code in Minimum.values if code in rows]


def _counts(community_ids: Collection[int], year: int) -> dict[tuple[int, str], dict[int, int]]:
    """(community, minimum) → quarter → number; projects have no quarter and stand in the first."""
    rows: QuerySet[Any, Any] = _activities(community_ids, year).union(
        _projects(community_ids, year), all=True
    )
    found: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for community_id, code, quarter, number in rows:
        found[community_id, code][quarter] = number
    return found


def _activities(community_ids: Collection[int], year: int) -> QuerySet[Any, Any]:
    named = (When(condition, then=Value(code)) for code, condition in COUNTED.items())
    rows = Activity.objects.filter(community__in=community_ids, on__year=year).annotate(
        code=Case(*named, output_field=CharField()), quarter=ExtractQuarter("on")
    )
    counted = rows.filter(code__isnull=False).order_by()
    return counted.values_list("community_id", "code", "quarter").annotate(number=Count("pk"))


def _projects(community_ids: Collection[int], year: int) -> QuerySet[Any, Any]:
    rows = counted(Project.objects.filter(community__in=community_ids), year)
    named = rows.order_by().annotate(
        code=Value(Minimum.PROJECTS.value, CharField()), quarter=Value(1, IntegerField())
    )
    return named.values_list("community_id", "code", "quarter").annotate(number=Count("pk"))


def _counter(minimum: YearlyMinimum, counted: dict[int, int], year: int) -> Counter:
    number = sum(counted.values())
    quarters: tuple[int, ...] = ()
    is_met = number >= minimum.least
    if minimum.code == Minimum.MEETINGS:
        quarters = tuple(counted.get(quarter, 0) for quarter in QUARTERS)
        begun = begun_quarters(year, today())
        is_met = all(quarters[quarter - 1] >= minimum.least for quarter in begun)
    return Counter(
        minimum.code,
        Minimum(minimum.code).label,
        number,
        minimum.least,
        minimum.source,
        is_met,
        quarters,
    )
