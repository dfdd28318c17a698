"""What a hostile or hasty reader tries: odd years, second presses, sealed words, files without an end."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.enums import Standing
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import ActivityKind, ProjectStage
from projects.lifecycle.projects import refusals_of
from projects.models import Activity, EmergencyTeam, PeriodReport, ResidentSurvey, SafetyWork
from projects.selectors.board import below
from projects.selectors.figures import figures_of
from projects.selectors.report_people import owing
from projects.services.evidence import check_files
from projects.services.residents import open_survey
from projects.services.rhythm import plan_reports
from tests.projects.factories import (
    ActivityFactory,
    PeriodReportFactory,
    ProjectFactory,
    SafetyWorkFactory,
)
from tests.projects.test_evidence import photograph


@pytest.fixture(autouse=True)
def in_march():
    with clock.frozen("2026-03-10"):
        yield


@pytest.mark.parametrize("year", ["20261", "2026x", "0", "９９９９", "99999999999999999999"])
def test_a_year_that_is_none_shows_this_year(
    client: Client, community: Community, li: User, year: str
) -> None:
    PeriodReportFactory(community=community)
    client.force_login(li)
    page = client.get(reverse("projects:reports", args=[community.pk]), {"year": year})
    assert (page.status_code, page.context["year"]) == (200, 2026)


def test_what_never_ran_cannot_be_evaluated(community: Community, li: User) -> None:
    project = ProjectFactory(
        community=community, stage=ProjectStage.STOPPED, effect="有", no_outcome_because="无"
    )
    assert [reason.code for reason in refusals_of(project, "evaluate")] == ["never_ran"]
    project.stage_changes.create(move="start", from_stage="reviewed", to_stage="running")
    assert refusals_of(project, "evaluate") == []


def test_money_of_a_stopped_project_stands_in_no_later_year(community: Community) -> None:
    stopped = ProjectFactory(
        community=community, stage=ProjectStage.STOPPED, budget=500, starts_on=dt.date(2025, 3, 1)
    )
    stopped.stage_changes.create(move="start", from_stage="reviewed", to_stage="running")
    ProjectFactory(community=community, stage=ProjectStage.STOPPED, budget=70, starts_on=dt.date(2026, 3, 1))
    report = PeriodReportFactory(
        community=community, period_from=dt.date(2026, 1, 1), period_to=dt.date(2026, 12, 31)
    )
    figures = figures_of(report)
    assert (figures["budget"], figures["projects_begun"]) == (None, 0)


def test_a_merged_unit_owes_nothing(community: Community, wang: User) -> None:
    SafetyWorkFactory(community=community, started_on=dt.date(2026, 3, 1))
    plan_reports()
    rule = 1
    owed = owing(rule).count()
    assert owed > 0
    community.standing = Standing.MERGED
    community.save()
    assert owing(rule).count() == 0
    assert below(wang).count() == 0
    PeriodReport.objects.all().delete()
    assert plan_reports() == 0


def test_a_day_that_passed_before_anybody_was_asked_makes_nothing_missing(community: Community) -> None:
    SafetyWork.objects.create(community=community, started_on=dt.date(2025, 6, 1))
    plan_reports()
    assert PeriodReport.objects.filter(due_on__lt=clock.today()).count() == 0
    assert PeriodReport.objects.filter(kind="monthly").count() == 1


def test_files_that_take_too_long_are_refused_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.services.evidence.MOST_SECONDS", -1)
    with pytest.raises(Refused) as refused:
        check_files([photograph()])
    assert refused.value.codes == ["too_slow"]


def test_opening_a_survey_twice_opens_one(community: Community, li: User) -> None:
    words = {"title": "问卷", "opens_on": dt.date(2026, 3, 1), "closes_on": dt.date(2026, 3, 31)}
    first = open_survey(community=community, by=li, **words)
    assert open_survey(community=community, by=li, **words) == first
    assert ResidentSurvey.objects.count() == 1


def test_removing_what_is_gone_is_not_found(
    client: Client, community: Community, li: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = ActivityFactory(community=community)
    client.force_login(li)
    address = reverse("projects:activity_remove", args=[community.pk, activity.pk])
    monkeypatch.setattr("projects.views.activities._activity_or_404", lambda *_args: activity, raising=False)
    Activity.objects.all().delete()
    assert client.post(address).status_code == 404


def test_minutes_and_duty_telephones_are_not_for_everybody(
    client: Client, community: Community, li: User, wang: User
) -> None:
    meeting = ActivityFactory(community=community, kind=ActivityKind.MEETING, minutes="出席人员名单")
    EmergencyTeam.objects.create(community=community, name="应急队", phone="13812349689")
    pages = {
        reverse("projects:activity", args=[community.pk, meeting.pk]): "出席人员名单",
        reverse("projects:register", args=[community.pk, "teams"]): "13812349689",
    }
    seen = {}
    for user in (li, wang):
        client.force_login(user)
        seen[user] = [word in client.get(address).content.decode() for address, word in pages.items()]
    assert seen == {li: [True, True], wang: [False, False]}


def test_half_written_words_are_read_in_the_unit_alone(
    client: Client, community: Community, wang: User, li: User
) -> None:
    report = PeriodReportFactory(community=community, summary="尚未写完")
    found = {}
    for user in (li, wang):
        client.force_login(user)
        page = client.get(reverse("projects:report", args=[community.pk, report.pk]))
        found[user] = "尚未写完" in page.content.decode()
    assert found == {li: True, wang: False}


def test_a_file_of_the_future_is_refused_at_its_day(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    data = {"files": [photograph()], "element": "archive", "happened_on": "9999-12-31"}
    page = client.post(reverse("projects:evidence_add", args=[community.pk]), data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["happened_on"])
