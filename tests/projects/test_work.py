"""A community begins to record its work."""

import datetime as dt

from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from projects.models import ReportRule, SafetyWork, YearlyMinimum
from projects.services.work import begin
from tests.factories import MembershipFactory


def test_work_begins_once(community: Community, li: User) -> None:
    first = begin(community=community, by=li, started_on=dt.date(2026, 1, 1))
    assert begin(community=community, by=li) == first
    assert AuditEntry.objects.filter(action="safety_work.begin").count() == 1


def test_who_belongs_to_one_community_comes_straight_to_its_work(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)
    answer = client.get(reverse("projects:own_work"))
    assert answer.headers["Location"] == reverse("projects:work", args=[community.pk])
    answer = client.post(reverse("projects:work_begin", args=[community.pk]), follow=True)
    assert answer.context["work"] == SafetyWork.objects.get(community=community)


def test_who_belongs_to_two_chooses(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    MembershipFactory(user=li, community=elsewhere)
    client.force_login(li)
    page = client.get(reverse("projects:own_work"))
    assert page.context["communities"] == [community, elsewhere]


def test_what_is_asked_for_ships_with_its_sources(db: None) -> None:
    assert dict(YearlyMinimum.objects.values_list("code", "least")) == {
        "projects": 7,
        "teaching": 4,
        "drills": 4,
        "meetings": 1,
        "district_training": 1,
    }
    assert set(YearlyMinimum.objects.values_list("source_zh", flat=True)) == {
        "渝办发〔2010〕93号",
        "成都市锦江区2014年工作方案",
    }
    assert ReportRule.objects.filter(source_zh="").count() == 0
