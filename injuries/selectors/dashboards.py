"""The pages of figures: each question one table, read from the counts; every chart is a table with bars."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from injuries.enums import NOT_GIVEN, OUTCOME_DEATH, RATE_BANDS, AgeBand, Dimension, Question
from injuries.models import Record
from injuries.months import Month
from injuries.rollups import Counts
from injuries.selectors import charts
from injuries.selectors.charts import Labels, YearFigures
from injuries.selectors.codes import all_codes
from injuries.selectors.denominators import People, people_of, people_of_all
from injuries.selectors.scopes import View, counts
from injuries.selectors.tables import Table
from injuries.statistics import (
    comparison_sentence,
    rate,
    rate_ratio,
    standard_population,
    standardised_rate,
    trend,
    years_lost,
)

YEARS = 10


@dataclass(slots=True)
class Dashboard:
    """``sentence``: this year against the last; ``standardised`` and ``lost`` only where they are known."""

    view: View
    year: int
    now: YearFigures
    years: list[YearFigures]
    tables: list[Table]
    sentence: str
    trend: str
    standardised: object
    lost: object


def dashboard(view: View, year: int) -> Dashboard:
    """A fixed number of queries, whatever is counted."""
    labels = _labels()
    first, last = Month.at(year - YEARS + 1, 1), Month.at(year, 12)
    this = Month.at(year, 1)
    monthly = counts(view.scopes, Question.CAUSE_AGE, first, last)
    outcomes = counts(view.scopes, Question.OUTCOME_AGE, first, last)
    years = _years(view, year, monthly, outcomes)
    now = years[-1]
    ages = charts.without_month(counts(view.scopes, Question.AGE_SEX, this, last))
    tables = [
        charts.of_years(years),
        charts.of_months(monthly, year),
        charts.of_causes(monthly, now, labels),
        charts.of_ages(ages, now, is_exact=view.is_exact),
        charts.cross(view, counts(view.scopes, Question.CAUSE_INTENT, this, last), labels, "cause-intent"),
        charts.cross(
            view, counts(view.scopes, Question.PLACE_ACTIVITY, this, last), labels, "place-activity"
        ),
        charts.of_severity(counts(view.scopes, Question.SEVERITY_CAUSE, this, last), labels),
        charts.of_outcomes(outcomes, year, labels),
        charts.of_hours(counts(view.scopes, Question.HOUR_WEEKDAY, this, last)),
    ]
    return Dashboard(
        view=view,
        year=year,
        now=now,
        years=years,
        tables=[table for table in tables if not table.is_empty],
        sentence=_against_last_year(years),
        trend=_trend(years),
        standardised=_standardised(ages, now),
        lost=_lost(view, year) if view.is_exact else None,
    )


def _labels() -> Labels:
    lists: Labels = {
        name: {code.number: str(code.label) for code in codes} for name, codes in all_codes().items()
    }
    lists[Dimension.AGE] = {band: str(AgeBand(band).label) for band in AgeBand.values}
    return lists


def _years(view: View, year: int, monthly: Counts, outcomes: Counts) -> list[YearFigures]:
    cases: Counter[int] = Counter()
    deaths: Counter[int] = Counter()
    for cell, number in monthly.items():
        cases[Month.year(cell.month)] += number
    for cell, number in outcomes.items():
        if cell.first == OUTCOME_DEATH:
            deaths[Month.year(cell.month)] += number
    shown = [one for one in range(year - YEARS + 1, year + 1) if cases[one] or one == year]
    if not view.has_rates:
        people = {one: People() for one in shown}
    elif view.community is not None:
        people = people_of(view.community.pk, shown)
    else:
        people = people_of_all(view.communities, shown)
    return [
        YearFigures(one, cases[one], deaths[one], people[one], rate(cases[one], people[one].total))
        for one in shown
    ]


# --- the sentences ----------------------------------------------------------------------------------------------


def _against_last_year(years: list[YearFigures]) -> str:
    now = years[-1]
    before = next((one for one in years if one.year == now.year - 1), None)
    if before is None:
        return ""
    found = rate_ratio(
        before=before.cases,
        after=now.cases,
        person_years_before=before.people.total,
        person_years_after=now.people.total,
    )
    return comparison_sentence(found)


def _trend(years: list[YearFigures]) -> str:
    return str(trend([(one.year, one.cases, one.people.total) for one in years]).reading)


def _standardised(cells: Counter[tuple[int, int]], now: YearFigures) -> object:
    by_band = {
        name: sum(number for (band, _sex), number in cells.items() if band in bands)
        for name, bands in RATE_BANDS.items()
    }
    silent = sum(number for (band, _sex), number in cells.items() if band == NOT_GIVEN)
    persons: dict[str, float | None] = {name: now.people.by_band.get(name) for name in RATE_BANDS}
    weights = standard_population().weights(tuple(RATE_BANDS))
    return standardised_rate(by_band, persons, weights, unknown_age=silent)


def _lost(view: View, year: int) -> object:
    """Potential years of life lost, from the single records of the dead."""
    ages = Record.objects.filter(
        data_set__community__in=view.communities,
        data_set__is_counted=True,
        outcome=OUTCOME_DEATH,
        month__gte=Month.at(year, 1),
        month__lte=Month.at(year, 12),
    ).values_list("age", flat=True)
    return years_lost(Counter(ages))
