"""The few words of the main navigation, for the public, the portal and staff, as data.

An app adds its staff link in ``AppConfig.ready`` (``register_staff_link``), so that core need not know it.
A link shows only when its URL name exists: the house can be built floor by floor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest  # noqa: TID251 - for the type only
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Link:
    """``permission``: a platform permission the reader must hold. ``count``: the small figure beside it."""

    label: str | Promise
    url_name: str
    permission: str | None = None
    count: Callable[[HttpRequest], int | None] | None = None
    order: int = 50


PUBLIC = (
    Link(_("Register"), "communities:register"),
    Link(_("About"), "core:about"),
    Link(_("Help"), "core:help"),
)
PORTAL = (
    Link(_("To do"), "surveys:duties"),
    Link(_("Safety work"), "projects:own_work"),
    Link(_("My communities"), "communities:mine"),
    Link(_("Register"), "communities:register"),
    Link(_("Help"), "core:help"),
)
STAFF = (
    Link(_("Home"), "admin:index", order=0),
    Link(_("Register"), "communities:register", order=10),
)
_staff_links: list[Link] = []


def register_staff_link(
    label: str | Promise,
    url_name: str,
    *,
    permission: str | None = None,
    count: Callable[[HttpRequest], int | None] | None = None,
    order: int = 50,
) -> None:
    """Add a link to the staff navigation; a second call with the same URL name replaces the first."""
    _staff_links[:] = [link for link in _staff_links if link.url_name != url_name]
    _staff_links.append(Link(label, url_name, permission, count, order))


@dataclass(frozen=True, slots=True)
class PageLink:
    label: str | Promise
    url: str


PageLinkSource = Callable[[Any, Any], PageLink | None]
_community_links: list[PageLinkSource] = []


def register_community_link(source: PageLinkSource) -> None:
    """``source(user, community)`` gives a link for a community's page, or None. A second call replaces nothing."""
    if source not in _community_links:
        _community_links.append(source)


def community_links(user: Any, community: Any) -> list[PageLink]:
    """What the apps above know about a community and this reader may open."""
    return [link for source in _community_links if (link := source(user, community)) is not None]


def links_for(request: HttpRequest) -> list[dict[str, object]]:
    """What this reader's navigation shows: label, url, count, and which one is current."""
    shown: list[dict[str, object]] = [
        {
            "label": link.label,
            "url": url,
            "count": link.count(request) if link.count else None,
        }
        for link in _variant(request)
        if _may_see(request, link) and (url := _resolve(link.url_name))
    ]
    current = _current(request, [str(entry["url"]) for entry in shown])
    return [entry | {"current": entry["url"] == current} for entry in shown]


def _variant(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return list(PUBLIC)
    if not getattr(user, "is_staff", False):
        return list(PORTAL)
    replaced = {link.url_name for link in _staff_links}
    links = [*(link for link in STAFF if link.url_name not in replaced), *_staff_links]
    return sorted(links, key=lambda link: link.order)


def _may_see(request: HttpRequest, link: Link) -> bool:
    return link.permission is None or request.user.has_perm(link.permission)


def _resolve(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _current(request: HttpRequest, urls: list[str]) -> str | None:
    """The longest link the present path lies under; a home only when it is the page itself."""
    path = request.path
    homes = {"/", _resolve("admin:index")}
    under = [url for url in urls if path == url or (url not in homes and path.startswith(url))]
    return max(under, key=len, default=None)
