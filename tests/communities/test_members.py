"""Memberships: provisional until somebody vouches, ended but never removed."""

import pytest

from audit.models import AuditEntry
from communities.enums import MembershipState
from communities.models import Community, Membership
from communities.services import members
from core import clock
from core.errors import Refused
from notices import tasks
from notices.models import Notice
from tests.factories import MembershipFactory, RoleFactory, RoleGrantFactory, UserFactory

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


@pytest.fixture
def asking(stranger, community) -> Membership:
    """Came with a code after 李."""
    return MembershipFactory(user=stranger, community=community, state=MembershipState.REQUESTED)


def test_who_asked_works_for_the_community_once_the_office_approves(asking, stranger, community, office):
    assert members.approve_member(membership=asking, by=office).state == MembershipState.ACTIVE
    assert list(Community.objects.visible_to(stranger)) == [community]


def test_a_request_can_be_turned_down(asking, office):
    ended = members.end_membership(membership=asking, by=office, reason="查无此人")
    assert ended.state == MembershipState.ENDED


@pytest.mark.parametrize("held", [MembershipState.PROVISIONAL, MembershipState.ACTIVE])
def test_a_colleague_vouches_for_no_more_than_they_hold(client, li, asking, held):
    li.memberships.update(state=held)
    client.force_login(li)
    page = client.get("/portal/communities/").content.decode()
    assert "陌生人" in page
    answer = client.post(f"/portal/communities/members/{asking.pk}/approve/", follow=True)
    asking.refresh_from_db()
    assert (asking.state, asking.approved_by) == (held, li)
    assert "陌生人现在与您一起填报筼筜街道。" in answer.content.decode()


def test_one_request_is_approved_once(client, li, asking):
    client.force_login(li)
    url = f"/portal/communities/members/{asking.pk}/approve/"
    client.post(url)
    assert "此成员关系不在待批准之列" in client.post(url, follow=True).content.decode()
    assert AuditEntry.objects.filter(action="membership.approve").count() == 1


@pytest.mark.parametrize(
    ("person", "status"),
    [("wang", 403), ("expert", 403), ("office", 403), ("zhao", 404), ("stranger", 404)],
)
def test_only_who_fills_in_for_the_unit_lets_a_colleague_in(client, request, asking, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.post(f"/portal/communities/members/{asking.pk}/approve/").status_code == status
    asking.refresh_from_db()
    assert asking.state == MembershipState.REQUESTED


def test_a_member_who_only_reads_is_not_asked_about_newcomers(client, li, asking):
    li.memberships.update(role=RoleFactory(code="reader", name_zh="查阅人", permissions=["response.view"]))
    client.force_login(li)
    assert "陌生人" not in client.get("/portal/communities/").content.decode()
    assert client.post(f"/portal/communities/members/{asking.pk}/approve/").status_code == 403


def test_staff_of_the_association_are_members_of_no_unit(office, administrator, community):
    role = RoleFactory(code="community_liaison")
    with pytest.raises(Refused, match="协会工作人员账号不能成为单位成员"):
        members.give_membership(user=office, community=community, role=role, by=administrator)
    assert community.memberships.count() == 0


def give_membership(role, user, community, authority, by):
    members.give_membership(user=user, community=community, role=role, by=by)


def appoint(role, user, community, authority, by):
    members.appoint(user=user, authority=authority, role=role, by=by)


def grant_access(role, user, community, authority, by):
    members.grant_access(user=user, community=community, role=role, by=by)


@pytest.mark.parametrize("give", [give_membership, appoint, grant_access])
def test_nobody_gives_rights_in_a_unit_that_they_do_not_hold(stranger, community, district_authority, give):
    role = RoleFactory(code="community_liaison")
    giver = UserFactory(is_staff=True)
    RoleGrantFactory(
        user=giver, role=RoleFactory(code="accounts", name_zh="账号员", permissions=["account.manage"])
    )
    with pytest.raises(Refused) as refused:
        give(role, stranger, community, district_authority, giver)
    assert refused.value.codes == ["above"]
    assert list(Community.objects.visible_to(stranger)) == []


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


def test_who_may_approve_finds_a_message_about_a_new_member(community, office, administrator, stranger):
    members.add_member(user=stranger, community=community, role="community_liaison", by=stranger)
    tasks.deliver_waiting()
    row = Notice.objects.get(kind="member_waiting", recipient=administrator)
    assert (row.channel, row.state) == ("site", "sent")
    assert row.context["path"] == f"/admin/communities/membership/{stranger.memberships.get().pk}/change/"
    holders = set(Notice.objects.filter(kind="member_waiting").values_list("recipient", flat=True))
    assert holders == {user.pk for user in (office, administrator) if user.has_perm("account.manage")}


def test_whom_somebody_approved_meanwhile_nobody_is_told_of(community, office, administrator, stranger):
    membership = members.add_member(user=stranger, community=community, role="community_liaison", by=stranger)
    members.approve_member(membership=membership, by=office)
    tasks.deliver_waiting()
    assert set(Notice.objects.values_list("state", flat=True)) == {"dropped"}


def test_whom_staff_enter_waits_for_nobody(community, administrator, stranger):
    role = RoleFactory(code="community_liaison")
    members.give_membership(user=stranger, community=community, role=role, by=administrator)
    assert Notice.objects.count() == 0
