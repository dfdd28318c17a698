"""经费台账: the entries of a year, and its sums by source and by use (S3-21, S2-11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet, Sum

from communities.models import Authority, Community
from core.clock import today
from core.paging import BothEndsPaginator
from projects.enums import FundDirection, FundSource, FundUse
from projects.models import FundEntry

PER_PAGE = 50
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What came from one source in the year, and what of it was spent."""

    label: str
    received: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class UseRow:
    label: str
    spent: Decimal


@dataclass(frozen=True, slots=True)
class YearSums:
    """Only sources and uses that there are, in the order of their lists."""

    sources: list[SourceRow]
    uses: list[UseRow]

    @property
    def received(self) -> Decimal:
        return sum((row.received for row in self.sources), NOTHING)

    @property
    def spent(self) -> Decimal:
        return sum((row.spent for row in self.sources), NOTHING)


def entries_of(owner: Community | Authority) -> QuerySet[FundEntry]:
    if isinstance(owner, Community):
        return FundEntry.objects.filter(community=owner)
    return FundEntry.objects.filter(authority=owner)


def of_year(owner: Community | Authority, year: int) -> QuerySet[FundEntry]:
    rows = entries_of(owner).filter(on__year=year).select_related("project")
    return rows.prefetch_related("evidence").order_by("-on", "-pk")


def page_of(rows: QuerySet[FundEntry], number: str | None) -> Page[FundEntry]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def sums_of(owner: Community | Authority, year: int) -> YearSums:
    """One question, however many entries."""
    rows = entries_of(owner).filter(on__year=year).order_by()
    found: dict[tuple[str, str, str], Decimal] = {
        (row["direction"], row["source"], row["use"]): row["total"]
        for row in rows.values("direction", "source", "use").annotate(total=Sum("amount"))
    }

    def total(direction: str, place: int, value: str) -> Decimal:
        return sum(
            (amount for key, amount in found.items() if key[0] == direction and key[place] == value), NOTHING
        )

    sources = [
        SourceRow(str(label), total(FundDirection.IN, 1, value), total(FundDirection.OUT, 1, value))
        for value, label in FundSource.choices
    ]
    uses = [UseRow(str(label), total(FundDirection.OUT, 2, value)) for value, label in FundUse.choices]
    return YearSums([row for row in sources if row.received or row.spent], [row for row in uses if row.spent])


def years_of(owner: Community | Authority) -> list[int]:
    days: Any = entries_of(owner).dates("on", "year")
    return sorted({today().year, *(day.year for day in days)}, reverse=True)
