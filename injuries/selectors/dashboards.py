"""The pages of figures: each question one table, read from the counts; every chart is a table with bars."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy

from core.clock import today
from injuries.enums import NOT_GIVEN, OUTCOME_DEATH, RATE_BANDS, AgeBand, Dimension, Question
from injuries.models import Record
from injuries.months import Month
from injuries.rollups import Counts
from injuries.selectors import charts
from injuries.selectors.charts import Labels, YearFigures
from injuries.selectors.codes import all_codes
from injuries.selectors.coverage import Coverage, coverage_of, listed
from injuries.selectors.deaths import deaths_by_year
from injuries.selectors.denominators import People, people_of, people_of_all
from injuries.selectors.scopes import FIRST, FIRST_BY_MONTH, MONTHS, PAIRS, View, counts
from injuries.selectors.tables import Table
from injuries.statistics import (
    NoRate,
    comparison_sentence,
    rate,
    rate_ratio,
    standard_population,
    standardised_rate,
    trend,
    years_lost,
)

YEARS = 10


# Above this share of cases without an age a standardised rate would tell of those who were asked, not of the place.
MOST_WITHOUT_AGE = 0.2
NOT_WHOLE = gettext_lazy("No rate: the counted data do not tell of the whole year.")
WITHOUT_AGE = gettext_lazy("No standardised rate: for more than a fifth of the cases the age is not known.")


@dataclass(slots=True)
class Dashboard:
    """``sentence``: this year against the last, ``trend``: over the years; each empty where like is not compared with
    like. ``standardised`` and ``lost`` only where they are known."""

    view: View
    year: int
    now: YearFigures
    years: list[YearFigures]
    tables: list[Table]
    coverage: Coverage
    sentence: str
    trend: str
    standardised: object
    lost: object

    @property
    def others(self) -> str:
        """The earlier years with which this one is not compared, since other sources tell of them."""
        return listed(self.coverage.others)


def dashboard(view: View, year: int) -> Dashboard:
    """A fixed number of queries, whatever is counted."""
    labels = _labels()
    first, last = Month.at(year - YEARS + 1, 1), Month.at(year, 12)
    this = Month.at(year, 1)
    coverage = coverage_of(view, year, year - YEARS + 1)
    monthly = counts(view.scopes, Question.CAUSE_AGE, first, last, by=MONTHS)
    outcomes = counts(view.scopes, Question.OUTCOME_AGE, first, last, by=FIRST_BY_MONTH)
    years = _years(view, coverage, monthly, outcomes)
    now = years[-1]
    of_year = partial(counts, view.scopes, first=this, last=last)
    ages = charts.without_month(of_year(Question.AGE_SEX, by=PAIRS))
    tables = [
        charts.of_years(years),
        charts.of_months(
            monthly, year, told=coverage.months, earlier=sorted(coverage.alike), asks=view.is_exact
        ),
        charts.of_causes(of_year(Question.CAUSE_AGE, by=FIRST), now, labels),
        charts.of_ages(ages, now, is_exact=view.is_exact),
        charts.cross(view, of_year(Question.CAUSE_INTENT, by=PAIRS), labels, "cause-intent"),
        charts.cross(view, of_year(Question.PLACE_ACTIVITY, by=PAIRS), labels, "place-activity"),
        charts.of_severity(of_year(Question.SEVERITY_CAUSE, by=FIRST), labels),
        charts.of_outcomes(outcomes, year, labels),
        charts.of_hours(of_year(Question.HOUR_WEEKDAY, by=FIRST)),
    ]
    like = [one for one in years if one.year in coverage.alike or one.year == year]
    may_compare = year in coverage.whole and view.has_rates
    return Dashboard(
        view=view,
        year=year,
        now=now,
        years=years,
        tables=[table for table in tables if not table.is_empty],
        coverage=coverage,
        sentence=_against_last_year(like) if may_compare else "",
        trend=_trend(like) if may_compare else "",
        standardised=_standardised(ages, now)
        if year in coverage.whole
        else NoRate(now.rate.cases, NOT_WHOLE),
        lost=_lost(view, year) if view.is_exact else None,
    )


def _labels() -> Labels:
    lists: Labels = {
        name: {code.number: str(code.label) for code in codes} for name, codes in all_codes().items()
    }
    lists[Dimension.AGE] = {band: str(AgeBand(band).label) for band in AgeBand.values}
    return lists


def _years(view: View, coverage: Coverage, monthly: Counts, outcomes: Counts) -> list[YearFigures]:
    """The years of which counted data tell, those without a case as well; a rate only where they tell of all of it.

    The year that is looked at stands among them although nothing may be told of it.
    """
    cases: Counter[int] = Counter()
    for cell, number in monthly.items():
        cases[Month.year(cell.month)] += number
    deaths = deaths_by_year(outcomes)
    shown = sorted({*coverage.counted, coverage.year})
    people = _people(view, coverage, shown)
    return [
        YearFigures(
            one,
            cases[one] if one in coverage.counted else None,
            deaths[one],
            people[one] if one in coverage.whole else People(),
            rate(cases[one], people[one].total) if one in coverage.whole else NoRate(cases[one], NOT_WHOLE),
            inhabitants=people[one].total,
            communities=None if view.community else coverage.counted.get(one, 0),
            is_running=one >= today().year,
        )
        for one in shown
    ]


def _people(view: View, coverage: Coverage, shown: list[int]) -> dict[int, People]:
    if view.community is not None:
        return people_of(view.community.pk, shown)
    nobody = {one: People() for one in shown}
    if not view.has_rates:
        return nobody
    return nobody | people_of_all(view.communities, {one: coverage.counted[one] for one in coverage.whole})


# --- the sentences ----------------------------------------------------------------------------------------------


def _against_last_year(years: list[YearFigures]) -> str:
    now = years[-1]
    before = next((one for one in years if one.year == now.year - 1), None)
    if before is None:
        return ""
    found = rate_ratio(
        before=before.rate.cases,
        after=now.rate.cases,
        person_years_before=before.people.total,
        person_years_after=now.people.total,
    )
    return comparison_sentence(found)


def _trend(years: list[YearFigures]) -> str:
    return str(trend([(one.year, one.rate.cases, one.people.total) for one in years]).reading)


def _standardised(cells: Counter[tuple[int, int]], now: YearFigures) -> object:
    by_band = {
        name: sum(number for (band, _sex), number in cells.items() if band in bands)
        for name, bands in RATE_BANDS.items()
    }
    silent = sum(number for (band, _sex), number in cells.items() if band == NOT_GIVEN)
    persons: dict[str, float | None] = {name: now.people.by_band.get(name) for name in RATE_BANDS}
    if silent > MOST_WITHOUT_AGE * (silent + sum(by_band.values())):
        return NoRate(silent + sum(by_band.values()), WITHOUT_AGE)
    weights = standard_population().weights(tuple(RATE_BANDS))
    return standardised_rate(by_band, persons, weights, unknown_age=silent)


def _lost(view: View, year: int) -> object:
    """Potential years of life lost, from the single records of the dead."""
    ages = Record.objects.filter(
        data_set__community__in=view.communities.values("pk"),
        data_set__is_counted=True,
        outcome=OUTCOME_DEATH,
        month__gte=Month.at(year, 1),
        month__lte=Month.at(year, 12),
    ).values_list("age", flat=True)
    return years_lost(Counter(ages))
