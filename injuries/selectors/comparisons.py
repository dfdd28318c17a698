"""Before and after: two spans of years of one community, with the ratio of their rates and what it allows to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from communities.models import Community, Designation
from injuries.enums import Question
from injuries.months import Month
from injuries.selectors.denominators import People, people_of
from injuries.selectors.scopes import View, counts
from injuries.statistics import REGRESSION_TO_THE_MEAN, Rate, comparison_sentence, pooled_rate, rate_ratio
from injuries.statistics.rates import NoRate

SPAN = 3


@dataclass(frozen=True, slots=True)
class Span:
    first: int
    last: int

    @property
    def years(self) -> range:
        return range(self.first, self.last + 1)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class Side:
    span: Span
    cases: int
    rate: Rate | NoRate


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Side
    after: Side
    ratio: object
    sentence: str
    caveat: str

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after


def suggested(community: Community, year: int, known: list[int]) -> tuple[Span, Span]:
    """Three years before and after the last naming, where ``known`` years reach back so far; else the last in halves.

    The year of the naming itself belongs to neither. ``year`` is the last that may be compared.
    """
    named = (
        Designation.objects.filter(entry__community=community, designated_on__isnull=False)
        .order_by("-designated_on")
        .values_list("designated_on__year", flat=True)
        .first()
    )
    if named and known and min(known) < named < year:
        return Span(max(named - SPAN, min(known)), named - 1), Span(named + 1, min(named + SPAN, year))
    half = year - max(1, min(SPAN, (year - min(known, default=year) + 1) // 2)) + 1
    return Span(half - (year - half) - 1, half - 1), Span(half, year)


def compared(view: View, before: Span, after: Span, *, causes: Collection[int] = ()) -> Comparison:
    """All cases, or those of some causes.

    Person-years are the sums of the yearly populations; where one is unknown there is no ratio.
    """
    first, last = min(before.first, after.first), max(before.last, after.last)
    cells = counts(view.scopes, Question.CAUSE_AGE, Month.at(first, 1), Month.at(last, 12))
    cases: Counter[int] = Counter()
    for cell, number in cells.items():
        if not causes or cell.first in causes:
            cases[Month.year(cell.month)] += number
    years = sorted({*before.years, *after.years})
    people = people_of(view.communities[0], years)
    sides = [_side(span, cases, people) for span in (before, after)]
    ratio = rate_ratio(
        before=sides[0].cases,
        after=sides[1].cases,
        person_years_before=_person_years(before, people),
        person_years_after=_person_years(after, people),
    )
    return Comparison(sides[0], sides[1], ratio, comparison_sentence(ratio), str(REGRESSION_TO_THE_MEAN))


def _side(span: Span, cases: Counter[int], people: dict[int, People]) -> Side:
    found = pooled_rate([(cases[year], people[year].total) for year in span.years])
    return Side(span, sum(cases[year] for year in span.years), found)


def _person_years(span: Span, people: dict[int, People]) -> float | None:
    totals = [people[year].total for year in span.years]
    return float(sum(total or 0 for total in totals)) if all(total is not None for total in totals) else None
