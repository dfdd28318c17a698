"""How many people a figure is about: the population of a year, by sex and by the bands in which rates are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from communities.enums import PopulationBasis, Sex
from communities.models import Population
from injuries.enums import LAST_YEAR, RATE_BANDS

# Which figure is taken where several are known: who lives there is hurt there.
PREFERRED = (PopulationBasis.RESIDENT, PopulationBasis.REGISTERED, PopulationBasis.MIGRANT)
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
    """By year; one query."""
    rows = Population.objects.filter(community=community_id, year__in=years)
    by_year: defaultdict[int, list[Population]] = defaultdict(list)
    for row in rows:
        by_year[row.year].append(row)
    return {year: _put_together(by_year.get(year, [])) for year in years}


def people_of_all(community_ids: Collection[int], years: Collection[int]) -> dict[int, People]:
    """Of several communities together: unknown as soon as one of them is, for a sum would claim too little."""
    by_both: defaultdict[tuple[int, int], list[Population]] = defaultdict(list)
    for row in Population.objects.filter(community__in=community_ids, year__in=years):
        by_both[row.community_id, row.year].append(row)
    return {
        year: _sum(_put_together(by_both.get((community, year), [])) for community in community_ids)
        for year in years
    }


def _sum(parts: Iterable[People]) -> People:
    every = list(parts)
    if not every or not all(part.is_known for part in every):
        return People()
    bands = {name for name in RATE_BANDS if all(name in part.by_band for part in every)}
    sexes = {sex for sex in SEXES.values() if all(sex in part.by_sex for part in every)}
    bases = {part.basis for part in every}
    return People(
        total=sum(part.total or 0 for part in every),
        by_sex={sex: sum(part.by_sex[sex] for part in every) for sex in sexes},
        by_band={name: sum(part.by_band[name] for part in every) for name in bands},
        basis=bases.pop() if len(bases) == 1 else "",
    )


def _put_together(rows: list[Population]) -> People:
    """Of one community and year. Ranges are exclusive; a row of all sexes stands for both together."""
    basis = next((one for one in PREFERRED if any(row.basis == one for row in rows)), None)
    if basis is None:
        return People()
    chosen = [row for row in rows if row.basis == basis]
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


def _is_gapless(rows: list[Population]) -> bool:
    """From birth on, each range begins where the last ended, and the last is open."""
    expected: int | None = 0
    for row in sorted(rows, key=lambda row: row.age_from):
        if expected is None or row.age_from != expected:
            return False
        expected = None if row.age_to is None else row.age_to + 1
    return bool(rows) and expected is None


def _bands(rows: list[Population]) -> dict[str, int]:
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


def _filling(rows: list[Population], first: int, last: int | None) -> int | None:
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
