"""Writes to memberships: who works for which community, provisionally until somebody vouches for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from accounts.models import Role
from communities.enums import MembershipState
from communities.models import Community, Membership
from communities.services.changes import save_checked
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

    ``origin``: how the person came, for example "invitation".
    """
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
    return membership


@transaction.atomic
def approve_member(*, membership: Membership, by: Any) -> Membership:
    """Staff or the community's leader vouch that this person works for the community."""
    locked = _lock(membership)
    if locked.state != MembershipState.PROVISIONAL:
        raise Refused(Reason(_("This membership does not wait for approval."), code="settled"))
    locked.state, locked.approved_by = MembershipState.ACTIVE, by
    save_checked(locked)
    _record(
        "membership.approve",
        locked,
        by=by,
        changes={"state": [MembershipState.PROVISIONAL.value, MembershipState.ACTIVE.value]},
    )
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
