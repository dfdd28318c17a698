"""Staff are told of people who joined a unit and wait for somebody to vouch for them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.enums import Permission
from accounts.selectors import holders_of
from communities.enums import TO_APPROVE
from communities.models import Membership
from notices import kinds
from notices import services as notices
from notices.enums import Channel, Kind


def register() -> None:
    kinds.register(Kind.MEMBER_WAITING, still_wanted=is_still_waiting)


def tell_office(membership: Membership) -> None:
    """One message on the site to each who may approve. Whom staff entered waits for nobody."""
    if membership.state not in TO_APPROVE:
        return
    for user in holders_of(Permission.ACCOUNT_MANAGE):
        notices.queue(
            kind=Kind.MEMBER_WAITING,
            channel=Channel.SITE,
            subject=membership,
            recipient=user,
            community_id=membership.community_id,
            context={
                "person": str(membership.user),
                "community": str(membership.community),
                "path": reverse("admin:communities_membership_change", args=[membership.pk]),
            },
        )


def is_still_waiting(notice: Any) -> bool:
    """Asked when it leaves: nobody has approved or ended it meanwhile."""
    waiting = Membership.objects.filter(pk=notice.subject.rpartition(":")[2], state__in=TO_APPROVE)
    return waiting.exists() and notice.recipient is not None
