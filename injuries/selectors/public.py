"""What everybody may read of a community's injuries: fixed yearly tables, cut once, without a filter.

A filter would undo the guard: two answers that differ by one case tell that case. So the tables of a year go
through it together, with one threshold, and only of years that the province (or the district) has approved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Community
from core.clock import today
from core.navigation import PageLink
from injuries.enums import NOT_GIVEN, RATE_BANDS, ListName, Question, Sex, Stage
from injuries.models import DataSet, PublishedYear, Scope
from injuries.months import Month
from injuries.rollups import Counts
from injuries.selectors.charts import SILENT, without_month
from injuries.selectors.codes import labels
from injuries.selectors.scopes import PAIRS, counts
from injuries.selectors.tables import Line, Table
from injuries.statistics.suppression import CountTable, ShownTable, suppress_together

CAUSE, SEX, AGE = "cause", "sex", "age"
MOST_YEARS = 10
MONTHS = 12
Names = dict[str, dict[int, str]]
SPAN = ("first_month", "last_month")
APPROVED = (Stage.ENDORSED, Stage.LOCKED)


@dataclass(frozen=True, slots=True)
class PublicYear:
    year: int
    tables: list[Table]


def published_years(community: Community) -> list[int]:
    if not community.published:
        return []
    years = PublishedYear.objects.filter(community=community, is_shown=True).order_by("-year")
    return list(years.values_list("year", flat=True))


def shown_years(community: Community) -> list[PublicYear]:
    """The newest first; none while the community itself is not public."""
    if not community.published:
        return []
    rows = PublishedYear.objects.filter(community=community, is_shown=True).order_by("-year")
    names = {CAUSE: labels(ListName.CAUSE), SEX: {sex: str(Sex(sex).label) for sex in Sex.values}}
    return [_tables_of(row, names) for row in rows[:MOST_YEARS]]


def public_link(user: Any, community: Community) -> PageLink | None:
    if not published_years(community):
        return None
    return PageLink(_("Injury figures"), reverse("injuries:public", args=[community.pk]))


def cut(community: Community, year: int) -> dict[str, Any]:
    """The tables of a year after the guard, as they are kept and published: ``{"cause-sex": {"axes": …}}``."""
    scopes = list(Scope.objects.filter(community=community).values_list("pk", flat=True))
    first, last = Month.at(year, 1), Month.at(year, 12)
    cause_sex = _count_table((CAUSE, SEX), counts(scopes, Question.CAUSE_SEX, first, last, by=PAIRS))
    cause_age = _count_table(
        (CAUSE, AGE), _in_rate_bands(counts(scopes, Question.CAUSE_AGE, first, last, by=PAIRS))
    )
    shown = suppress_together([cause_sex, cause_age])
    return {"-".join(table.axes): _kept(table) for table in shown}


def is_whole(community: Community, year: int) -> bool:
    """Whether the year is over, and each family that is counted in it covers its twelve months, all approved."""
    rows = DataSet.objects.filter(
        community=community,
        is_counted=True,
        first_month__lte=Month.at(year, 12),
        last_month__gte=Month.at(year, 1),
    )
    spans = list(rows.values_list("family", "stage", "first_month", "last_month"))
    covered: defaultdict[int, set[int]] = defaultdict(set)
    for family, _stage, first, last in spans:
        covered[family].update(range(max(first, Month.at(year, 1)), min(last, Month.at(year, 12)) + 1))
    return (
        year < today().year
        and bool(spans)
        and all(stage in APPROVED for _family, stage, _first, _last in spans)
        and all(len(months) == MONTHS for months in covered.values())
    )


def publishable(community: Community, years: list[int]) -> list[int]:
    """Those of the years that ``publish`` would not refuse, in one query each for data and for earlier cuts."""
    rows = DataSet.objects.filter(community=community, is_counted=True).exclude(stage__in=APPROVED)
    waiting = [range(Month.year(first), Month.year(last) + 1) for first, last in rows.values_list(*SPAN)]
    cut_before = set(PublishedYear.objects.filter(community=community).values_list("year", flat=True))
    return [
        year
        for year in years
        if year in cut_before or (year < today().year and not any(year in span for span in waiting))
    ]


def _tables_of(published: PublishedYear, names: Names) -> PublicYear:
    titles = {"cause-sex": _("Causes by sex"), "cause-age": _("Causes by age")}
    tables = [
        _table(code, titles[code], kept, names) for code, kept in published.tables.items() if code in titles
    ]
    return PublicYear(published.year, tables)


def _in_rate_bands(cells: Counts) -> Counts:
    """The age band as the position of its rate band, for the public sees no finer ones."""
    places = {int(band): place for place, bands in enumerate(RATE_BANDS.values(), 1) for band in bands}
    found: Counts = Counts()
    for cell, number in cells.items():
        found[cell._replace(second=places.get(cell.second, NOT_GIVEN))] += number
    return found


def _count_table(axes: tuple[str, str], cells: Counts) -> CountTable:
    pairs = without_month(cells)
    rows = tuple(str(one) for one in sorted({first for first, _second in pairs}))
    columns = tuple(str(one) for one in sorted({second for _first, second in pairs}))
    return CountTable(
        axes,
        (rows or ("0",), columns or ("0",)),
        {(str(first), str(second)): number for (first, second), number in pairs.items()},
    )


def _kept(table: ShownTable) -> dict[str, Any]:
    rows = [[row, cells, total] for row, cells, total in table.rows()]
    return {"columns": list(table.categories[1]), "rows": rows}


def _table(code: str, title: str, kept: dict[str, Any], names: Names) -> Table:
    bands = {place: name.replace("-", "–") for place, name in enumerate(RATE_BANDS, 1)}
    across = names[SEX] if code == "cause-sex" else bands
    heads = [_word(across, number) for number in kept["columns"]]
    table = Table(code, title, _("cause"), [*heads, _("all")])
    for row, cells, total in kept["rows"]:
        line = Line(_("all") if row is None else _word(names[CAUSE], row), [*cells, total])
        if row is None:
            table.foot = line
        else:
            table.lines.append(line)
    table.is_hidden = any(value is None for line in table.all_lines for value in line.values)
    return table


def _word(words: dict[int, str], number: str) -> str:
    return str(SILENT) if int(number) == NOT_GIVEN else str(words.get(int(number), number))
