"""May this user do this to this community? The one answer that views, services and templates ask for."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.enums import Permission
from communities.enums import REACHING
from communities.models import AuthorityPost, Community
from core.clock import today


def can(user: Any, permission: Permission | str, community: Community | None = None) -> bool:
    """True if a platform-wide role, or a role in this very community, holds the permission."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    if community is not None and permission in _known(user).get(community.pk, frozenset()):
        return True
    if user.has_perm(permission):
        return True
    return community is not None and permission in community_permissions(user, community)


def can_somewhere(user: Any, permission: Permission | str) -> bool:
    """True if the permission holds platform-wide, or below an authority at which the user has a post."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return user.has_perm(permission) or bool(_paths_with(user, {permission}))


def where(user: Any, *permissions: Permission | str) -> Q:
    """The communities in which the user holds all of these, by platform-wide role or by a post above them."""
    if not user.is_active:
        return Q(pk__in=[])
    lacking = {permission for permission in permissions if not user.has_perm(permission)}
    if not lacking:
        return Q()
    condition = Q(pk__in=[])
    for path in _paths_with(user, lacking):
        condition |= Q(supervisor__path__startswith=path)
    return condition


def _paths_with(user: Any, permissions: set[Permission | str]) -> list[str]:
    """Of the authorities at which one post of the user brings all of these."""
    posts = AuthorityPost.objects.filter(user=user).values_list("authority__path", "role__permissions")
    return [path for path, codes in posts if permissions <= set(codes)]


def remember(user: Any, community: Community, codes: list[str]) -> None:
    """A door that learned part of the answer together with its row spares the page from asking for it again."""
    _known(user)[community.pk] = frozenset(codes)


def _known(user: Any) -> dict[int, frozenset[str]]:
    return user.__dict__.setdefault("_known_permissions", {})


def community_permissions(user: Any, community: Community) -> frozenset[str]:
    """What the user's memberships, posts and grants allow in this community; remembered on the user for the request."""
    cache = user.__dict__.setdefault("_community_permissions", {})
    if community.pk not in cache:
        cache[community.pk] = frozenset(code for codes in _held(user, community) for code in codes)
    return cache[community.pk]


def _held(user: Any, community: Community) -> list[list[str]]:
    day = today()
    held = list(
        user.memberships.filter(community=community, state__in=REACHING).values_list(
            "role__permissions", flat=True
        )
    )
    for until, codes in user.access_grants.filter(community=community).values_list(
        "until", "role__permissions"
    ):
        if until is None or until >= day:
            held.append(codes)
    if community.supervisor is not None:
        for path, codes in user.authority_posts.values_list("authority__path", "role__permissions"):
            if community.supervisor.path.startswith(path):
                held.append(codes)
    return held
