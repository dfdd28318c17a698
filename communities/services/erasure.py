"""What the register forgets when a person is erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from communities.enums import MembershipState
from communities.models import Contact, Membership
from communities.services.members import end_membership
from communities.services.register import set_contact

REASON = "erased"
FIELDS = ("name", "phone", "mobile", "email")


def forget_person(user: Any, by: Any | None) -> None:
    """Memberships end, and where the person is named as a unit's contact under the same address or number, the
    contact is emptied: the unit names another."""
    of_user = Membership.objects.filter(user=user)
    for membership in of_user.exclude(state=MembershipState.ENDED):
        end_membership(membership=membership, by=by, reason=REASON)
    for contact in own_contacts(user).select_related("community"):
        set_contact(community=contact.community, role=contact.role, by=by, **dict.fromkeys(FIELDS, ""))


def own_contacts(user: Any) -> Any:
    """Entries of the units the person ever worked for that bear the person's own address or mobile number."""
    same = Q(email__iexact=user.email)
    if user.mobile:
        same |= Q(mobile=user.mobile)
    units = Membership.objects.filter(user=user).values("community")
    return Contact.objects.filter(same, community__in=units).order_by("pk")
