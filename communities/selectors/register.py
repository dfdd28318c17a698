"""The register as a list: filters that combine, counts beside them, one page of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min, Prefetch, Q, QuerySet
from django.utils.functional import cached_property

from communities.enums import CommunityKind, MembershipState, NameStatus, Standing, Status
from communities.models import Community, CommunityName, Designation, Membership, RegisterEntry
from communities.querysets import RegisterEntryQuerySet
from communities.search import terms

INTERNATIONAL = "international"
PAGE_SIZE = 20
BAND = 5  # years
SHOWN_VALUES = 8  # of a facet, before the rest is folded away
NEIGHBOURS_SHOWN = 10
NEWEST_FIRST = (F("number").desc(nulls_last=True), "pk")
AS_PRINTED = (F("sequence").asc(nulls_last=True), "number", "pk")


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


class CountedPaginator(Paginator):
    """The number of rows is already known from the facets; and only keys are read on the way to a late page."""

    def __init__(self, rows: RegisterEntryQuerySet, per_page: int, *, total: int) -> None:
        super().__init__(rows, per_page)
        self.rows = rows
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total

    def page(self, number: int | str) -> Page[RegisterEntry]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = list(self.rows.values_list("pk", flat=True)[start : start + self.per_page])
        rows = listed(RegisterEntry.objects.filter(pk__in=keys)).order_by(*NEWEST_FIRST)
        return Page(rows, number, self)


def published_entries(programme: str) -> RegisterEntryQuerySet:
    return RegisterEntry.objects.filter(programme__code=programme).published()


def register_entries(
    programme: str = INTERNATIONAL, filters: RegisterFilters | None = None
) -> RegisterEntryQuerySet:
    """Published entries, the newest number first."""
    entries = published_entries(programme).with_status()
    return _filtered(entries, filters or RegisterFilters()).order_by(*NEWEST_FIRST)


def register_page(
    filters: RegisterFilters, number: int | str | None, programme: str = INTERNATIONAL
) -> RegisterPage:
    """One page with its counts, in four queries whatever the size of the register."""
    entries = published_entries(programme)
    summary = _summary(entries)
    cells = _cells(entries, filters)
    facets = _facets(cells, filters, summary)
    count = sum(cell.count for cell in cells if cell.fits(filters))
    paginator = CountedPaginator(register_entries(programme, filters), PAGE_SIZE, total=count)
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
    provisional: int


def register_counts() -> RegisterCounts:
    """Over all programmes, published or not, in three queries."""
    waiting = Q(name_status__in=[NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF])
    row = Community.objects.aggregate(
        named=Count("pk", filter=Q(standing=Standing.NAMED)), waiting=Count("pk", filter=waiting)
    )
    return RegisterCounts(
        named=row["named"],
        names_waiting=row["waiting"],
        unknown=RegisterEntry.objects.with_status().filter(status=Status.UNKNOWN).count(),
        provisional=Membership.objects.filter(state=MembershipState.PROVISIONAL).count(),
    )


def listed(entries: RegisterEntryQuerySet) -> RegisterEntryQuerySet:
    """With what a row of a list shows: status, community, its names."""
    return entries.with_status().select_related("community__region", "programme").prefetch_related(_names())


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


def _with_history(entries: RegisterEntryQuerySet) -> RegisterEntryQuerySet:
    related = ("community__parent", "community__merged_into", "community__supervisor")
    return listed(entries).select_related(*related).prefetch_related(_designations())


def _names() -> Prefetch:
    return Prefetch("community__names", CommunityName.objects.order_by("pk"))


def _designations() -> Prefetch:
    return Prefetch("designations", Designation.objects.order_by("cycle"))


def _filtered(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> RegisterEntryQuerySet:
    entries = _sought(entries, filters)
    if filters.status:
        entries = entries.filter(status=filters.status)
    if filters.province:
        entries = entries.filter(community__province_name=filters.province)
    if filters.years:
        entries = entries.filter(first_year__range=filters.years)
    if filters.kind:
        entries = entries.filter(community__kind=filters.kind)
    return entries


def _sought(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> RegisterEntryQuerySet:
    """The two filters that are no facet."""
    if filters.query:
        entries = entries.filter(search_condition(filters.query))
    return entries.filter(community__city_name=filters.city) if filters.city else entries


def _summary(entries: RegisterEntryQuerySet) -> Summary:
    row = entries.aggregate(
        rows=Count("pk"),
        places=Count("community__province_name", distinct=True),
        first=Min("first_year"),
        last=Max("first_year"),
    )
    return Summary(row["rows"], row["places"], row["first"], row["last"])


@dataclass(frozen=True)
class _Cell:
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


def _cells(entries: RegisterEntryQuerySet, filters: RegisterFilters) -> list[_Cell]:
    rows = (
        _sought(entries, filters)
        .with_status()
        .values_list("status", "community__province_name", "first_year", "community__kind")
        .annotate(rows=Count("pk"))
        .order_by("status", "community__province_name", "first_year", "community__kind")
    )
    return [_Cell(*row) for row in rows]


def _facets(cells: list[_Cell], filters: RegisterFilters, summary: Summary) -> list[Facet]:
    status, province, kind = (_counts(cells, filters, name) for name in ("status", "province", "kind"))
    return [
        _facet("status", filters, status, [(choice.value, choice.label) for choice in Status]),
        _facet("province", filters, province, [(name, name) for name, _n in province.most_common() if name]),
        _facet("years", filters, _counts(cells, filters, "years"), _bands(summary)),
        _facet("kind", filters, kind, [(code, CommunityKind(code).label) for code, _n in kind.most_common()]),
    ]


def _counts(cells: list[_Cell], filters: RegisterFilters, name: str) -> Counter[Any]:
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
