"""The register as a list, one page of it, and the page of one entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.enums import TO_APPROVE, NameStatus, Standing
from communities.models import Community, CommunityName, Designation, Membership, Programme, RegisterEntry
from communities.querysets import RegisterEntryQuerySet
from communities.selectors.facets import Facet, Summary, cells_of, facets_of, summary_of, summed
from communities.selectors.filters import RegisterFilters, filtered
from core.paging import KeyedPaginator

INTERNATIONAL = "international"
PAGE_SIZE = 20
NEIGHBOURS_SHOWN = 10
NEWEST_FIRST = (Coalesce("number", 0).desc(), "pk")  # without a number: last
AS_PRINTED = (F("sequence").asc(nulls_last=True), "number", "pk")


@dataclass
class RegisterPage:
    summary: Summary
    filters: RegisterFilters
    facets: list[Facet]
    page: Page[RegisterEntry]
    count: int

    @property
    def status(self) -> Facet:
        return self.facets[0]


def published_entries(programme: str) -> RegisterEntryQuerySet:
    # As a value and not as a join: the order of the list is then that of an index.
    wanted = Programme.objects.filter(code=programme).values("pk")[:1]
    return RegisterEntry.objects.filter(programme=Subquery(wanted)).published()


def register_entries(
    programme: str = INTERNATIONAL, filters: RegisterFilters | None = None
) -> RegisterEntryQuerySet:
    """Published entries, the newest number first."""
    return filtered(published_entries(programme), filters or RegisterFilters()).order_by(*NEWEST_FIRST)


def register_page(
    filters: RegisterFilters, number: int | str | None, programme: str = INTERNATIONAL
) -> RegisterPage:
    """One page with its counts, in three queries whatever the size of the register; in four for a search and where
    the register has changed since it was last counted.
    """
    entries = published_entries(programme)
    cells = cells_of(programme, entries, filters)
    summary = summary_of(entries) if filters.query or filters.city else summed(cells)
    facets = facets_of(cells, filters, summary)
    count = sum(cell.count for cell in cells if cell.fits(filters))
    paginator = KeyedPaginator(
        register_entries(programme, filters), PAGE_SIZE, rows=listed(RegisterEntry.objects.all()), total=count
    )
    return RegisterPage(summary, filters, facets, paginator.get_page(number), count)


def export_rows(filters: RegisterFilters, programme: str = INTERNATIONAL) -> list[RegisterEntry]:
    """The same rows as the page shows, all of them, in the order of the printed list."""
    entries = register_entries(programme, filters).order_by(*AS_PRINTED)
    return list(listed(entries).prefetch_related(_designations()))


def entry_by_number(number: int, programme: str = INTERNATIONAL) -> RegisterEntry | None:
    entries = published_entries(programme).filter(number=number)
    return _with_history(entries).first()


def community_entries(community: Community) -> list[RegisterEntry]:
    """The entries of one community, the widest programme first; whether it is published is asked at the door."""
    return list(
        _with_history(RegisterEntry.objects.filter(community=community)).order_by("-programme__level", "pk")
    )


def neighbours(entry: RegisterEntry) -> QuerySet[RegisterEntry]:
    """The other communities of the same city, as listed."""
    community = entry.community
    return (
        published_entries(entry.programme.code)
        .filter(community__province_name=community.province_name, community__city_name=community.city_name)
        .exclude(pk=entry.pk)
        .select_related("community", "programme")
        .only("number", "first_year", "programme__code", "community__name_zh", "community__name_en")
        .order_by("number", "pk")[:NEIGHBOURS_SHOWN]
    )


def communities_of(user: Any) -> QuerySet[Community]:
    """What this person works for or watches over, with the entries of each."""
    entries = (
        RegisterEntry.objects.with_status().select_related("programme").order_by("-programme__level", "pk")
    )
    return (
        Community.objects.visible_to(user)
        .prefetch_related(Prefetch("entries", entries))
        .order_by("province_name", "city_name", "name_zh", "pk")
    )


def published_parts(community: Community) -> QuerySet[Community]:
    """Named communities that lie within this one."""
    return community.children.published().order_by("pk")


@dataclass(frozen=True)
class RegisterCounts:
    """What the office watches in the register."""

    named: int
    names_waiting: int
    unknown: int
    to_approve: int


def register_counts() -> RegisterCounts:
    """Over all programmes, published or not, in three queries."""
    waiting = Q(name_status__in=[NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF])
    row = Community.objects.aggregate(
        named=Count("pk", filter=Q(standing=Standing.NAMED)), waiting=Count("pk", filter=waiting)
    )
    return RegisterCounts(
        named=row["named"],
        names_waiting=row["waiting"],
        unknown=RegisterEntry.objects.with_unknown_status().count(),
        to_approve=Membership.objects.filter(state__in=TO_APPROVE).count(),
    )


def listed(entries: RegisterEntryQuerySet) -> RegisterEntryQuerySet:
    """With what a row of a list shows: status, community, its names."""
    return (
        entries.with_status()
        .select_related("community__region", "programme")
        .defer("printed", "corrections", "loaded", "community__loaded", "community__search_text")
        .prefetch_related(_names())
    )


def _with_history(entries: RegisterEntryQuerySet) -> RegisterEntryQuerySet:
    related = ("community__parent", "community__merged_into", "community__supervisor")
    return listed(entries).select_related(*related).prefetch_related(_designations())


def _names() -> Prefetch:
    return Prefetch("community__names", CommunityName.objects.order_by("pk"), to_attr="known_names")


def _designations() -> Prefetch:
    return Prefetch("designations", Designation.objects.order_by("cycle"))
