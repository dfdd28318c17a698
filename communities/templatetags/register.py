"""How the register speaks in templates: the words and signs of a status, addresses with filters."""

from __future__ import annotations

from functools import cache, lru_cache
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from communities.enums import NameKind, NameStatus, Status
from communities.models import Community, RegisterEntry
from communities.selectors import RegisterFilters

register = template.Library()

TAGS = {
    Status.ACTIVE: "valid",
    Status.DUE: "seal",
    Status.OVERDUE: "late",
    Status.LAPSED: "late",
    Status.UNKNOWN: "unknown",
    Status.WITHDRAWN: "returned",
    Status.MERGED: "sent",
}


@register.filter
def status_word(status: str) -> str:
    return str(Status(status).label)


@register.filter
def status_tag(status: str) -> str:
    """Which of the tags of the house stands for it; the word beside it says the same."""
    return TAGS[Status(status)]


@register.filter
def as_query(filters: RegisterFilters) -> str:
    """The register's address with these filters, ready for ``href``."""
    return _with_query(_register_path(), filters)


@register.simple_tag
def download_url(name: str, filters: RegisterFilters) -> str:
    return _with_query(reverse(name), filters)


@register.simple_tag
def register_url(province: str, city: str = "") -> str:
    return _with_query(_register_path(), RegisterFilters(province=province, city=city))


@register.filter
def page_url(entry: RegisterEntry) -> str:
    """Where the public reads about an entry."""
    if entry.number is not None and entry.programme.code == "international":
        return _path("communities:entry", entry.number)
    return _path("communities:community", entry.community_id)


@register.filter
def printed_otherwise(community: Community) -> str:
    """The name as the list printed it, if that is not the one shown."""
    return next((name.name for name in community.known_names if name.kind == NameKind.PRINTED), "")


@register.filter
def to_be_confirmed(community: Community) -> bool:
    return community.name_status in {NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF}


@cache
def _register_path() -> str:
    """Asked for by every filter link of the page."""
    return reverse("communities:register")


@lru_cache(maxsize=4096)
def _path(name: str, key: int) -> str:
    """Asked for by every row of a list."""
    return reverse(name, args=[key])


def _with_query(path: str, filters: RegisterFilters) -> str:
    parameters = filters.parameters()
    return f"{path}?{urlencode(parameters)}" if parameters else path
