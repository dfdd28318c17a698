"""Of what the counted data sets tell: which years, families and months, so that only like is compared with like.

A figure falls when a source falls silent, and nobody was hurt less. So a year is whole when it is over and every
source that tells of it tells of all its months; it is compared only with whole years of the same sources. A source
is a family from one kind of house: the police and the hospital do not count the same cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest, Least
from django.utils.translation import get_language

from communities.models import Community
from core.clock import today
from injuries.enums import Dimension, Form
from injuries.models import DataSet, Total
from injuries.months import Month
from injuries.selectors.scopes import View

Source = tuple[int, str]  # number of the family, kind of the house
WHOLE = 12


@dataclass(frozen=True, slots=True)
class Told:
    """Of one community: the months (0 to 11) of each year by source. ``names``: the families' words."""

    months: Mapping[int, Mapping[Source, frozenset[int]]]
    names: Mapping[int, str]

    @property
    def years(self) -> list[int]:
        """The newest first."""
        return sorted(self.months, reverse=True)

    def of(self, year: int) -> frozenset[Source]:
        return frozenset(self.months.get(year, ()))

    def whole_of(self, year: int) -> frozenset[Source]:
        """The sources that tell of the whole year; none while it runs."""
        if year >= today().year:
            return frozenset()
        return frozenset(source for source, found in self.months.get(year, {}).items() if len(found) == WHOLE)

    def is_whole(self, year: int) -> bool:
        return bool(self.of(year)) and self.whole_of(year) == self.of(year)

    def words(self, sources: Iterable[Source]) -> str:
        return listed(sorted({self.names[family] for family, _kind in sources}))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a year and the years before it rest on.

    ``counted``: how many communities tell of each year, of ``of_all``. ``whole``: years that are over, of which every
    source tells in full. ``alike``: the earlier ones of these with the same sources as ``year``. ``months``: those of
    ``year`` that are over and told of, 0 to 11.
    """

    year: int
    counted: Mapping[int, int]
    of_all: int
    whole: frozenset[int]
    alike: frozenset[int]
    months: frozenset[int]

    @property
    def is_running(self) -> bool:
        return self.year >= today().year

    @property
    def others(self) -> list[int]:
        """Earlier years with figures with which this one is not compared; the newest first."""
        return sorted(
            (one for one in self.counted if one < self.year and one not in self.alike), reverse=True
        )


def listed(words: Iterable[Any]) -> str:
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(map(str, words))


def told_of(community: Community) -> Told:
    """Two queries. Months to come are told by nobody, nor are those of which a source of totals has said nothing."""
    now = Month.of(today())
    months: defaultdict[int, defaultdict[Source, set[int]]] = defaultdict(lambda: defaultdict(set))
    names: dict[int, str] = {}
    rows = DataSet.objects.filter(community=community, is_counted=True, first_month__lte=now)
    for row in rows.select_related("family"):
        names[row.family.number] = str(row.family.label)
        if row.form == Form.RECORDS:
            for month in range(row.first_month, min(row.last_month, now) + 1):
                months[Month.year(month)][row.family.number, row.source_kind].add(month % 12)
    said = Total.objects.filter(
        data_set__community=community, data_set__is_counted=True, dimension=Dimension.ALL, month__lte=now
    ).values_list("month", "data_set__family__number", "data_set__source_kind")
    for month, family, kind in said.order_by().distinct():
        months[Month.year(month)][family, kind].add(month % 12)
    return Told(
        {year: {source: frozenset(own) for source, own in found.items()} for year, found in months.items()},
        names,
    )


def years_of(community: Community) -> list[int]:
    """The years of which a community's counted data tell, the newest first; a year without a case is one of them."""
    return told_of(community).years


def whole_years_of(community: Community) -> list[int]:
    """Those that are over and told of in full, the newest first: what may be compared."""
    told = told_of(community)
    return [year for year in told.years if told.is_whole(year)]


def years_counted(view: View) -> list[int]:
    """The years of which counted data tell, the newest first.

    Of several communities: of which any tells. One query, and one more where only totals were begun for a year.
    """
    if view.community is not None:
        return years_of(view.community)
    sets = _sets(view)
    begun: defaultdict[str, set[int]] = defaultdict(set)
    for form, first, last in sets.order_by().values_list("form", "first_month", "last_month").distinct():
        begun[form].update(range(Month.year(first), min(Month.year(last), today().year) + 1))
    told = begun[Form.RECORDS]
    if unsure := begun[Form.TOTALS] - told:
        said = Total.objects.filter(
            data_set__in=sets,
            dimension=Dimension.ALL,
            month__gte=Month.at(min(unsure), 1),
            month__lte=Month.at(max(unsure), 12),
        )
        told |= {Month.year(month) for month in said.order_by().values_list("month", flat=True).distinct()}
    return sorted(told, reverse=True)


