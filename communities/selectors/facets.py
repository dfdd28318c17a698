"""The counts beside the register's filters: every one is a sum of the same few cells, read in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Count, Max, Min, Q

from communities.enums import CommunityKind, Status
from communities.figures import remembered, stamp
from communities.querysets import RegisterEntryQuerySet
from communities.selectors.filters import RegisterFilters, sought

BAND = 5  # years
SHOWN_VALUES = 8  # of a facet, before the rest is folded away


@dataclass(frozen=True)
class FacetLink:
    """One value of a facet: how many rows it leaves with the other filters as they are."""

    value: str
    label: str
    count: int
    filters: RegisterFilters
    current: bool


@dataclass(frozen=True)
class Facet:
    name: str
    links: list[FacetLink]
    total: int
    everything: RegisterFilters
    chosen: bool

    @property
    def shown(self) -> list[FacetLink]:
        """The most frequent values; one that is chosen is always among them."""
        return [link for rank, link in enumerate(self.links) if rank < SHOWN_VALUES or link.current]

    @property
    def rest(self) -> list[FacetLink]:
        return [link for link in self.links if link not in self.shown]

    @property
    def rest_count(self) -> int:
        return sum(link.count for link in self.rest)


@dataclass(frozen=True)
class Summary:
    """The whole published register, whatever is filtered."""

    count: int
    provinces: int
    first_year: int | None
    last_year: int | None


def summary_of(entries: RegisterEntryQuerySet) -> Summary:
    row = entries.aggregate(
        rows=Count("pk"),
        places=Count("community__province_name", distinct=True, filter=~Q(community__province_name="")),
        first=Min("first_year"),
        last=Max("first_year"),
    )
    return Summary(row["rows"], row["places"], row["first"], row["last"])


def summed(cells: list[Cell]) -> Summary:
    """The same, from the cells, where these already are the whole register."""
    years = [cell.year for cell in cells if cell.year]
    provinces = {cell.province for cell in cells if cell.province}
    count = sum(cell.count for cell in cells)
    return Summary(count, len(provinces), min(years, default=None), max(years, default=None))


@dataclass(frozen=True)
class Cell:
    """How many rows share these values of all four facets: every count on the page is a sum of such cells."""

    status: str
    province: str
    year: int | None
    kind: str
    count: int

    def fits(self, filters: RegisterFilters) -> bool:
        first, last = filters.years or (0, 0)
        return (
            filters.status in {"", self.status}
            and filters.province in {"", self.province}
            and filters.kind in {"", self.kind}
            and (filters.years is None or first <= (self.year or 0) <= last)
        )


def cells_of(programme: str, entries: RegisterEntryQuerySet, filters: RegisterFilters) -> list[Cell]:
    """Of the published entries of a programme; those of the whole register are counted once after each change of it."""
    if filters.query or filters.city:
        return _counted(entries, filters)
    return remembered(f"register:{programme}", stamp(), partial(_counted, entries, filters))


def _counted(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> list[Cell]:
    rows = (
        sought(entries, filters)
        .with_status()
        .values_list("status", "community__province_name", "first_year", "community__kind")
        .annotate(rows=Count("pk"))
        .order_by()
    )
    cells = [Cell(*row) for row in rows]
    return sorted(cells, key=lambda cell: (cell.status, cell.province, cell.year or 0, cell.kind))


def facets_of(cells: list[Cell], filters: RegisterFilters, summary: Summary) -> list[Facet]:
    status, province, kind = (_counts(cells, filters, name) for name in ("status", "province", "kind"))
    return [
        _facet("status", filters, status, [(choice.value, choice.label) for choice in Status]),
        _facet("province", filters, province, [(name, name) for name, _n in province.most_common() if name]),
        _facet("years", filters, _counts(cells, filters, "years"), _bands(summary)),
        _facet("kind", filters, kind, [(code, CommunityKind(code).label) for code, _n in kind.most_common()]),
    ]


def _counts(cells: list[Cell], filters: RegisterFilters, name: str) -> Counter[Any]:
    """Rows by value of one facet, with every other filter in force. Years are told as single years."""
    others = filters.without(name)
    counts: Counter[Any] = Counter()
    for cell in cells:
        if cell.fits(others):
            counts[cell.year if name == "years" else getattr(cell, name)] += cell.count
    return counts


def _bands(summary: Summary) -> list[tuple[tuple[int, int], str]]:
    """Five years each, the newest first, cut off where the register begins and ends: 2021–2023, 2016–2020 …"""
    if summary.first_year is None or summary.last_year is None:
        return []
    bands = []
    start = (summary.last_year - 1) // BAND * BAND + 1
    while start + BAND > summary.first_year:
        first, last = max(start, summary.first_year), min(start + BAND - 1, summary.last_year)
        bands.append(((first, last), f"{first}–{last}" if first != last else str(first)))
        start -= BAND
    return bands


def _facet(
    name: str, filters: RegisterFilters, counts: Counter[Any], values: Iterable[tuple[Any, Any]]
) -> Facet:
    chosen = getattr(filters, name)
    links = []
    for value, label in values:
        wanted = range(value[0], value[1] + 1) if name == "years" else (value,)
        count = sum(counts[one] for one in wanted)
        current = chosen == value
        if count or current:
            target = filters.without(name) if current else replace(filters, **{name: value})
            links.append(FacetLink(str(value), str(label), count, target, current))
    return Facet(name, links, sum(counts.values()), filters.without(name), bool(chosen))
