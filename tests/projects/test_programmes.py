"""Everybody reads a community's programmes once it publishes them, and never its money or its people."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community
from core.errors import Refused
from projects.enums import ProjectStage
from projects.models import SafetyWork
from projects.services.work import begin, show_to_public
from tests.projects.factories import OrganisationFactory, ProjectFactory


@pytest.fixture
def at_work(community: Community, li: User) -> Community:
    community.published = True
    community.save()
    begin(community=community, by=li)
    return community


def page_of(client: Client, community: Community):
    return client.get(reverse("projects:programmes", args=[community.pk]))


def test_nothing_is_public_before_the_community_says_so(client: Client, at_work: Community, li: User) -> None:
    ProjectFactory(community=at_work, stage=ProjectStage.RUNNING)
    assert page_of(client, at_work).status_code == 404
    show_to_public(community=at_work, shown=True, by=li)
    assert page_of(client, at_work).status_code == 200
    show_to_public(community=at_work, shown=False, by=li)
    assert page_of(client, at_work).status_code == 404


def test_a_community_that_is_not_public_publishes_nothing(
    client: Client, at_work: Community, li: User
) -> None:
    show_to_public(community=at_work, shown=True, by=li)
    at_work.published = False
    at_work.save()
    assert page_of(client, at_work).status_code == 404


def test_projects_stand_by_age_environment_and_group(client: Client, at_work: Community, li: User) -> None:
    ProjectFactory(
        community=at_work,
        title="老年人防跌倒",
        stage=ProjectStage.RUNNING,
        ages=["65+"],
        environments=["home", "leisure"],
        groups=["older_people"],
    )
    ProjectFactory(community=at_work, title="只是想法", ages=["0-14"], stage=ProjectStage.PROPOSED)
    show_to_public(community=at_work, shown=True, by=li)
    found = page_of(client, at_work).context["programmes"]
    assert found.number == 1
    assert [(part.label, len(part.projects)) for part in found.by_age] == [("65岁及以上", 1)]
    assert [part.label for part in found.by_environment] == ["家居", "休闲和公共场所"]
    assert [part.label for part in found.by_group] == ["老年人"]


def test_money_and_bodies_stay_inside(client: Client, at_work: Community, li: User) -> None:
    lead = OrganisationFactory(community=at_work, name="应急管理局")
    ProjectFactory(
        community=at_work,
        stage=ProjectStage.RUNNING,
        ages=["65+"],
        budget=77777,
        lead=lead,
        background="内部情况",
    )
    show_to_public(community=at_work, shown=True, by=li)
    text = page_of(client, at_work).content.decode()
    assert [word for word in ("77777", "应急管理局", "内部情况") if word in text] == []


def test_only_who_reviews_in_the_community_publishes(at_work: Community, zhao: User, wang: User) -> None:
    for stranger in (zhao, wang):
        with pytest.raises(PermissionDenied):
            show_to_public(community=at_work, shown=True, by=stranger)


def test_before_the_work_begins_there_is_nothing_to_publish(community: Community, li: User) -> None:
    with pytest.raises(Refused) as refused:
        show_to_public(community=community, shown=True, by=li)
    assert refused.value.codes == ["not_begun"]


def test_the_button_on_the_page_publishes(client: Client, at_work: Community, li: User) -> None:
    client.force_login(li)
    client.post(reverse("projects:work_show", args=[at_work.pk]), {"shown": "1"})
    assert SafetyWork.objects.get(community=at_work).is_published
    client.post(reverse("projects:work_show", args=[at_work.pk]), {"shown": "0"})
    assert not SafetyWork.objects.get(community=at_work).is_published


def test_the_public_page_leads_to_the_programmes(client: Client, at_work: Community, li: User) -> None:
    address = reverse("projects:programmes", args=[at_work.pk])
    community_page = reverse("communities:community", args=[at_work.pk])
    assert address not in client.get(community_page).content.decode()
    show_to_public(community=at_work, shown=True, by=li)
    assert address in client.get(community_page).content.decode()


def test_who_supervises_finds_the_whole_work_from_there(
    client: Client, at_work: Community, wang: User, zhao: User
) -> None:
    address = reverse("projects:work", args=[at_work.pk])
    found = {}
    for user in (wang, zhao):
        client.force_login(user)
        page = client.get(reverse("communities:community", args=[at_work.pk]))
        found[user] = f'"{address}"' in page.content.decode()
    assert found == {wang: True, zhao: False}
