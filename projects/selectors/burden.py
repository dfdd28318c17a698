"""What joins the work with the injuries: burden beside effort, goals with their figures, before and after a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from communities.models import Community
from injuries.authz import may_see_figures
from injuries.enums import ListName
from injuries.selectors import figures
from injuries.selectors.codes import labels
from injuries.selectors.comparisons import Comparison, Span, compared
from injuries.selectors.coverage import whole_years_of
from injuries.statistics import Rate
from projects.enums import Age, Environment, GoalFigure
from projects.models import Goal, Project
from projects.selectors.projects import counted

TOP = 3
YEARS = 3
# Which environment of the programme pages a place of the card lies in.
PLACES = {
    1: Environment.HOME,
    2: Environment.LEISURE,
    3: Environment.SCHOOL,
    4: Environment.SPORTS,
    5: Environment.TRAFFIC,
    6: Environment.LEISURE,
    7: Environment.WORK,
    8: Environment.WORK,
    9: Environment.OTHER,
    10: Environment.OTHER,
}


@dataclass(frozen=True, slots=True)
class Line:
    """Shares are of 1 or None where there is nothing to share. ``is_gap``: among the heaviest and without a project."""

    label: str
    cases: int
    share: float | None
    projects: int
    project_share: float | None
    money: Decimal
    money_share: float | None
    is_gap: bool


@dataclass(frozen=True, slots=True)
class Burden:
    """A project that names two causes counts for both, so the shares of projects may sum to more than one."""

    year: int
    cases: int
    projects: int
    causes: list[Line]
    ages: list[Line]
    environments: list[Line]

    @property
    def gaps(self) -> list[Line]:
        return [line for line in (*self.causes, *self.ages, *self.environments) if line.is_gap]


def burden(community: Community, year: int) -> Burden:
    """Injuries of a year beside the projects that count in it. Seven queries, whatever was recorded."""
    rows = list(counted(Project.objects.filter(community=community), year).order_by("pk"))
    causes = figures.by_cause(community, year)
    names = {number: label for number, label in labels(ListName.CAUSE).items() if number < 13}
    places: Counter[str] = Counter()
    for place, number in figures.by_place(community, year).items():
        places[PLACES.get(place, Environment.OTHER)] += number
    return Burden(
        year,
        sum(causes.values()),
        len(rows),
        _lines(names.items(), causes, rows, "causes"),
        _lines(((age.value, str(age.label)) for age in Age), figures.by_band(community, year), rows, "ages"),
        _lines(((one.value, str(one.label)) for one in Environment), places, rows, "environments"),
    )


def _lines(
    names: Iterable[tuple[Any, str]], cases: Counter[Any], rows: list[Project], field: str
) -> list[Line]:
    all_cases = sum(cases.values())
    all_money = sum((row.budget or Decimal(0) for row in rows), Decimal(0))
    heaviest = {code for code, _number in cases.most_common(TOP)}
    lines = []
    for code, label in names:
        own = [row for row in rows if code in getattr(row, field)]
        money = sum((row.budget or Decimal(0) for row in own), Decimal(0))
        lines.append(
            Line(
                label,
                cases[code],
                cases[code] / all_cases if all_cases else None,
                len(own),
                len(own) / len(rows) if rows else None,
                money,
                float(money / all_money) if all_money else None,
                is_gap=code in heaviest and not own,
            )
        )
    return sorted(lines, key=lambda line: -line.cases)


def with_figures(community: Community, goals: Iterable[Goal]) -> list[Goal]:
    """Goals that rest on injury records read their figure from there; what stands in the row is left alone."""
    rows = list(goals)
    asked = [goal for goal in rows if goal.figure]
    for cause in {goal.cause for goal in asked}:
        own = [goal for goal in asked if goal.cause == cause]
        known = figures.by_year(community, {goal.year_to for goal in own}, cause=cause)
        for goal in own:
            goal.actual = _figure(known[goal.year_to], goal.figure)
    return rows


def _figure(year: figures.Year, figure: str) -> Decimal | None:
    if figure == GoalFigure.RATE:
        return Decimal(f"{year.rate.value:.2f}") if isinstance(year.rate, Rate) else None
    number = year.deaths if figure == GoalFigure.DEATHS else year.cases
    return None if number is None else Decimal(number)


def effect_of(project: Project, user: Any) -> Comparison | None:
    """Whole years before and after the one in which the project began, of the causes that it names.

    None where there is nothing to say: no beginning, no cause, no whole year after it yet, or no right to the figures.
    Where the sources of the years differ, the sentence says that instead of a ratio.
    """
    if project.starts_on is None or not project.causes or not may_see_figures(user, project.community):
        return None
    began = project.starts_on.year
    known = whole_years_of(project.community)
    if not known or max(known) <= began or min(known) >= began:
        return None
    before = Span(max(began - YEARS, min(known)), began - 1)
    after = Span(began + 1, min(began + YEARS, max(known)))
    return compared(project.community, before, after, causes=project.causes)
