"""What an authority's inspection finds stands in the community's register, with its day."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Authority, Community
from core import clock
from core.errors import Refused
from projects.enums import Organiser
from projects.models import Activity, Shortcoming
from projects.services import shortcomings as services
from tests.factories import AuthorityFactory, CommunityFactory
from tests.projects.factories import ActivityFactory, SafetyWorkFactory
from tests.projects.test_evidence import photograph


@pytest.fixture(autouse=True)
def in_june():
    with clock.frozen("2026-06-15 10:00"):
        yield


@pytest.fixture
def inspection(district_authority: Authority) -> Activity:
    return ActivityFactory(
        organiser=Organiser.AUTHORITY,
        community=None,
        authority=district_authority,
        kind="inspection",
        title="二季度督查",
        on="2026-06-10",
    )


def add_page(activity: Activity) -> str:
    return reverse("projects:authority_shortcoming_add", args=[activity.authority_id, activity.pk])


def sent(community: Community, **more: object) -> dict[str, object]:
    return {
        "community": community.pk,
        "description": "老旧小区消防通道被占",
        "kind": "public_facility",
        "found_on": "2026-06-10",
        "due_on": "2026-07-10",
        "form_key": "s1",
        **more,
    }


@pytest.fixture
def entered(client: Client, inspection: Activity, community: Community, wang: User) -> Shortcoming:
    SafetyWorkFactory(community=community)
    client.force_login(wang)
    answer = client.post(add_page(inspection), sent(community, files=photograph()))
    assert answer.status_code == 302
    return Shortcoming.objects.get()


def test_it_enters_the_register_of_the_community_with_its_day_and_its_photograph(
    client: Client, entered: Shortcoming, inspection: Activity, community: Community, li: User
) -> None:
    assert (entered.community, entered.authority, entered.activity, entered.source) == (
        community,
        inspection.authority,
        inspection,
        "outside",
    )
    assert (entered.stage, entered.due_on, entered.before.get().community) == (
        "found",
        dt.date(2026, 7, 10),
        community,
    )
    page = client.get(reverse("projects:authority_activity", args=[inspection.authority_id, inspection.pk]))
    assert [line.row for line in page.context["entered"]] == [entered]
    client.force_login(li)
    shown = client.get(reverse("projects:shortcoming", args=[community.pk, entered.pk])).content.decode()
    assert "二季度督查" in shown
    assert "思明区应急管理局" in shown


def test_pressed_twice_it_is_entered_once(
    client: Client, entered: Shortcoming, inspection: Activity, community: Community
) -> None:
    client.post(add_page(inspection), sent(community))
    assert list(Shortcoming.objects.all()) == [entered]


def test_the_community_says_who_rectifies_it_but_not_until_when(
    client: Client, entered: Shortcoming, community: Community, li: User
) -> None:
    client.force_login(li)
    page = reverse("projects:shortcoming_edit", args=[community.pk, entered.pk])
    assert [one.name for one in client.get(page).context["form"].first_fields] == [
        "files",
        "organisation",
        "body",
        "post",
    ]
    client.post(page, {"seen": "1", "post": "物业经理", "due_on": "2027-01-01"})
    entered.refresh_from_db()
    assert (entered.stage, entered.post, entered.due_on) == ("assigned", "物业经理", dt.date(2026, 7, 10))
    with pytest.raises(Refused) as refused:
        services.change(shortcoming=entered, fields={"due_on": dt.date(2027, 1, 1)}, seen=None, by=li)
    assert refused.value.codes == ["of_an_authority"]


def test_the_community_removes_nothing_an_authority_entered_and_the_authority_may(
    entered: Shortcoming, li: User, wang: User
) -> None:
    with pytest.raises(Refused) as refused:
        services.remove(shortcoming=entered, by=li)
    assert refused.value.codes == ["of_an_authority"]
    services.remove(shortcoming=entered, by=wang)
    assert Shortcoming.objects.count() == 0


def test_what_was_done_about_who_was_responsible_is_the_authority_s_to_write(
    client: Client, inspection: Activity, community: Community, wang: User, li: User
) -> None:
    SafetyWorkFactory(community=community)
    client.force_login(wang)
    client.post(add_page(inspection), sent(community, accountability="通报批评责任单位"))
    entered = Shortcoming.objects.get()
    assert entered.accountability == "通报批评责任单位"
    client.force_login(li)
    page = client.get(reverse("projects:shortcoming", args=[community.pk, entered.pk]))
    assert "通报批评责任单位" in page.content.decode()
    with pytest.raises(Refused):
        services.change(shortcoming=entered, fields={"accountability": ""}, seen=None, by=li)


def test_the_authority_sets_another_day(entered: Shortcoming, wang: User) -> None:
    later = {"due_on": dt.date(2026, 8, 1)}
    services.change(shortcoming=entered, fields=later, seen="1", reason="需要立项", by=wang)
    entered.refresh_from_db()
    assert (entered.due_on, entered.stage) == (dt.date(2026, 8, 1), "found")


def test_only_communities_below_that_record_here_are_offered(
    client: Client, inspection: Activity, community: Community, elsewhere: Community, wang: User
) -> None:
    silent = CommunityFactory(supervisor=inspection.authority)
    for of in (community, elsewhere):
        SafetyWorkFactory(community=of)
    client.force_login(wang)
    offered = client.get(add_page(inspection)).context["form"].fields["community"].queryset
    assert list(offered) == [community]
    for other in (elsewhere, silent):
        assert client.post(add_page(inspection), sent(other)).status_code == 422


def test_an_authority_beside_enters_nothing(inspection: Activity, community: Community, wang: User) -> None:
    fields = {"description": "甲", "kind": "other", "source": "outside"}
    with pytest.raises(Refused) as refused:
        services.enter(community=community, fields=fields, authority=AuthorityFactory(), by=wang)
    assert refused.value.codes == ["foreign"]


def test_a_community_s_people_enter_nothing_in_an_authority_s_name(
    client: Client, inspection: Activity, community: Community, li: User
) -> None:
    fields = {"description": "甲", "kind": "other", "source": "outside"}
    with pytest.raises(PermissionDenied):
        services.enter(community=community, fields=fields, authority=inspection.authority, by=li)
    client.force_login(li)
    assert client.get(add_page(inspection)).status_code == 404


def test_a_meeting_finds_nothing(client: Client, inspection: Activity, wang: User) -> None:
    Activity.objects.filter(pk=inspection.pk).update(kind="meeting")
    client.force_login(wang)
    assert client.get(add_page(inspection)).status_code == 404
