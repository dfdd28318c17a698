"""What joins the work with the injuries: burden beside effort, goals with their figures, before and after a project."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from communities.models import Community, Population
from core import clock
from injuries.models import DataSet
from injuries.selectors import figures
from projects.models import Goal
from projects.selectors.burden import burden, effect_of, with_figures
from projects.selectors.figures import figures_of
from tests.injuries.factories import JANUARY, DataSetFactory
from tests.injuries.test_figures import record
from tests.projects.factories import PeriodReportFactory, ProjectFactory

YEAR = 2025
CRASH, FALL, BURN = 1, 3, 7


@pytest.fixture
def injuries(community: Community) -> DataSet:
    return DataSetFactory(community=community)


def test_the_heaviest_cause_without_a_project_is_a_gap(community: Community, injuries: DataSet) -> None:
    record(injuries, 6)
    record(injuries, 3, cause=CRASH, place=5, age=30, age_band=3)
    record(injuries, 1, cause=BURN)
    ProjectFactory(
        community=community,
        stage="running",
        starts_on=dt.date(YEAR, 1, 1),
        causes=[FALL],
        ages=["65+"],
        environments=["home"],
        budget=Decimal(3000),
    )
    ProjectFactory(community=community, stage="proposed", causes=[CRASH])
    with clock.frozen("2025-12-01"):
        found = burden(community, YEAR)
    assert (found.cases, found.projects) == (10, 1)
    assert [(line.cases, line.share, line.projects, line.money_share) for line in found.causes[:3]] == [
        (6, 0.6, 1, 1.0),
        (3, 0.3, 0, 0.0),
        (1, 0.1, 0, 0.0),
    ]
    assert [line.label for line in found.gaps] == ["机动车车祸", "烧烫伤", "25–64岁", "交通"]


def test_nothing_recorded_shares_nothing(community: Community) -> None:
    found = burden(community, YEAR)
    assert {(line.share, line.project_share, line.money_share) for line in found.causes} == {
        (None, None, None)
    }
    assert found.gaps == []


def test_a_goal_reads_its_figure_from_the_records(community: Community, injuries: DataSet) -> None:
    record(injuries, 4)
    record(injuries, 2, cause=CRASH, outcome=5)
    Population.objects.create(community=community, year=YEAR, basis="resident", count=12_000)
    common = {"community": community, "horizon": "yearly", "year_from": YEAR, "year_to": YEAR, "target": 5}
    goals = [
        Goal(title="总数", figure="cases", **common),
        Goal(title="跌倒", figure="cases", cause=FALL, **common),
        Goal(title="死亡", figure="deaths", **common),
        Goal(title="发生率", figure="rate", **common),
        Goal(title="手填", actual=9, **common),
    ]
    assert [goal.actual for goal in with_figures(community, goals)] == [6, 4, 2, 50, 9]


def test_a_goal_of_deaths_is_open_where_no_outcome_was_given(community: Community, injuries: DataSet) -> None:
    record(injuries, 4, outcome=None)
    goal = Goal(
        community=community, horizon="yearly", year_from=YEAR, year_to=YEAR, target=0, figure="deaths"
    )
    assert with_figures(community, [goal])[0].actual is None
    record(injuries, 1)
    assert with_figures(community, [goal])[0].actual == 0


def test_silence_is_no_zero(community: Community) -> None:
    goal = Goal(
        community=community,
        horizon="yearly",
        year_from=YEAR,
        year_to=YEAR,
        target=5,
        title="总数",
        figure="cases",
    )
    assert with_figures(community, [goal])[0].actual is None
    assert figures.in_days(community, dt.date(YEAR, 1, 1), dt.date(YEAR, 1, 31)) is None
    DataSetFactory(community=community)
    assert with_figures(community, [goal])[0].actual == 0
    assert figures.in_days(community, dt.date(YEAR, 1, 1), dt.date(YEAR, 1, 31)) == 0


def test_a_report_counts_the_injuries_of_its_months(community: Community, injuries: DataSet) -> None:
    record(injuries, 2, month=JANUARY + 2)
    record(injuries, 5, month=JANUARY + 3)
    report = PeriodReportFactory(
        community=community, period_from=dt.date(YEAR, 3, 1), period_to=dt.date(YEAR, 3, 31)
    )
    assert figures_of(report)["injuries"] == 2


def test_a_project_is_seen_against_the_years_before_it(community: Community, li: User) -> None:
    for year, cases in ((2022, 25), (2023, 7), (2024, 18)):
        Population.objects.create(community=community, year=year, basis="resident", count=12_000)
        data_set = DataSetFactory(community=community, first_month=year * 12, last_month=year * 12 + 11)
        record(data_set, cases, month=year * 12)
        record(data_set, 3, month=year * 12, cause=CRASH)
    project = ProjectFactory(community=community, starts_on=dt.date(2023, 5, 1), causes=[FALL])
    with clock.frozen("2025-03-01"):
        found = effect_of(project, li)
    assert (str(found.before.span), str(found.after.span)) == ("2022", "2024")
    assert (found.before.cases, found.after.cases, round(found.ratio.ratio, 2)) == (25, 18, 0.72)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"starts_on": None, "causes": [FALL]}, "2027-01-01"),
        ({"starts_on": dt.date(2026, 5, 1), "causes": []}, "2028-01-01"),
        ({"starts_on": dt.date(2026, 5, 1), "causes": [FALL]}, "2027-01-01"),
        ({"starts_on": dt.date(2024, 5, 1), "causes": [FALL]}, "2026-01-01"),
    ],
)
def test_without_whole_years_on_both_sides_nothing_is_said(
    community: Community, injuries: DataSet, li: User, fields: dict, day: str
) -> None:
    record(injuries)
    with clock.frozen(day):
        assert effect_of(ProjectFactory(community=community, **fields), li) is None


def test_the_page_is_for_who_may_see_the_figures(
    client: Client, community: Community, injuries: DataSet, li: User, zhao: User
) -> None:
    record(injuries, 6)
    address = reverse("projects:burden", args=[community.pk])
    client.force_login(li)
    page = client.get(address, {"year": "2025"}).content.decode()
    assert "跌倒/坠落" in page
    client.force_login(zhao)
    assert client.get(address).status_code == 404


def test_a_project_names_its_causes(client: Client, community: Community, li: User) -> None:
    client.force_login(li)
    sent = {"title": "防跌倒", "area": "home", "causes": ["3", "9"]}
    client.post(reverse("projects:project_add", args=[community.pk]), sent)
    assert community.safety_projects.get().causes == [3, 9]
    page = client.post(reverse("projects:project_add", args=[community.pk]), {**sent, "causes": ["99"]})
    assert list(page.context["form"].errors) == ["causes"]
