"""The tables of a dashboard: each answers one question, from its counts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from injuries.enums import NOT_GIVEN, OUTCOME_DEATH, RATE_BANDS, ListName, Sex
from injuries.months import Month
from injuries.rollups import Counts
from injuries.selectors.deaths import Deaths
from injuries.selectors.denominators import People
from injuries.selectors.outliers import unusual
from injuries.selectors.scopes import View
from injuries.selectors.tables import Line, Table
from injuries.statistics import NoRate, Rate, rate
from injuries.statistics.suppression.within import hidden_within

Labels = dict[str, dict[int, str]]
SILENT = gettext_lazy("not given")
SMALL = 5
POOL = 10_000  # no code has this number; it sorts behind them
# Order of the levels of the pyramid: numbers of the list of outcomes.
PYRAMID = (OUTCOME_DEATH, 4, 3, 2, 1, 6, NOT_GIVEN)


@dataclass(slots=True)
class YearFigures:
    """``people``: whom a rate is about, nobody where no rate can be given; ``inhabitants``: as many as are known.

    ``communities``: how many tell of the year, where several are looked at. ``is_running``: figures so far.
    ``cases`` is None where nothing is told of the year.
    """

    year: int
    cases: int | None
    deaths: Deaths
    people: People
    rate: Rate | NoRate
    inhabitants: int | None = None
    communities: int | None = None
    is_running: bool = False

    @property
    def is_told(self) -> bool:
        return self.cases is not None


def without_month(cells: Counts) -> Counter[tuple[int, int]]:
    """Without the month: a year by its two fields."""
    sums: Counter[tuple[int, int]] = Counter()
    for cell, number in cells.items():
        sums[cell.first, cell.second] += number
    return sums


def _by(cells: Iterable[tuple[tuple[int, int], int]], place: int) -> Counter[int]:
    sums: Counter[int] = Counter()
    for pair, number in cells:
        sums[pair[place]] += number
    return sums


def of_years(years: list[YearFigures]) -> Table:
    has_several = any(one.communities is not None for one in years)
    has_silent = any(one.deaths.silent for one in years)
    heads = [_("cases"), _("deaths"), _("people"), _("per 100,000"), _("interval (95 %)")]
    table = Table(
        "years",
        _("Years"),
        _("year"),
        [
            *heads,
            *([_("communities")] if has_several else []),
            *([_("cases without an outcome")] if has_silent else []),
        ],
        note=_("A rate from fewer than 20 cases varies strongly by chance; it is marked with *."),
    )
    for one in reversed(years):
        value, interval = _rate_words(one.rate)
        label = _("%(year)s (so far)") % {"year": one.year} if one.is_running else str(one.year)
        died = one.deaths.number if one.is_told else None
        values = [one.cases, died, one.inhabitants, value, interval]
        values += [one.communities] if has_several else []
        values += [one.deaths.silent] if has_silent else []
        table.lines.append(Line(label, values, bar=one.cases))
    return table


def _rate_words(found: Rate | NoRate) -> tuple[str | None, str | None]:
    if isinstance(found, NoRate):
        return None, None
    mark = "*" if found.is_unstable else ""
    return f"{found.value:.1f}{mark}", f"{found.lower:.1f}–{found.upper:.1f}"


def of_months(
    monthly: Counts, year: int, *, told: Collection[int], earlier: Collection[int], asks: bool
) -> Table:
    """This year's months beside the mean of the ``earlier`` ones; a year without a case is one of them.

    ``told``: the months (0 to 11) of which this year's data tell; the others are not known, not nothing. ``asks``:
    whether the reader is asked about unusual ones.
    """
    cases: Counter[int] = Counter()
    for cell, number in monthly.items():
        cases[cell.month] += number
    heads = [_("cases"), *([_("mean of the years before")] if earlier else [])]
    table = Table("months", _("Months"), _("month"), list(heads))
    words = []
    for month in range(12):
        number = Month.at(year, month + 1)
        before = [cases[Month.at(one, month + 1)] for one in earlier]
        mean = [f"{sum(before) / len(before):.1f}"] if before else []
        own = cases[number] if month in told else None
        found = unusual(number, own, before) if asks else None
        words.append(found.word if found else "")
        table.lines.append(Line(Month.text(number), [own, *mean], bar=own))
    if any(words):
        table.heads.append(_("look again"))
        table.note = _(
            "Unusual is what chance brings about in one month of a hundred, against the same month of at least three"
            " years before with the same sources. This is a question and no fault: please look again."
        )
        for line, word in zip(table.lines, words, strict=True):
            line.values.append(word)
    return table


def of_causes(cells: Counts, now: YearFigures, labels: Labels) -> Table:
    sums: Counter[int] = Counter()
    for cell, number in cells.items():
        sums[cell.first] += number
    table = Table("causes", _("Causes"), _("cause"), [_("cases"), _("share"), _("per 100,000")])
    for cause, number in sorted(sums.items(), key=lambda pair: (pair[0] == NOT_GIVEN, -pair[1], pair[0])):
        share = f"{number / now.cases:.0%}" if now.cases else None
        value, _interval = _rate_words(rate(number, now.people.total))
        label = _label(labels, ListName.CAUSE, cause)
        table.lines.append(Line(label, [number, share, value], bar=number))
    return table


def of_ages(cells: Counter[tuple[int, int]], now: YearFigures, *, is_exact: bool) -> Table:
    """The pyramid: men and women by age, and the rate of each band where its people are known.

    Age by sex is a cross-table: outside the community only the bands are shown.
    """
    table = Table(
        "ages",
        _("Age and sex") if is_exact else _("Ages"),
        _("age"),
        [*((Sex.MALE.label, Sex.FEMALE.label, SILENT) if is_exact else ()), _("all"), _("per 100,000")],
    )
    kept = slice(0 if is_exact else 3, None)
    for name, bands in RATE_BANDS.items():
        by_sex = [sum(cells[band, sex] for band in bands) for sex in (Sex.MALE, Sex.FEMALE, NOT_GIVEN)]
        value, _interval = _rate_words(rate(sum(by_sex), now.people.by_band.get(name)))
        table.lines.append(Line(name.replace("-", "–"), [*by_sex, sum(by_sex), value][kept], bar=sum(by_sex)))
    silent = [cells[NOT_GIVEN, sex] for sex in (Sex.MALE, Sex.FEMALE, NOT_GIVEN)]
    if any(silent):
        table.lines.append(Line(SILENT, [*silent, sum(silent), None][kept], bar=sum(silent)))
    return table


CROSSES = {
    "cause-intent": (ListName.CAUSE, ListName.INTENT, gettext_lazy("Cause and intent")),
    "place-activity": (ListName.PLACE, ListName.ACTIVITY, gettext_lazy("Place and activity")),
}


def cross(view: View, cells: Counts, labels: Labels, code: str) -> Table:
    """Two fields against each other: exact for the community itself, for others without what is small.

    Others read the exact totals beside it, so lines of few cases are pooled and the totals bind the guard. They see
    it for all that they look after, never for a part: two answers would tell the difference between them.
    """
    down, across, title = CROSSES[code]
    pairs = without_month(cells)
    rows, columns = (_in_order(_by(pairs.items(), axis)) for axis in (0, 1))
    if view.is_exact:
        shown: dict[tuple[int, int], int | None] = dict(pairs)
    else:
        pairs = _pooled(_pooled(pairs, 0), 1)
        rows, columns = (_in_order(_by(pairs.items(), axis)) for axis in (0, 1))
        hidden = _hidden({(row, column): pairs[row, column] for row in rows for column in columns})
        if hidden is None or not view.is_widest or min(len(rows), len(columns)) < 2:
            return Table(code, title, down.label, [])
        shown = {cell: None if cell in hidden else number for cell, number in pairs.items()}
        shown |= dict.fromkeys(hidden)
    table = Table(code, title, down.label, [*(_label(labels, across, one) for one in columns), _("all")])
    for row in rows:
        values = [shown.get((row, column), 0) for column in columns]
        table.lines.append(
            Line(_label(labels, down, row), [*values, sum(pairs[row, column] for column in columns)])
        )
    sums = [sum(pairs[row, column] for row in rows) for column in columns]
    table.foot = Line(_("all"), [*sums, sum(sums)])
    table.is_hidden = any(value is None for line in table.lines for value in line.values)
    return table


def _pooled(pairs: Counter[tuple[int, int]], axis: int) -> Counter[tuple[int, int]]:
    """Lines of fewer than five cases become one, with the next smallest if it is still that small."""
    sums = sorted(_by(pairs.items(), axis).items(), key=lambda item: (item[1], item[0]))
    pool: set[int] = set()
    total = 0
    for line, number in sums:
        if number >= SMALL and (not pool or total >= SMALL):
            break
        pool.add(line)
        total += number
    if not pool:
        return pairs
    found: Counter[tuple[int, int]] = Counter()
    for (first, second), number in pairs.items():
        line = (first, second)[axis]
        place = POOL if line in pool else line
        found[(place, second) if axis == 0 else (first, place)] += number
    return found


def _hidden(counts: Mapping[tuple[int, int], int]) -> set[tuple[int, int]] | None:
    """Remembered for an hour by the counts themselves: the programs take up to a second for a large table."""
    if not counts or min(counts.values()) < 0:
        return None
    key = "injuries-hidden-" + hashlib.sha256(repr(sorted(counts.items())).encode()).hexdigest()
    return cache.get_or_set(key, lambda: hidden_within(counts), 3600)


def of_severity(cells: Counts, labels: Labels) -> Table:
    sums = _by(without_month(cells).items(), 0)
    table = Table("severity", _("Severity"), _("severity"), [_("cases")])
    for number in _in_order(sums):
        table.lines.append(Line(_label(labels, ListName.SEVERITY, number), [sums[number]], bar=sums[number]))
    return table


def of_outcomes(outcomes: Counts, year: int, labels: Labels) -> Table:
    """The injury pyramid: the dead above, and how many stand below each of them."""
    sums: Counter[int] = Counter()
    for cell, number in outcomes.items():
        if Month.year(cell.month) == year:
            sums[cell.first] += number
    deaths = sums[OUTCOME_DEATH]
    table = Table(
        "outcomes",
        _("Outcome (injury pyramid)"),
        _("outcome of the injury"),
        [_("cases"), _("for each death")],
    )
    for number in [one for one in PYRAMID if sums[one]]:
        each = f"{sums[number] / deaths:.1f}" if deaths else None
        label = _label(labels, ListName.OUTCOME, number)
        table.lines.append(Line(label, [sums[number], each], bar=sums[number]))
    return table


def of_hours(cells: Counts) -> Table:
    """In eight parts of the day; the hour is often not known."""
    parts: Counter[int] = Counter()
    silent = 0
    for cell, number in cells.items():
        if cell.first == NOT_GIVEN:
            silent += number
        else:
            parts[(cell.first - 1) // 3] += number
    table = Table("hours", _("Time of the day"), _("hours"), [_("cases")])
    if parts:
        table.lines = [
            Line(f"{part * 3}–{part * 3 + 3}", [parts[part]], bar=parts[part]) for part in range(8)
        ]
        if silent:
            table.lines.append(Line(SILENT, [silent], bar=silent))
    return table


def _in_order(sums: Mapping[int, int]) -> list[int]:
    """By the number of the code, what was not given last."""
    return sorted(
        (number for number, cases in sums.items() if cases), key=lambda one: (one == NOT_GIVEN, one)
    )


def _label(labels: Labels, name: str, number: int) -> str:
    if number == POOL:
        return _("few cases each, together")
    return str(SILENT) if number == NOT_GIVEN else labels.get(name, {}).get(number, str(number))
