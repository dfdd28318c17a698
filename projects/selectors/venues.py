"""小单位台账: the small businesses and venues of a community, and what is open in each (S1-17, S1-20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet

from communities.models import Community
from core.masks import masked_mobile, masked_name
from core.paging import BothEndsPaginator
from projects.enums import CheckResult, ShortcomingStage, VenueKind
from projects.models import Venue
from projects.selectors.shortcomings import Line, line_of, shortcomings_of

PER_PAGE = 50
# The newest and the open ones of a venue; all of them are in the register.
SHORTCOMINGS_SHOWN = 30
NEVER = "never"


@dataclass(frozen=True, slots=True)
class VenueFilter:
    """Whatever is not a word of its list counts as nothing. ``result``: also ``never`` for never checked."""

    kind: str = ""
    result: str = ""
    name: str = ""

    @classmethod
    def read(cls, query: Any) -> VenueFilter:
        kind, result = query.get("kind", ""), query.get("result", "")
        return cls(
            kind=kind if kind in VenueKind.values else "",
            result=result if result in {*CheckResult.values, NEVER} else "",
            name=query.get("name", "").strip()[:120],
        )


def venues_of(community: Community, wanted: VenueFilter | None = None) -> QuerySet[Venue]:
    """``open_shortcomings``: how many are not closed yet. Those that are closed for good come last."""
    wanted = wanted or VenueFilter()
    rows: QuerySet[Venue] = Venue.objects.filter(community=community)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.result == NEVER:
        rows = rows.filter(checked_on__isnull=True)
    elif wanted.result:
        rows = rows.filter(result=wanted.result)
    if wanted.name:
        rows = rows.filter(Q(name__icontains=wanted.name) | Q(address__icontains=wanted.name))
    still_open = Count("shortcomings", filter=~Q(shortcomings__stage=ShortcomingStage.CLOSED))
    return rows.annotate(open_shortcomings=still_open).order_by(
        F("closed_on").asc(nulls_first=True), "name", "pk"
    )


def page_of(rows: QuerySet[Venue], number: str | None) -> Page[Venue]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def kinds_of(community: Community) -> list[tuple[str, Any, int]]:
    """Only kinds that there are, with how many still work."""
    rows = Venue.objects.filter(community=community, closed_on__isnull=True).order_by()
    found = dict(rows.values_list("kind").annotate(number=Count("pk")))
    return [(value, label, found[value]) for value, label in VenueKind.choices if value in found]


def shortcomings_of_venue(venue: Venue) -> list[Line]:
    rows = shortcomings_of(venue.community).filter(venue=venue)[:SHORTCOMINGS_SHOWN]
    return [line_of(row) for row in rows]


def people_of(venue: Venue, *, whole: bool) -> dict[str, str]:
    """Person in charge, telephone and checker; masked unless ``whole``."""
    if whole:
        return {"person": venue.person, "phone": venue.phone, "checker": venue.checker}
    return {
        "person": masked_name(venue.person),
        "phone": masked_mobile(venue.phone),
        "checker": masked_name(venue.checker),
    }
