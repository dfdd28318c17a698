"""The one question before anything is written: may this person do this in this community?"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.enums import Permission
from communities.authz import can
from communities.models import Authority, Community


def must(by: Any, permission: Permission, community: Community) -> None:
    """Raises PermissionDenied; ``by=None`` is the system."""
    if by is not None and not can(by, permission, community):
        raise PermissionDenied(permission)


def must_record(
    by: Any,
    community: Community | None,
    authority: Authority | None,
    permission: Permission = Permission.WORK_RECORD,
) -> None:
    """What a community, an authority or – neither given – the association keeps of its own. ``by=None``: the system."""
    if community is not None:
        must(by, permission, community)
    elif by is not None and not may_record_above(by, authority):
        raise PermissionDenied(Permission.WORK_MANAGE)


def may_record_above(user: Any, authority: Authority | None) -> bool:
    """For an authority, or for the association."""
    if authority is not None:
        return can_for_authority(user, Permission.WORK_JUDGE, authority)
    return bool(user.has_perm(Permission.WORK_MANAGE))


def can_for_authority(user: Any, permission: Permission, authority: Authority) -> bool:
    """By a platform-wide role, or by a post at this authority or above it."""
    if user.has_perm(permission):
        return True
    posts = user.authority_posts.values_list("authority__path", "role__permissions")
    return any(authority.path.startswith(path) and permission in codes for path, codes in posts)
