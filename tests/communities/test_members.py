"""Memberships: provisional until somebody vouches, ended but never removed."""

import pytest

from audit.models import AuditEntry
from communities.enums import MembershipState
from communities.models import Community
from communities.services import members
from core import clock
from core.errors import Refused
from tests.factories import MembershipFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_a_new_member_is_provisional_and_reaches_the_community(stranger, community, office):
    role = RoleFactory(code="community_liaison")
    membership = members.add_member(
        user=stranger, community=community, role=role, by=office, origin="invitation"
    )
    assert (membership.state, membership.approved_by) == (MembershipState.PROVISIONAL, None)
    assert list(Community.objects.visible_to(stranger)) == [community]


def test_adding_somebody_twice_is_one_membership(li, community, office):
    again = members.add_member(user=li, community=community, role="community_liaison", by=office)
    assert again == li.memberships.get()
    assert AuditEntry.objects.count() == 0


def test_approval_names_who_vouched(stranger, community, office):
    membership = MembershipFactory(user=stranger, community=community, state=MembershipState.PROVISIONAL)
    approved = members.approve_member(membership=membership, by=office)
    assert (approved.state, approved.approved_by) == (MembershipState.ACTIVE, office)
    trail = AuditEntry.objects.get(action="membership.approve")
    assert (trail.community_id, trail.changes["user"]) == (community.pk, stranger.pk)
    assert stranger.name not in trail.target_label


def test_an_approved_membership_cannot_be_approved_again(li, office):
    with pytest.raises(Refused) as refused:
        members.approve_member(membership=li.memberships.get(), by=office)
    assert refused.value.codes == ["settled"]


def test_an_ended_membership_reaches_nothing_and_stays_on_record(li, office):
    with clock.frozen("2024-03-01"):
        ended = members.end_membership(membership=li.memberships.get(), by=office, reason="调离")
    assert (ended.state, ended.ended_on.isoformat()) == (MembershipState.ENDED, "2024-03-01")
    assert list(Community.objects.visible_to(li)) == []
    with pytest.raises(Refused):
        members.end_membership(membership=ended, by=office)


def test_somebody_who_left_may_come_back(li, community, office):
    members.end_membership(membership=li.memberships.get(), by=office)
    members.add_member(user=li, community=community, role="community_liaison", by=office)
    assert li.memberships.count() == 2
