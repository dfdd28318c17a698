"""Who has access to a community, and by which of the ways that ``querysets.reach`` knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, Value
from django.utils.translation import gettext

from accounts.enums import Permission
from accounts.models import Role, RoleGrant, User
from communities.enums import REACHING
from communities.models import AccessGrant, AuthorityPost, Community
from core.clock import today


@dataclass(frozen=True, slots=True)
class WayIn:
    """One person's way in; who has two stands there twice. ``until`` is the last day, None without one."""

    user: User
    by: str
    role: Role | None
    since: dt.date | None
    until: dt.date | None = None


def ways_in(community: Community) -> list[WayIn]:
    """Those of the unit first, then those set above it, those it was entrusted to, and the association's staff."""
    return [
        way
        for way in (*_members(community), *_above(community), *_entrusted(community), *_staff())
        if way.user.is_active
    ]


def _members(community: Community) -> list[WayIn]:
    rows = (
        community.memberships.filter(state__in=REACHING)
        .select_related("user", "role")
        .order_by("since", "pk")
    )
    return [WayIn(row.user, gettext("works for the unit"), row.role, row.since) for row in rows]


def _above(community: Community) -> list[WayIn]:
    if community.supervisor is None:
        return []
    rows = (
        AuthorityPost.objects.alias(whole=Value(community.supervisor.path))
        .filter(whole__startswith=F("authority__path"))
        .select_related("user", "role", "authority")
        .order_by("authority__path", "pk")
    )
    return [WayIn(row.user, str(row.authority), row.role, row.since) for row in rows]


def _entrusted(community: Community) -> list[WayIn]:
    current = Q(until__isnull=True) | Q(until__gte=today())
    rows = (
        AccessGrant.objects.filter(current, community=community).select_related("user", "role").order_by("pk")
    )
    said = gettext("entrusted for a task")
    return [WayIn(row.user, said, row.role, row.created_at.date(), row.until) for row in rows]


def _staff() -> list[WayIn]:
    rows = RoleGrant.objects.current().select_related("user", "role").order_by("role_id", "user_id")
    said = gettext("works for the association")
    granted = [row for row in rows if Permission.REGISTER_VIEW in row.role.permissions]
    everything = User.objects.filter(is_superuser=True).order_by("pk")
    return [
        *(WayIn(row.user, said, row.role, row.since, row.until) for row in granted),
        *(WayIn(user, gettext("holds every permission"), None, None) for user in everything),
    ]
