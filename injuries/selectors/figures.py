"""Figures of a community's injuries for the apps above: by year, by field, of a span of months."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from communities.models import Community
from injuries.enums import NOT_GIVEN, RATE_BANDS, Question
from injuries.models import DataSet, Scope
from injuries.months import Month
from injuries.rollups import Counts
from injuries.selectors.coverage import told_of
from injuries.selectors.deaths import deaths_by_year
from injuries.selectors.denominators import people_of
from injuries.selectors.scopes import FIRST, FIRST_BY_MONTH, MONTHS, counts
from injuries.statistics import NoRate, Rate, rate


@dataclass(frozen=True, slots=True)
class Year:
    """``cases`` and ``deaths`` are None where no counted source tells of the year: silence is no zero. ``deaths`` are
    None as well where no outcome was given for any case.

    Of a year that is told of in part they are those so far; it has no rate.
    """

    year: int
    cases: int | None
    deaths: int | None
    rate: Rate | NoRate


def by_year(community: Community, years: Collection[int], *, cause: int | None = None) -> dict[int, Year]:
    """All cases of each year, or those of one cause; of a cause no deaths are counted. Six queries."""
    if not years:
        return {}
    first, last = Month.at(min(years), 1), Month.at(max(years), 12)
    scopes = _scopes(community)
    cases: Counter[int] = Counter()
    for cell, number in counts(scopes, Question.CAUSE_SEX, first, last, by=FIRST_BY_MONTH).items():
        if cause is None or cell.first == cause:
            cases[Month.year(cell.month)] += number
    deaths = deaths_by_year(counts(scopes, Question.OUTCOME_AGE, first, last, by=FIRST_BY_MONTH))
    told = told_of(community)
    people = people_of(community.pk, years)
    return {
        year: Year(
            year,
            cases[year] if told.of(year) else None,
            deaths[year].number if told.of(year) and cause is None else None,
            rate(cases[year], people[year].total if told.is_whole(year) else None),
        )
        for year in years
    }


def in_days(community: Community, first_day: dt.date, last_day: dt.date) -> int | None:
    """Cases of the months between two days; None where no counted source tells of any of them."""
    first, last = Month.of(first_day), Month.of(last_day)
    if not _sets(community, first, last).exists():
        return None
    return sum(counts(_scopes(community), Question.CAUSE_AGE, first, last, by=MONTHS).values())


def by_cause(community: Community, year: int) -> Counter[int]:
    cells = _of_year(community, Question.CAUSE_SEX, year)
    return _summed((cell.first, number) for cell, number in cells.items())


def by_band(community: Community, year: int) -> Counter[str]:
    """By the bands in which rates are given; what was not given is left out."""
    cells = _of_year(community, Question.AGE_SEX, year)
    names = {int(band): name for name, bands in RATE_BANDS.items() for band in bands}
    return _summed((names[cell.first], number) for cell, number in cells.items() if cell.first in names)


def by_place(community: Community, year: int) -> Counter[int]:
    cells = _of_year(community, Question.PLACE_ACTIVITY, year)
    return _summed((cell.first, number) for cell, number in cells.items() if cell.first != NOT_GIVEN)


def _of_year(community: Community, question: Question, year: int) -> Counts:
    return counts(_scopes(community), question, Month.at(year, 1), Month.at(year, 12), by=FIRST)


def _summed(pairs) -> Counter:
    sums: Counter = Counter()
    for key, number in pairs:
        sums[key] += number
    return +sums


def _scopes(community: Community) -> list[int]:
    return list(Scope.objects.filter(community=community).values_list("pk", flat=True))


def _sets(community: Community, first: int, last: int):
    return DataSet.objects.filter(
        community=community, is_counted=True, first_month__lte=last, last_month__gte=first
    )
