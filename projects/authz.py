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


def can_for_authority(user: Any, permission: Permission, authority: Authority) -> bool:
    """By a platform-wide role, or by a post at this authority or above it."""
    if user.has_perm(permission):
        return True
    posts = user.authority_posts.values_list("authority__path", "role__permissions")
    return any(authority.path.startswith(path) and permission in codes for path, codes in posts)
