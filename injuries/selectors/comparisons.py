"""Before and after: two spans of years of one community, with the ratio of their rates and what it allows to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communities.models import Community, Designation
from core.clock import today
from injuries.enums import Question
from injuries.models import Scope
from injuries.months import Month
from injuries.selectors.coverage import Source, Told, listed, told_of
from injuries.selectors.denominators import People, people_of
from injuries.selectors.scopes import FIRST_BY_MONTH, counts
from injuries.statistics import (
    REGRESSION_TO_THE_MEAN,
    NoRate,
    NoRatio,
    Rate,
    comparison_sentence,
    pooled_rate,
    rate_ratio,
)

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
    """``cases`` is None where the two sides cannot be compared: beside each other the bare numbers would do it."""

    span: Span
    cases: int | None
    rate: Rate | NoRate


@dataclass(frozen=True, slots=True)
class Comparison:
    """``families``: those of which both sides tell; ``left_out``: those of which some year tells nothing or little."""

    before: Side
    after: Side
    ratio: object
    sentence: str
    caveat: str
    families: str = ""
    left_out: str = ""

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


def compared(community: Community, before: Span, after: Span, *, causes: Collection[int] = ()) -> Comparison:
    """All cases, or those of some causes, and only what the same sources tell of every whole year of both spans.

    Of all cases the families that are not told of so are left out and named. A cause is not counted by family: where
    the sources of the years differ, or a year is not over, there is no ratio but a sentence that says so. Person-years
    are the sums of the yearly populations; where one is unknown there is no ratio. Six queries.
    """
    told = told_of(community)
    years = sorted({*before.years, *after.years})
    common = frozenset.intersection(*(told.whole_of(year) for year in years))
    others = frozenset().union(*(told.of(year) for year in years)) - common
    reason = _refusal(told, years, common, others if causes else frozenset())
    if reason:
        sides = [Side(span, None, NoRate(0, reason)) for span in (before, after)]
        return Comparison(sides[0], sides[1], NoRatio(0, 0, reason), reason, "")
    cases = _cases(community, years, causes, {family for family, _kind in common})
    people = people_of(community.pk, years)
    before_side, after_side = (_side(span, cases, people) for span in (before, after))
    ratio = rate_ratio(
        before=sum(cases[year] for year in before.years),
        after=sum(cases[year] for year in after.years),
        person_years_before=_person_years(before, people),
        person_years_after=_person_years(after, people),
    )
    sentence, caveat = comparison_sentence(ratio), str(REGRESSION_TO_THE_MEAN)
    return Comparison(
        before_side, after_side, ratio, sentence, caveat, told.words(common), told.words(others)
    )


def _refusal(told: Told, years: list[int], common: frozenset[Source], others: frozenset[Source]) -> str:
    """Empty where the years may be compared. ``others``: sources that must not be left out and are not in all years."""
    if max(years) >= today().year:
        return _("No comparison: %(year)s is not over yet.") % {"year": max(years)}
    silent = [year for year in years if not told.whole_of(year)]
    if silent:
        return _("No comparison: no counted data tell of the whole year: %(years)s.") % {
            "years": listed(silent)
        }
    if not common:
        return _("No comparison: there is no family of which the same source tells in every year.")
    if others:
        return _(
            "No comparison: of these families not every year is told in full by the same source: %(families)s."
        ) % {"families": told.words(others)}
    return ""


def _cases(
    community: Community, years: list[int], causes: Collection[int], families: Collection[int]
) -> Counter[int]:
    scopes = Scope.objects.filter(community=community).values("pk")
    question = Question.CAUSE_AGE if causes else Question.FAMILY_FORM
    wanted = causes or families
    cases: Counter[int] = Counter()
    first, last = Month.at(years[0], 1), Month.at(years[-1], 12)
    for cell, number in counts(scopes, question, first, last, by=FIRST_BY_MONTH).items():
        if cell.first in wanted:
            cases[Month.year(cell.month)] += number
    return cases


def _side(span: Span, cases: Counter[int], people: dict[int, People]) -> Side:
    found = pooled_rate([(cases[year], people[year].total) for year in span.years])
    return Side(span, sum(cases[year] for year in span.years), found)


def _person_years(span: Span, people: dict[int, People]) -> float | None:
    totals = [people[year].total for year in span.years]
    return float(sum(total or 0 for total in totals)) if all(total is not None for total in totals) else None
