"""Writes to who reaches what: memberships (until somebody vouches not more than provisional), posts, grants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.authz import may_give
from accounts.enums import Permission
from accounts.models import Role
from accounts.services import guard
from communities.enums import REACHING, TO_APPROVE, MembershipState
from communities.models import AccessGrant, Authority, AuthorityPost, Community, Membership
from communities.services.changes import save_checked
from communities.services.member_notices import tell_office
from core.clock import today
from core.errors import Reason, Refused


@transaction.atomic
def add_member(
    *,
    user: Any,
    community: Community,
    role: Role | str,
    by: Any | None,
    origin: str = "",
    state: MembershipState = MembershipState.PROVISIONAL,
) -> Membership:
    """One current membership per person and community; a second call returns it, unchanged.

    ``origin``: how the person came, for example "invitation". Raises Refused for staff of the association: who
    checks the answers of units never answers for one.
    """
    if user.is_staff:
        raise Refused(Reason(_("An account of the association cannot be a member of a unit."), code="staff"))
    current = _current(user, community)
    if current is not None:
        return current
    if isinstance(role, str):
        role = Role.objects.get(code=role)
    membership = Membership(user=user, community=community, role=role, state=state, origin=origin)
    if state == MembershipState.ACTIVE:
        membership.approved_by = by
    save_checked(membership)
    _record("membership.add", membership, by=by, changes={"state": [None, str(state)], "origin": origin})
    tell_office(membership)
    return membership


@transaction.atomic
def give_membership(*, user: Any, community: Community, role: Role, by: Any, origin: str = "") -> Membership:
    """What staff enter needs no further approval, but they give only roles whose rights they hold themselves."""
    _check_giver(by, role)
    return add_member(
        user=user, community=community, role=role, by=by, origin=origin, state=MembershipState.ACTIVE
    )


@transaction.atomic
def approve_member(*, membership: Membership, by: Any) -> Membership:
    """Staff vouch that this person works for the community."""
    return _approve(_lock(membership), TO_APPROVE, MembershipState.ACTIVE, by=by)


@transaction.atomic
def welcome_colleague(*, membership: Membership, by: Any) -> Membership:
    """Somebody who fills in for the community vouches for one who asked, but for no more than they hold themselves.

    Raises PermissionDenied for everybody else: whoever only looks on knows nobody there.
    """
    locked = _lock(membership)
    own = Membership.objects.filter(user=by, community=locked.community, state__in=REACHING)
    held = own.select_related("role").first()
    if held is None or Permission.RESPONSE_FILL not in held.role.permissions:
        raise PermissionDenied(Permission.RESPONSE_FILL)
    return _approve(locked, (MembershipState.REQUESTED,), MembershipState(held.state), by=by)


def _approve(locked: Membership, waiting: Collection[str], state: MembershipState, *, by: Any) -> Membership:
    before = locked.state
    if before not in waiting:
        raise Refused(Reason(_("This membership does not wait for approval."), code="settled"))
    locked.state, locked.approved_by = state, by
    save_checked(locked)
    _record("membership.approve", locked, by=by, changes={"state": [str(before), state.value]})
    return locked


@transaction.atomic
def end_membership(*, membership: Membership, by: Any | None, reason: str = "") -> Membership:
    """From today the person no longer reaches the community. The row stays."""
    locked = _lock(membership)
    if locked.state == MembershipState.ENDED:
        raise Refused(Reason(_("This membership has already ended."), code="ended"))
    before = locked.state
    locked.state, locked.ended_on = MembershipState.ENDED, today()
    save_checked(locked)
    _record(
        "membership.end",
        locked,
        by=by,
        changes={"state": [str(before), MembershipState.ENDED.value]},
        reason=reason,
    )
    return locked


@transaction.atomic
def appoint(*, user: Any, authority: Authority, role: Role, by: Any | None) -> AuthorityPost:
    """From now on the user sees the communities below this authority."""
    _check_giver(by, role)
    post = AuthorityPost(user=user, authority=authority, role=role)
    save_checked(post)
    audit.record(
        "post.appoint",
        by=by,
        target=authority,
        changes={"post": post.pk, "user": user.pk, "role": role.code},
    )
    guard(user=user, is_guarded=True, by=by)
    return post


@transaction.atomic
def end_post(*, post: AuthorityPost, by: Any | None) -> None:
    changes = {"post": post.pk, "user": post.user_id, "role": post.role.code}
    audit.record("post.end", by=by, target=post.authority, changes=changes)
    user = post.user
    post.delete()
    if not user.authority_posts.exists():
        guard(user=user, is_guarded=False, by=by)


@transaction.atomic
def grant_access(
    *,
    user: Any,
    community: Community,
    role: Role,
    by: Any | None,
    until: date | None = None,
    reason: str = "",
) -> AccessGrant:
    """An expert or the certifying centre sees this community until that day, included. Given again, it is changed."""
    _check_giver(by, role)
    grant = AccessGrant.objects.filter(user=user, community=community, role=role).first()
    grant = grant or AccessGrant(user=user, community=community, role=role)
    grant.until, grant.reason, grant.granted_by = until, reason, by
    save_checked(grant)
    _record_grant("grant.give", grant, by=by)
    return grant


@transaction.atomic
def end_grant(*, grant: AccessGrant, by: Any | None) -> AccessGrant:
    """The last day was yesterday; the row tells that access was given."""
    locked = AccessGrant.objects.select_for_update().get(pk=grant.pk)
    locked.until = today() - timedelta(days=1)
    save_checked(locked)
    _record_grant("grant.end", locked, by=by)
    return locked


def _record_grant(action: str, grant: AccessGrant, *, by: Any | None) -> None:
    changes = {
        "grant": grant.pk,
        "user": grant.user_id,
        "role": grant.role.code,
        "until": grant.until and grant.until.isoformat(),
    }
    audit.record(action, by=by, target=grant.community, changes=changes, reason=grant.reason)


def _check_giver(by: Any | None, role: Role) -> None:
    if not may_give(by, role):
        raise Refused(Reason(_("This role holds rights that you do not hold."), code="above"))


def _current(user: Any, community: Community) -> Membership | None:
    return (
        Membership.objects.filter(user=user, community=community)
        .exclude(state=MembershipState.ENDED)
        .order_by("pk")
        .first()
    )


def _lock(membership: Membership) -> Membership:
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "community", "role")
        .get(pk=membership.pk)
    )


def _record(
    action: str, membership: Membership, *, by: Any | None, changes: dict[str, Any], reason: str = ""
) -> None:
    """Filed under the community and naming the user by number only: the membership's label is a person's name."""
    audit.record(
        action,
        by=by,
        target=membership.community,
        changes={
            **changes,
            "membership": membership.pk,
            "user": membership.user_id,
            "role": membership.role.code,
        },
        reason=reason,
    )
