"""Who asks to work for a community, as they and as their colleagues see it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.enums import Permission
from communities.enums import REACHING, MembershipState
from communities.models import Community, Membership


def requests_of(user: Any) -> QuerySet[Membership]:
    """The communities this person has asked to work for and may not enter yet."""
    return (
        Membership.objects.filter(user=user, state=MembershipState.REQUESTED)
        .select_related("community")
        .order_by("pk")
    )


def filled_in_by(user: Any) -> list[int]:
    """The communities (ids) that this person fills in for."""
    own = user.memberships.filter(state__in=REACHING).values_list("community_id", "role__permissions")
    return [community for community, permissions in own if Permission.RESPONSE_FILL in permissions]


def requests_to(user: Any) -> QuerySet[Membership]:
    """Who asks to work for a community that this person fills in for already."""
    return (
        Membership.objects.filter(community__in=filled_in_by(user), state=MembershipState.REQUESTED)
        .select_related("user", "community")
        .order_by("pk")
    )


def people_of(community: Community) -> QuerySet[Membership]:
    """Who works for the unit or asks to, those who have been there longest first."""
    return (
        community.memberships.exclude(state=MembershipState.ENDED)
        .select_related("user", "role")
        .order_by("since", "pk")
    )


def needs_approval(user: Any, community: Community) -> bool:
    """Whether others work for the community: what they have written is not shown to whoever comes with a code."""
    members = set(community.memberships.filter(state__in=REACHING).values_list("user_id", flat=True))
    return bool(members) and user.pk not in members
