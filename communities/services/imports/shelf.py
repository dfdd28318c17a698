"""Everything that the rows of a table are compared with, read in a handful of queries, whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Permission
from communities.authz import where
from communities.enums import ABOUT_PERSONS, ImportKind, Standing
from communities.importers.printed_list import stem
from communities.importers.problems import Code, Problem, problem
from communities.models import (
    Authority,
    Community,
    CommunityName,
    Contact,
    Designation,
    Programme,
    Region,
    RegisterEntry,
)
from communities.search import normal
from communities.selectors import INTERNATIONAL

MOST_CANDIDATES = 3


@dataclass
class Shelf:
    """By number and by every name only what the user may change; ``taken`` knows the numbers of all the others too."""

    kind: ImportKind
    communities: dict[int, Community] = field(default_factory=dict)
    by_name: dict[str, list[Community]] = field(default_factory=lambda: defaultdict(list))
    by_stem: dict[str, list[Community]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    programmes: dict[int, Programme] = field(default_factory=dict)
    entries: dict[tuple[int, int], RegisterEntry] = field(default_factory=dict)  # (programme, community)
    taken: dict[tuple[int, int], RegisterEntry] = field(default_factory=dict)  # (programme, number)
    by_key: dict[int, RegisterEntry] = field(default_factory=dict)
    contacts: dict[tuple[int, str], Contact] = field(default_factory=dict)
    designations: dict[int, list[Designation]] = field(default_factory=lambda: defaultdict(list))
    regions: dict[str, Region] = field(default_factory=dict)
    authorities: dict[str, list[Authority]] = field(default_factory=lambda: defaultdict(list))
    within: set[int] | None = None  # authorities of the user's own region; None: everywhere

    @property
    def international(self) -> Programme | None:
        return next((row for row in self.programmes.values() if row.code == INTERNATIONAL), None)

    def number_of(self, community: Community) -> int | None:
        programme = self.international
        entry = self.entries.get((programme.pk, community.pk)) if programme else None
        return entry.number if entry else None

    def with_number(self, number: int, programme: Programme | None) -> Community | None:
        entry = self.taken.get((programme.pk, number)) if programme else None
        return self.communities.get(entry.community_id) if entry else None

    def describe(self, community: Community) -> str:
        """福建省厦门市 筼筜街道（362）"""
        number = self.number_of(community)
        return f"{community.listed_place} {community.name_zh}" + (f"（{number}）" if number else "")

    def is_called(self, community: Community, name: str) -> bool:
        return normal(name) in self.names[community.pk]

    def named(self, name: str, province: str = "", city: str = "") -> Community | Problem | None:
        """The one community of that name; a problem where there are several; None where there is none."""
        found = self.by_name.get(normal(name), [])
        if province or city:
            found = [row for row in found if _lies_in(row, province, city)]
        if len(found) > 1:
            return problem(Code.AMBIGUOUS_NAME, value=name, candidates=self._listed(found))
        return found[0] if found else None

    def not_found(self, name: str) -> Problem:
        """With the communities whose name differs in its kind only: 筼筜镇 may be 筼筜街道."""
        similar = self.by_stem.get(stem(normal(name)), []) or self.by_name.get(normal(name), [])
        if similar:
            return problem(Code.SIMILAR_NAME, value=name, candidates=self._listed(similar))
        return problem(Code.UNKNOWN_NAME, value=name)

    def _listed(self, found: list[Community]) -> str:
        shown = "、".join(self.describe(row) for row in found[:MOST_CANDIDATES])
        return shown + ("…" if len(found) > MOST_CANDIDATES else "")


def _lies_in(community: Community, province: str, city: str) -> bool:
    """As written or shortened: 福建 is 福建省."""
    pairs = ((province, community.province_name), (city, community.city_name))
    return all(known.startswith(written.rstrip("省市")) for written, known in pairs if written)


def needed_for(kind: str) -> tuple[Permission, ...]:
    """What somebody must hold who brings in a table of this kind: who sees old values beside new ones sees both."""
    if kind in ABOUT_PERSONS:
        return (Permission.REGISTER_CHANGE, Permission.CONTACT_VIEW)
    return (Permission.REGISTER_CHANGE,)


def load_shelf(kind: str, user: Any, *, region_codes: Iterable[str] = ()) -> Shelf:
    shelf = Shelf(ImportKind(kind))
    reached = Community.objects.filter(where(user, *needed_for(kind))).exclude(standing=Standing.MERGED)
    shelf.communities = {row.pk: row for row in reached.select_related("region", "supervisor").order_by("pk")}
    for community in shelf.communities.values():
        _shelve_name(shelf, community, community.name_zh)
    for other in CommunityName.objects.filter(community__in=reached.values("pk")).order_by("pk"):
        if other.community_id in shelf.communities:
            _shelve_name(shelf, shelf.communities[other.community_id], other.name)
    _shelve_entries(shelf)
    if kind in ABOUT_PERSONS:
        contacts = Contact.objects.filter(community__in=reached.values("pk")).order_by("pk")
        shelf.contacts = {(row.community_id, row.role): row for row in contacts}
    if kind == ImportKind.DESIGNATIONS:
        _shelve_designations(shelf, reached)
    if kind == ImportKind.COMMUNITIES:
        _shelve_places(shelf, user, region_codes)
    return shelf


def _shelve_name(shelf: Shelf, community: Community, name: str) -> None:
    written = normal(name)
    if written in shelf.names[community.pk]:
        return
    shelf.names[community.pk].add(written)
    shelf.by_name[written].append(community)
    if community not in shelf.by_stem[stem(written)]:
        shelf.by_stem[stem(written)].append(community)


def _shelve_entries(shelf: Shelf) -> None:
    shelf.programmes = {row.pk: row for row in Programme.objects.order_by("pk")}
    for entry in RegisterEntry.objects.select_related("community").order_by("pk"):
        entry.programme = shelf.programmes[entry.programme_id]
        shelf.entries[entry.programme_id, entry.community_id] = entry
        shelf.by_key[entry.pk] = entry
        if entry.number is not None:
            shelf.taken[entry.programme_id, entry.number] = entry


def _shelve_designations(shelf: Shelf, reached: QuerySet[Community]) -> None:
    rows = Designation.objects.filter(community__in=reached.values("pk")).order_by("entry", "cycle")
    for row in rows:
        shelf.designations[row.entry_id].append(row)


def _shelve_places(shelf: Shelf, user: Any, codes: Iterable[str]) -> None:
    wanted = {code for written in codes for code in _spellings(written)}
    for region in Region.objects.filter(code__in=wanted).order_by(
        "-code_system", "pk"
    ):  # MCA's last: it wins
        shelf.regions[region.short_code] = region
    authorities = list(Authority.objects.order_by("pk"))
    for authority in authorities:
        shelf.authorities[normal(authority.name_zh)].append(authority)
    if not user.has_perm(Permission.REGISTER_CHANGE):
        own = user.authority_posts.values_list("authority__path", "role__permissions")
        paths = tuple(path for path, held in own if Permission.REGISTER_CHANGE in held)
        shelf.within = {row.pk for row in authorities if row.path.startswith(paths)} if paths else set()


def _spellings(code: str) -> set[str]:
    """350203 stands in one table of regions as such, in the other with zeros behind it."""
    return {code, code.ljust(9, "0"), code.ljust(12, "0")}
