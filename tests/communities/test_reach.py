"""Who sees which community: the law, for every kind of person."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from accounts.enums import Permission, RoleCode
from communities.authz import can
from communities.enums import MembershipState
from communities.models import Community, Contact
from core import clock
from tests.factories import (
    AccessGrantFactory,
    AuthorityFactory,
    AuthorityPostFactory,
    ContactFactory,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def seen_by(user) -> set[str]:
    return {row.name_zh for row in Community.objects.visible_to(user)}


@pytest.fixture(autouse=True)
def both(community, elsewhere):
    return community, elsewhere


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("li", {"筼筜街道"}),
        ("wang", {"筼筜街道"}),
        ("zhao", {"展览路街道"}),
        ("expert", {"筼筜街道"}),
        ("stranger", set()),
        ("office", {"筼筜街道", "展览路街道"}),
        ("administrator", {"筼筜街道", "展览路街道"}),
        ("leadership", {"筼筜街道", "展览路街道"}),
    ],
)
def test_everybody_sees_exactly_their_own(request, person, names):
    assert seen_by(request.getfixturevalue(person)) == names


@pytest.mark.parametrize("person", ["li", "wang", "expert", "office"])
def test_a_disabled_user_sees_nothing(request, person):
    user = request.getfixturevalue(person)
    user.is_active = False
    assert seen_by(user) == set()
    assert can(user, Permission.REGISTER_VIEW) is False


def test_somebody_not_signed_in_reaches_nothing():
    assert seen_by(AnonymousUser()) == set()


def test_a_grant_holds_to_the_end_of_its_day(community):
    user = UserFactory()
    AccessGrantFactory(user=user, community=community, until=dt.date(2024, 2, 29))
    with clock.frozen("2024-02-29 23:59"):
        assert seen_by(user) == {"筼筜街道"}
    with clock.frozen("2024-03-01 00:00"):
        assert seen_by(user) == set()
        assert can(user, Permission.RESPONSE_VIEW, community) is False


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (MembershipState.REQUESTED, set()),
        (MembershipState.PROVISIONAL, {"筼筜街道"}),
        (MembershipState.ACTIVE, {"筼筜街道"}),
        (MembershipState.ENDED, set()),
    ],
)
def test_a_membership_reaches_until_it_ends(community, state, names):
    user = UserFactory()
    MembershipFactory(user=user, community=community, state=state, ended_on=dt.date(2024, 1, 1))
    assert seen_by(user) == names
    assert can(user, Permission.RESPONSE_FILL, community) is bool(names)


def test_the_authority_above_sees_the_subtree_and_a_sister_does_not(province_authority):
    above, sister = UserFactory(), UserFactory()
    AuthorityPostFactory(user=above, authority=province_authority)
    AuthorityPostFactory(user=sister, authority=AuthorityFactory(parent=province_authority))
    assert seen_by(above) == {"筼筜街道"}
    assert seen_by(sister) == set()


def test_an_authority_whose_number_begins_alike_is_no_ancestor(community):
    """/1/ is above /1/4/ but not above /12/: the path ends in a slash."""
    community.supervisor.path = "/12/4/"
    community.supervisor.save()
    user = UserFactory()
    AuthorityPostFactory(user=user, authority=AuthorityFactory(path="/1/"))
    assert seen_by(user) == set()


def test_two_ways_to_one_community_show_it_once(li, community):
    AccessGrantFactory(user=li, community=community)
    assert Community.objects.visible_to(li).count() == 1


def test_what_hangs_on_a_community_is_counted_once_however_many_ways_lead_there(li, community):
    AccessGrantFactory(user=li, community=community)
    ContactFactory(community=community)
    ContactFactory(community=community, role="leader")
    counted = Community.objects.visible_to(li).annotate(people=Count("contacts"))
    assert [row.people for row in counted] == [2]


def test_the_law_holds_through_a_foreign_key(li, zhao, community):
    ContactFactory(community=community)
    assert Contact.objects.visible_to(li).count() == 1
    assert Contact.objects.visible_to(zhao).count() == 0


def test_a_permission_in_one_community_is_none_in_another(li, community, elsewhere):
    assert can(li, Permission.RESPONSE_FILL, community) is True
    assert can(li, Permission.RESPONSE_FILL, elsewhere) is False
    assert can(li, Permission.RESPONSE_FILL) is False


def test_leadership_looks_and_does_not_touch(leadership, community):
    assert can(leadership, Permission.REGISTER_VIEW, community) is True
    assert can(leadership, Permission.REGISTER_CHANGE, community) is False


def test_the_centre_sees_what_it_is_granted(elsewhere):
    user = UserFactory()
    AccessGrantFactory(user=user, community=elsewhere, role__code=RoleCode.CERTIFYING_CENTRE)
    assert seen_by(user) == {"展览路街道"}
