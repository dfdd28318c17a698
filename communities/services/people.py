"""The people of one community among themselves: who invites whom, in which role, and who takes over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.enums import Permission, RoleCode
from accounts.models import Role
from accounts.selectors import user_by_identifier
from accounts.services import create_user, invite_user
from communities.enums import REACHING, MembershipState
from communities.models import Community, Membership
from communities.services.changes import save_checked
from communities.services.members import add_member, end_membership
from core.errors import Reason, Refused

COLLEAGUE = "colleague"
# The roles a unit gives to its own people.
UNIT_ROLES = (RoleCode.COMMUNITY_LEADER, RoleCode.COMMUNITY_LIAISON, RoleCode.COMMUNITY_CLERK)

ALONE = Reason(
    _("You are the only one who fills in for this unit. Invite a colleague and hand over first."),
    code="alone",
)
NOT_A_COLLEAGUE = Reason(_("This person does not work for the unit now."), code="no_colleague")


@transaction.atomic
def invite_colleague(*, community: Community, email: str, name: str, role: str, by: Any) -> Membership:
    """Somebody who fills in for the unit brings a colleague in and vouches for them, for no more than they hold.

    Who has an account keeps it; who has none gets one and a mail with a link to choose a password.
    Raises Refused for a bad address, PermissionDenied for everybody who does not fill in for the unit.
    """
    own = _own(community, by)
    wanted = _role(role, own)
    user = user_by_identifier(email)
    if user is None:
        user = create_user(email=email, name=name, by=by)
        invite_user(user=user, by=by)
    if user.memberships.filter(community=community, state__in=REACHING).exists():
        raise Refused(Reason(_("This person works for the unit already."), code="member", field="email"))
    asked = user.memberships.filter(community=community, state=MembershipState.REQUESTED).first()
    if asked is not None:
        end_membership(membership=asked, by=by, reason=COLLEAGUE)
    return add_member(
        user=user,
        community=community,
        role=wanted,
        by=by,
        origin=COLLEAGUE,
        state=MembershipState(own.state),
    )


@transaction.atomic
def change_colleague_role(*, membership: Membership, role: str, by: Any) -> Membership:
    """Leader, liaison or clerk. One's own role is changed by a colleague, never by oneself."""
    own, locked = _own_and_theirs(membership, by)
    if own.pk == locked.pk:
        raise Refused(Reason(_("A colleague or the association changes your own role."), code="self"))
    wanted = _role(role, own)
    before, locked.role = locked.role, wanted
    if before.pk != wanted.pk:
        save_checked(locked)
        _record("membership.role", locked, by=by, changes={"role": [before.code, wanted.code]})
    return locked


@transaction.atomic
def end_colleague(*, membership: Membership, by: Any) -> Membership:
    """A colleague left; or one leaves oneself, unless nobody would be left to fill in."""
    own, locked = _own_and_theirs(membership, by)
    if own.pk == locked.pk and not _others_who_fill_in(own).exists():
        raise Refused(ALONE)
    if own.pk != locked.pk:
        _must_hold(locked.role, own)
    return end_membership(membership=locked, by=by, reason=COLLEAGUE)


@transaction.atomic
def hand_over(*, community: Community, to: Membership, by: Any, stays: bool = False) -> Membership:
    """A colleague takes one's place with the same role; one leaves, or stays as clerk. Never two, never none."""
    own, locked = _own_and_theirs(to, by)
    if locked.community_id != community.pk or own.pk == locked.pk:
        raise Refused(NOT_A_COLLEAGUE)
    before = locked.role
    locked.role, locked.state = own.role, MembershipState(own.state)
    save_checked(locked)
    _record("membership.hand_over", locked, by=by, changes={"role": [before.code, own.role.code]})
    if not stays:
        end_membership(membership=own, by=by, reason="handed over")
        return locked
    clerk = Role.objects.get(code=RoleCode.COMMUNITY_CLERK)
    if set(clerk.permissions) <= set(own.role.permissions):
        was, own.role = own.role, clerk
        save_checked(own)
        _record("membership.role", own, by=by, changes={"role": [was.code, clerk.code]})
    return locked


def _own(community: Community, by: Any) -> Membership:
    """The locked membership of whoever acts; PermissionDenied unless they fill in for the unit."""
    own = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("role", "community", "user")
        .filter(user=by, community=community, state__in=REACHING)
        .first()
    )
    if own is None or Permission.RESPONSE_FILL not in own.role.permissions:
        raise PermissionDenied(Permission.RESPONSE_FILL)
    return own


def _own_and_theirs(membership: Membership, by: Any) -> tuple[Membership, Membership]:
    own = _own(membership.community, by)
    theirs = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("role", "community", "user")
        .get(pk=membership.pk)
    )
    if theirs.state not in REACHING:
        raise Refused(NOT_A_COLLEAGUE)
    return own, theirs


def _role(code: str, own: Membership) -> Role:
    role = Role.objects.filter(code=code).first() if code in UNIT_ROLES else None
    if role is None:
        raise Refused(Reason(_("Choose leader, liaison or clerk."), code="no_role", field="role"))
    _must_hold(role, own)
    return role


def _must_hold(role: Role, own: Membership) -> None:
    if not set(role.permissions) <= set(own.role.permissions):
        raise Refused(Reason(_("This role holds rights that you do not hold."), code="above", field="role"))


def _others_who_fill_in(own: Membership) -> Any:
    others = Membership.objects.filter(community=own.community, state__in=REACHING).exclude(pk=own.pk)
    roles = [role.pk for role in Role.objects.all() if Permission.RESPONSE_FILL in role.permissions]
    return others.filter(role__in=roles)


def _record(action: str, membership: Membership, *, by: Any, changes: dict[str, Any]) -> None:
    """Filed under the community and naming the user by number only."""
    audit.record(
        action,
        by=by,
        target=membership.community,
        changes={**changes, "membership": membership.pk, "user": membership.user_id},
    )
