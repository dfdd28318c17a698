"""How many people a figure is about: the population of a year, by sex and by the bands in which rates are given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from communities.enums import PopulationBasis, Sex
from communities.models import Community, Population
from injuries.enums import LAST_YEAR, RATE_BANDS
from injuries.models import DataSet

# Which figure is taken where several are known: who lives there is hurt there.
PREFERRED = (PopulationBasis.RESIDENT, PopulationBasis.REGISTERED, PopulationBasis.MIGRANT)
CHUNK = 2000
FIELDS = ("community_id", "year", "basis", "sex", "age_from", "age_to", "count", "source")
SEXES = {Sex.MALE: 1, Sex.FEMALE: 2}
BOUNDS: dict[str, tuple[int, int | None]] = {
    name: (
        0 if bands[0] == min(LAST_YEAR) else LAST_YEAR[type(bands[0])(bands[0] - 1)] + 1,
        None if name == "65+" else max(LAST_YEAR[band] for band in bands if band in LAST_YEAR),
    )
    for name, bands in RATE_BANDS.items()
}


@dataclass(slots=True)
class People:
    """One year. ``total`` is None where nobody has said; a band is missing where the ranges cannot be put together."""

    total: int | None = None
    by_sex: dict[int, int] = field(default_factory=dict)
    by_band: dict[str, int] = field(default_factory=dict)
    basis: str = ""
    source: str = ""

    @property
    def is_known(self) -> bool:
        return self.total is not None


def people_of(community_id: int, years: Collection[int]) -> dict[int, People]:
    """By year, all on one basis; one query."""
    rows = Population.objects.filter(community=community_id, year__in=years)
    found = _of_one(rows.values_list(*FIELDS, named=True))
    return {year: found.get(year, People()) for year in years}


def people_of_all(communities: QuerySet[Community], counted: Mapping[int, int]) -> dict[int, People]:
    """Of the communities that tell of a year, ``counted`` of them; who tells nothing is nobody's denominator.

    Unknown as soon as one of them is, for a sum would claim too little. One query, read as a stream: what is held
    at a time is one community.
    """
    telling = DataSet.objects.filter(
        community=OuterRef("community"),
        is_counted=True,
        first_month__lt=(OuterRef("year") + 1) * 12,
        last_month__gte=OuterRef("year") * 12,
    )
    rows = (
        Population.objects.filter(Exists(telling), community__in=communities.values("pk"), year__in=counted)
        .order_by("community_id")
        .values_list(*FIELDS, named=True)
        .iterator(chunk_size=CHUNK)
    )
    sums = {year: Sums() for year in counted}
    for _community, own in groupby(rows, key=lambda row: row.community_id):
        for year, people in _of_one(own).items():
            sums[year].add(people)
    return {year: sums[year].of(number) for year, number in counted.items()}


@dataclass(slots=True)
class Sums:
    """Of several communities, one added after the other; a part is known when every one has it."""

    known: int = 0
    total: int = 0
    sexes: Counter[int] = field(default_factory=Counter)
    bands: Counter[str] = field(default_factory=Counter)
    having: Counter[int | str] = field(default_factory=Counter)

    def add(self, people: People) -> None:
        if people.total is None:
            return
        self.known += 1
        self.total += people.total
        self.sexes.update(people.by_sex)
        self.bands.update(people.by_band)
        self.having.update([*people.by_sex, *people.by_band])

    def of(self, number: int) -> People:
        if not number or self.known < number:
            return People()
        return People(
            self.total,
            {sex: people for sex, people in self.sexes.items() if self.having[sex] == number},
            {band: people for band, people in self.bands.items() if self.having[band] == number},
        )


def _of_one(rows: Iterable[Any]) -> dict[int, People]:
    """All years of a community on one basis, for a change of the basis would look like a change of the rate.

    That which is complete in every year of which anything is, else in the newest of them; the other years have none.
    Who only moved in is no denominator of all as long as another basis is known.
    """
    by_both: defaultdict[str, defaultdict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_both[row.basis][row.year].append(row)
    found = {
        basis: {year: _put_together(own, basis) for year, own in by_both[basis].items()}
        for basis in PREFERRED
        if basis in by_both
    }
    complete = {
        basis: {year for year, people in years.items() if people.is_known} for basis, years in found.items()
    }
    known = set().union(*complete.values())
    if not known:
        return next(iter(found.values()), {})
    always = [basis for basis in complete if complete[basis] >= known and basis != PopulationBasis.MIGRANT]
    newest = [basis for basis in complete if max(known) in complete[basis]]
    return found[(always or newest)[0]]


def _put_together(chosen: list[Any], basis: str) -> People:
    """Of one community, year and basis. Ranges are exclusive; a row of all sexes stands for both together."""
    whole = {row.sex: row.count for row in chosen if row.age_from == 0 and row.age_to is None}
    parts = [row for row in chosen if not (row.age_from == 0 and row.age_to is None)]
    total = whole.get(Sex.ALL)
    by_sex = {number: whole[sex] for sex, number in SEXES.items() if sex in whole}
    for sex, number in SEXES.items():
        own = [row for row in parts if row.sex == sex]
        if number not in by_sex and _is_gapless(own):
            by_sex[number] = sum(row.count for row in own)
    if total is None and len(by_sex) == len(SEXES):
        total = sum(by_sex.values())
    both = [row for row in parts if row.sex == Sex.ALL] or [row for row in parts if row.sex != Sex.ALL]
    if total is None and _is_gapless([row for row in both if row.sex == Sex.ALL]):
        total = sum(row.count for row in both)
    return People(total, by_sex, _bands(both), basis, next((row.source for row in chosen if row.source), ""))


def _is_gapless(rows: list[Any]) -> bool:
    """From birth on, each range begins where the last ended, and the last is open."""
    expected: int | None = 0
    for row in sorted(rows, key=lambda row: row.age_from):
        if expected is None or row.age_from != expected:
            return False
        expected = None if row.age_to is None else row.age_to + 1
    return bool(rows) and expected is None


def _bands(rows: list[Any]) -> dict[str, int]:
    """A band is known when ranges fill it exactly, for one sex after the other or for both at once."""
    found = {}
    for name, (first, last) in BOUNDS.items():
        sums = [
            _filling([row for row in rows if row.sex == sex], first, last)
            for sex in {row.sex for row in rows}
        ]
        if sums and all(number is not None for number in sums) and len(sums) in (1, 2):
            if len(sums) == 1 and rows[0].sex != Sex.ALL:
                continue
            found[name] = sum(number or 0 for number in sums)
    return found


def _filling(rows: list[Any], first: int, last: int | None) -> int | None:
    expected: int | None = first
    total = 0
    for row in sorted(rows, key=lambda row: row.age_from):
        if row.age_from < first or (last is not None and row.age_from > last):
            continue
        if row.age_from != expected:
            return None
        total += row.count
        expected = None if row.age_to is None else row.age_to + 1
    ends = None if last is None else last + 1
    return total if expected == ends else None
