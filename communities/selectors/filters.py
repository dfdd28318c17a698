"""What a reader of the register may ask for, and the conditions it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from communities.enums import CommunityKind, Status
from communities.models import RegisterEntry
from communities.querysets import RegisterEntryQuerySet
from communities.search import terms


@dataclass(frozen=True)
class RegisterFilters:
    """What the reader asked for; an empty value asks for nothing. ``years`` includes both ends."""

    query: str = ""
    status: str = ""
    province: str = ""
    city: str = ""
    years: tuple[int, int] | None = None
    kind: str = ""

    def without(self, name: str) -> RegisterFilters:
        empty: Any = None if name == "years" else ""
        return replace(self, **{name: empty})

    @property
    def is_empty(self) -> bool:
        return self == RegisterFilters()

    @property
    def words(self) -> list[str]:
        """As the reader reads them."""
        first, last = self.years or (0, 0)
        return [
            word
            for word in (
                f"“{self.query}”" if self.query else "",
                str(Status(self.status).label) if self.status else "",
                self.province,
                self.city,
                f"{first}–{last}" if self.years else "",
                str(CommunityKind(self.kind).label) if self.kind else "",
            )
            if word
        ]

    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        values = {
            "q": self.query,
            "status": self.status,
            "province": self.province,
            "city": self.city,
            "years": "-".join(map(str, self.years or ())),
            "kind": self.kind,
        }
        return {name: value for name, value in values.items() if value}


def search_condition(query: str, prefix: str = "community__") -> Q:
    """Every word of the query in a name, a pinyin spelling, a place or as a designation number."""
    condition = Q()
    for term in terms(query):
        if term.from_start:
            found = Q(**{f"{prefix}search_text__startswith": term.text})
            found |= Q(**{f"{prefix}search_text__contains": f"\n{term.text}"})
        else:
            found = Q(**{f"{prefix}search_text__contains": term.text})
        if term.number is not None:
            numbered = RegisterEntry.objects.filter(number=term.number)
            key = prefix.removesuffix("__") or "pk"
            found |= Q(**{f"{key}__in": numbered.values("community")})
        condition &= found
    return condition


def filtered(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> RegisterEntryQuerySet:
    entries = sought(entries, filters)
    if filters.status:
        entries = entries.with_status().filter(status=filters.status)
    if filters.province:
        entries = entries.filter(community__province_name=filters.province)
    if filters.years:
        entries = entries.filter(first_year__range=filters.years)
    if filters.kind:
        entries = entries.filter(community__kind=filters.kind)
    return entries


def sought(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> RegisterEntryQuerySet:
    """The two filters that are no facet."""
    if filters.query:
        entries = entries.filter(search_condition(filters.query))
    return entries.filter(community__city_name=filters.city) if filters.city else entries
