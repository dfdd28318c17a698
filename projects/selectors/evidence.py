"""The archive of a community, and where each file is used."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet

from communities.models import Community
from core.paging import BothEndsPaginator
from projects.models import Evidence

PER_PAGE = 24
# What may point at a file; each by the name of the way back.
USERS = (
    "activities",
    "projects",
    "findings",
    "diagnoses",
    "plans",
    "emergency_plans",
    "responsibility_letters",
    "reports",
    "shortcomings_before",
    "shortcomings_after",
    "fund_entries",
    "awards",
    "news",
    "media_reports",
    "purchased_services",
)


def archive(community: Community, *, element: str = "", year: int | None = None) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(community=community).select_related("file", "thumbnail")
    if element:
        rows = rows.filter(element=element)
    if year:
        rows = rows.filter(happened_on__year=year)
    return rows.order_by("-happened_on", "-pk")


def archive_page(rows: QuerySet[Evidence], number: str | None) -> Page[Evidence]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def years(community: Community) -> list[int]:
    days = Evidence.objects.filter(community=community).dates("happened_on", "year", order="DESC")
    return [day.year for day in days]


def uses_of(evidence: Evidence) -> list[tuple[str, Any]]:
    """What uses the file: the kind in words, and the thing."""
    return [
        (str(thing._meta.verbose_name), thing)  # noqa: SLF001 - Django's public _meta
        for way in USERS
        for thing in getattr(evidence, way).all()
    ]


def is_used(evidence: Evidence) -> bool:
    return any(getattr(evidence, way).exists() for way in USERS)
