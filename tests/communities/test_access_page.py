"""Who has access to a community: the page and the law say the same."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from communities.enums import MembershipState
from communities.models import Community
from communities.selectors.access import ways_in
from core.clock import today
from tests.factories import AccessGrantFactory, MembershipFactory, UserFactory


@pytest.fixture
def everybody(li, wang, zhao, expert, stranger, office, administrator, leadership) -> list[User]:
    return list(User.objects.order_by("pk"))


def test_everybody_who_reaches_the_community_stands_there_and_nobody_else(
    community, elsewhere, everybody
) -> None:
    for place in (community, elsewhere):
        named = {way.user.pk for way in ways_in(place)}
        reaching = {user.pk for user in everybody if Community.objects.visible_to(user).filter(pk=place.pk)}
        assert named == reaching


def test_whose_time_is_over_does_not_stand_there(community) -> None:
    MembershipFactory(community=community, state=MembershipState.ENDED, ended_on=today())
    MembershipFactory(community=community, state=MembershipState.REQUESTED)
    MembershipFactory(community=community, user=UserFactory(is_active=False))
    AccessGrantFactory(community=community, until=today() - dt.timedelta(days=1))
    assert ways_in(community) == []


def test_staff_read_who_comes_in_and_how(client, office, community, li, wang, expert) -> None:
    client.force_login(office)
    page = client.get(reverse("communities:community_access", args=[community.pk])).content.decode()
    assert f"谁可以访问：{community}" in page
    assert (
        page.index("本单位人员")
        < page.index("思明区应急管理局")
        < page.index("受委托")
        < page.index("协会工作人员")
    )
    assert li.email not in page
    assert "从未" in page


def test_who_may_not_see_accounts_does_not_see_them_here(client, leadership, community) -> None:
    client.force_login(leadership)
    assert client.get(reverse("communities:community_access", args=[community.pk])).status_code == 403
