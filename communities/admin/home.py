"""The register's numbers on the staff home page; each leads to its list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Permission
from communities.admin.filters import WAITING
from communities.enums import Standing, Status
from communities.selectors import register_counts
from communities.selectors.imports import may_import

COMMUNITIES = "admin:communities_community_changelist"
ENTRIES = "admin:communities_registerentry_changelist"
MEMBERSHIPS = "admin:communities_membership_changelist"


def register_panel(request: HttpRequest) -> dict[str, Any] | None:
    links = _links(request)
    if not request.user.has_perm(Permission.REGISTER_VIEW):
        return {"title": _("Register"), "items": [], "links": links} if links else None
    counts = register_counts()
    items = [
        _item(_("Named communities"), counts.named, COMMUNITIES, standing=Standing.NAMED),
        _item(_("Names to be confirmed"), counts.names_waiting, COMMUNITIES, name_status=WAITING),
        _item(_("Status unknown"), counts.unknown, ENTRIES, status=Status.UNKNOWN),
    ]
    if request.user.has_perm(Permission.ACCOUNT_VIEW):
        items.append(_item(_("Memberships to approve"), counts.to_approve, MEMBERSHIPS, state=WAITING))
    return {"title": _("Register"), "items": items, "links": links, "url": reverse("communities:register")}


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    """Who looks after a region brings tables in without seeing the whole register."""
    if not may_import(request.user):
        return []
    return [{"label": _("Import from Excel"), "url": reverse("communities:imports")}]


def _item(label: str, value: int, url_name: str, **query: str) -> dict[str, Any]:
    return {"label": label, "value": value, "url": f"{reverse(url_name)}?{urlencode(query)}"}