def spanned(years: list[int]) -> list[int]:
    """``years``, the newest first, with those between of which nothing is told: a reader sees the gap."""
    return list(range(years[0], years[-1] - 1, -1)) if years else []


def opening(years: list[int]) -> int:
    """The year with which a page opens: the last that is over, for a running one looks like fewer injuries."""
    running = today().year
    return next((year for year in years if year < running), years[0] if years else running)


def coverage_of(view: View, year: int, first: int) -> Coverage:
    """Of the years from ``first`` to ``year``; two queries for one community, at most five for several."""
    if view.community is not None:
        return _of_one(told_of(view.community), year, first)
    return _of_several(view, year, range(first, year + 1))


def _of_one(told: Told, year: int, first: int) -> Coverage:
    whole = frozenset(one for one in told.years if first <= one <= year and told.is_whole(one))
    own = told.months.get(year, {})
    return Coverage(
        year,
        {one: 1 for one in told.years if first <= one <= year},
        1,
        whole,
        frozenset(one for one in whole if one < year and told.of(one) == told.of(year)),
        _over(year, set().union(*own.values())),
    )


def _of_several(view: View, year: int, years: range) -> Coverage:
    """The same by sums in the database: in how many months of each year each source of each community tells."""
    sets = _sets(view)
    spoken = Total.objects.filter(data_set=OuterRef("pk"), dimension=Dimension.ALL)
    by_source = (
        sets.filter(Q(form=Form.RECORDS) | Exists(spoken))
        .order_by()
        .values("community", "family", "source_kind")
        .annotate(**{f"in_{one}": Sum(_overlap(one)) for one in years})
    )
    asked: dict[str, Any] = {}
    for one in years:
        here, there = Q(**{f"in_{one}__gt": 0}), Q(**{f"in_{year}__gt": 0})
        asked[f"counted_{one}"] = Count("community", distinct=True, filter=here)
        asked[f"part_{one}"] = Count("family", filter=here & Q(**{f"in_{one}__lt": WHOLE}))
        asked[f"other_{one}"] = Count("family", filter=(here & ~there) | (there & ~here))
    found = by_source.aggregate(**asked)
    silent = _silent(sets, years)
    told = set(years_counted(view))
    counted = {one: found[f"counted_{one}"] for one in years if one in told}
    whole = frozenset(
        one
        for one in counted
        if one < today().year and not found[f"part_{one}"] and not silent[f"silent_{one}"]
    )
    alike = frozenset(one for one in whole if one < year and not found[f"other_{one}"])
    months = set(range(WHOLE)) if year in counted else set()
    return Coverage(year, counted, view.communities.count(), whole, alike, _over(year, months))


def _silent(sets: QuerySet[DataSet], years: range) -> dict[str, int]:
    """How many sources of totals have said nothing of a month that is theirs; one query."""
    said = {
        f"said_{one}": Count(
            "totals",
            filter=Q(
                totals__dimension=Dimension.ALL,
                totals__month__gte=Month.at(one, 1),
                totals__month__lte=Month.at(one, 12),
            ),
        )
        for one in years
    }
    owed = {f"owed_{one}": _overlap(one) for one in years}
    rows = sets.filter(form=Form.TOTALS).order_by().annotate(**owed, **said)
    return rows.aggregate(
        **{f"silent_{one}": Count("pk", filter=Q(**{f"said_{one}__lt": F(f"owed_{one}")})) for one in years}
    )


def _overlap(year: int) -> Case:
    first, last = Month.at(year, 1), Month.at(year, 12)
    ends = Least(F("last_month"), Value(last), output_field=IntegerField())
    begins = Greatest(F("first_month"), Value(first), output_field=IntegerField())
    return Case(
        When(first_month__lte=last, last_month__gte=first, then=ends - begins + 1),
        default=Value(0),
        output_field=IntegerField(),
    )


def _over(year: int, months: set[int]) -> frozenset[int]:
    now = Month.of(today())
    return frozenset(month for month in months if Month.at(year, month + 1) < now)


def _sets(view: View) -> QuerySet[DataSet]:
    rows = DataSet.objects.filter(is_counted=True, first_month__lte=Month.of(today()))
    return rows if view.is_everywhere else rows.filter(community__in=view.communities.values("pk"))
