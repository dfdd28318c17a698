"""A unit arranges its own people: invited for no more than one holds, handed over without a gap or a duplicate."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditEntry
from communities.enums import MembershipState
from communities.models import Community, Membership
from communities.services import people
from core.errors import Refused
from notices.models import Notice
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def own(li) -> Membership:
    return li.memberships.get()


def colleague(community, role="community_clerk", **fields) -> Membership:
    return MembershipFactory(
        user=UserFactory(name="陈"), community=community, role=Role.objects.get(code=role), **fields
    )


def invite(community, by, **changes):
    given = {"email": "chen@example.org", "name": "陈", "role": "community_clerk"}
    return people.invite_colleague(community=community, by=by, **{**given, **changes})


def test_a_colleague_without_an_account_gets_one_and_a_mail_with_a_link(community, li, own):
    membership = invite(community, li)
    assert (membership.user.email, membership.role.code) == ("chen@example.org", "community_clerk")
    assert (membership.state, membership.origin) == (own.state, "colleague")
    assert membership.user.has_usable_password() is False
    assert list(Notice.objects.values_list("kind", flat=True)) == ["account_invitation"]


def test_a_colleague_with_an_account_keeps_it(community, li, stranger):
    membership = invite(community, li, email=stranger.email.upper())
    assert membership.user == stranger
    assert Notice.objects.count() == 0
    assert list(Community.objects.visible_to(stranger)) == [community]


def test_who_had_asked_to_join_is_let_in_once(community, li, stranger):
    MembershipFactory(user=stranger, community=community, state=MembershipState.REQUESTED)
    invite(community, li, email=stranger.email)
    assert community.memberships.filter(user=stranger).exclude(state="ended").count() == 1


def test_nobody_is_invited_twice_or_as_something_else(community, li):
    invite(community, li)
    for changes, code in [({}, "member"), ({"email": "w@example.org", "role": "administrator"}, "no_role")]:
        with pytest.raises(Refused) as refused:
            invite(community, li, **changes)
        assert refused.value.codes == [code]
    assert User.objects.filter(email="w@example.org").count() == 0


def test_a_clerk_makes_nobody_more_than_a_clerk(community):
    clerk = colleague(community)
    with pytest.raises(Refused) as refused:
        invite(community, clerk.user, role="community_liaison")
    assert refused.value.codes == ["above"]
    liaison = colleague(community, "community_liaison", since="2024-01-02")
    with pytest.raises(Refused):
        people.end_colleague(membership=liaison, by=clerk.user)
    with pytest.raises(Refused):
        people.change_colleague_role(membership=liaison, role="community_clerk", by=liaison.user)


@pytest.mark.parametrize("who", ["wang", "zhao", "expert", "stranger", "office", "administrator"])
def test_only_who_fills_in_for_the_unit_invites(who, community, request):
    with pytest.raises(PermissionDenied):
        invite(community, request.getfixturevalue(who))


def test_handing_over_leaves_one_liaison_and_no_gap(community, li, own):
    heir = colleague(community)
    people.hand_over(community=community, to=heir, by=li)
    heir.refresh_from_db()
    own.refresh_from_db()
    assert (heir.role.code, own.state) == ("community_liaison", "ended")
    assert list(Community.objects.visible_to(li)) == []
    with pytest.raises(PermissionDenied):
        people.hand_over(community=community, to=heir, by=li)
    entry = AuditEntry.objects.get(action="membership.hand_over")
    assert entry.changes["role"] == ["community_clerk", "community_liaison"]


def test_one_may_hand_over_and_stay_as_clerk(community, li, own):
    people.hand_over(community=community, to=colleague(community), by=li, stays=True)
    own.refresh_from_db()
    assert (own.role.code, own.state == "ended") == ("community_clerk", False)


def test_the_last_one_who_fills_in_cannot_leave(community, li, own):
    with pytest.raises(Refused) as refused:
        people.end_colleague(membership=own, by=li)
    assert refused.value.codes == ["alone"]
    colleague(community)
    people.end_colleague(membership=own, by=li)
    assert list(Community.objects.visible_to(li)) == []


def test_who_has_left_is_handed_nothing(community, li):
    gone = colleague(community, state=MembershipState.ENDED, ended_on="2024-01-01")
    with pytest.raises(Refused):
        people.hand_over(community=community, to=gone, by=li)


# --- the page ----------------------------------------------------------------------------------------------


def test_the_page_invites_and_says_what_is_wrong_beside_the_field(client, community, li):
    client.force_login(li)
    address = reverse("communities:person_invite", args=[community.pk])
    wrong = client.post(address, {"name": "陈", "email": "chen", "role": "community_clerk"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["email"])
    good = client.post(
        address, {"name": "陈", "email": "chen@example.org", "role": "community_clerk"}, follow=True
    )
    assert "陈" in good.content.decode()
    assert [member.user.name for member in good.context["members"]] == ["李", "陈"]


def test_after_handing_over_the_page_is_closed(client, community, li):
    heir = colleague(community)
    client.force_login(li)
    done = client.post(reverse("communities:person_hand_over", args=[heir.pk]), follow=True)
    assert done.redirect_chain[-1][0] == reverse("communities:mine")
    assert client.get(reverse("communities:people", args=[community.pk])).status_code == 404


def test_members_of_another_unit_do_not_exist(client, li, zhao):
    client.force_login(li)
    theirs = zhao.memberships.get()
    for name in ("person_role", "person_end", "person_hand_over"):
        assert client.post(reverse(f"communities:{name}", args=[theirs.pk])).status_code == 404
