"""The population of a year as a grid: everybody, men and women, each whole or in exclusive age bands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from communities.models import Community, Population

Cell = tuple[str, int, int | None]  # sex, first and last year of age
Span = tuple[int, int | None]
# Both ends included; None is open.
WHOLE: Span = (0, None)
BANDS: tuple[Span, ...] = ((0, 14), (15, 24), (25, 59), (60, 64), (65, None))
SPANS = (WHOLE, *BANDS)
FIRST_YEAR, MOST_PEOPLE = 1990, 2_000_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """One year on one basis. ``fits``: it has no other ranges than those a grid shows."""

    year: int
    basis: str
    cells: Mapping[Cell, int]
    source: str
    version: str

    @property
    def fits(self) -> bool:
        return all((first, last) in SPANS for _sex, first, last in self.cells)


def grids_of(community: Community) -> list[Grid]:
    """The newest year first; one query."""
    rows = Population.objects.filter(community=community).order_by("-year", "basis", "sex", "age_from")
    return [
        grid(year, basis, list(own))
        for (year, basis), own in groupby(rows, key=lambda row: (row.year, row.basis))
    ]


def grid(year: int, basis: str, rows: Iterable[Population]) -> Grid:
    rows = list(rows)
    cells = {(row.sex, row.age_from, row.age_to): row.count for row in rows}
    source = next((row.source for row in rows if row.source), "")
    return Grid(year, basis, cells, source, version_of(cells, source, year, basis))


def version_of(cells: Mapping[Cell, int], source: str, year: int, basis: str) -> str:
    """What stands for a year, as a form carries it: year and basis belong to it, for they can be typed anew."""
    written = sorted(f"{cell_name(*cell)}={count}" for cell, count in cells.items())
    text = f"{year} {basis} {' '.join(written)} {source}"
    return hashlib.sha256(text.encode()).hexdigest()[:32] if cells else ""


def cell_name(sex: str, first: int, last: int | None) -> str:
    """The name of the cell in the form: ``all-0-14``, ``male-65-``."""
    return f"{sex}-{first}-{'' if last is None else last}"


def span_label(first: int, last: int | None) -> str:
    if (first, last) == WHOLE:
        return _("all ages")
    return f"{first}+" if last is None else f"{first}–{last}"
