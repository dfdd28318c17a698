"""Nobody gives, or takes over, more than they hold themselves."""

from __future__ import annotations

from accounts.models import Role, User


def may_give(by: User | None, role: Role) -> bool:
    """A role can be given and taken by whoever holds everything in it. ``by=None`` is the system."""
    return by is None or set(role.permissions) <= by.platform_permissions


def may_manage(by: User | None, user: User) -> bool:
    """Whoever could set this user's e-mail could become this user, so only those who may do as much."""
    if by is None or by.pk == user.pk:
        return True
    if user.is_superuser:
        return by.is_superuser
    held = {code for codes in user.role_grants.values_list("role__permissions", flat=True) for code in codes}
    return held <= by.platform_permissions
