"""Who holds which role everywhere, and what a role allows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.authz import may_give
from accounts.enums import Permission, RoleCode, RoleScope
from accounts.models import Role, RoleGrant, User
from accounts.selectors import administrators, current_grants
from audit.services import record
from core.errors import Reason, Refused

TEXTS = ("name_zh", "name_en", "description_zh", "description_en")


@transaction.atomic
def grant_role(*, user: User, role: Role, by: User | None, until: date | None = None) -> RoleGrant:
    """Give a platform-wide role; giving it again only moves its end (None: without end)."""
    _check_giver(by, role)
    if role.scope != RoleScope.PLATFORM:
        raise Refused(Reason(_("This role is held in a community or at an authority."), code="scope"))
    grant, created = RoleGrant.objects.select_for_update().get_or_create(
        user=user, role=role, defaults={"until": until, "granted_by": by}
    )
    old = None if created else grant.until
    if not created and old == until:
        return grant
    grant.until, grant.granted_by = until, by
    grant.full_clean()
    grant.save()
    forget_permissions(user)
    ends = {"until": [old, until]} if old != until else {}
    record("role.grant", by=by, target=user, changes={"role": role.code, **ends})
    return grant


@transaction.atomic
def revoke_role(*, user: User, role: Role, by: User | None, reason: str = "") -> None:
    """Take a platform-wide role away; nothing happens when it is not held."""
    _check_giver(by, role)
    grant = RoleGrant.objects.select_for_update().filter(user=user, role=role).first()
    if grant is None:
        return
    if role.code == RoleCode.ADMINISTRATOR and list(administrators().values_list("pk", flat=True)[:2]) == [
        user.pk
    ]:
        raise Refused(Reason(_("This is the last administrator."), code="last_administrator"))
    grant.delete()
    forget_permissions(user)
    record("role.revoke", by=by, target=user, changes={"role": role.code}, reason=reason)


def set_roles(*, user: User, roles: Iterable[Role], by: User | None) -> None:
    """Make the user's platform-wide roles exactly these."""
    wanted = {role.pk: role for role in roles}
    held = {grant.role_id: grant.role for grant in current_grants(user)}
    with transaction.atomic():
        for number, role in wanted.items():
            if number not in held:
                grant_role(user=user, role=role, by=by)
        for number, role in held.items():
            if number not in wanted:
                revoke_role(user=user, role=role, by=by)


@transaction.atomic
def change_role(*, role: Role, by: User | None, permissions: Iterable[str], **texts: str) -> Role:
    """Change what a role is called and allows; only by somebody who holds all of it, before and after."""
    locked = Role.objects.select_for_update().get(pk=role.pk)
    _check_giver(by, locked)
    old = {field: getattr(locked, field) for field in (*TEXTS, "permissions")}
    locked.permissions = [code for code in Permission.values if code in set(permissions)]
    _check_giver(by, locked)
    for field in TEXTS:
        setattr(locked, field, texts.get(field, old[field]))
    if locked.code == RoleCode.ADMINISTRATOR and len(locked.permissions) < len(Permission):
        raise Refused(Reason(_("The administrator's role holds every permission."), code="administrator"))
    locked.full_clean()
    changes = {field: [old[field], getattr(locked, field)] for field in old}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        locked.save()
        record("role.change", by=by, target=locked, changes=changes)
    return locked


def forget_permissions(user: User) -> None:
    """What the object remembered for this request no longer holds."""
    user.__dict__.pop("_platform_permissions", None)


def _check_giver(by: User | None, role: Role) -> None:
    if not may_give(by, role):
        raise Refused(Reason(_("This role holds rights that you do not hold."), code="above"))
