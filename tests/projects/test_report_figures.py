"""What a report says in numbers is counted from what was recorded; what nobody knows stays unknown."""

import datetime as dt

import pytest

from communities.models import Community
from projects.enums import ActivityKind, ProjectStage, ReportKind
from projects.models import Decision, PeriodReport
from projects.selectors.figures import draft_summary, figure_rows, figures_of
from tests.projects.factories import (
    ActivityFactory,
    DiagnosisFactory,
    EvidenceFactory,
    PeriodReportFactory,
    ProjectFactory,
    ShortcomingFactory,
)

DAY = dt.date.fromisoformat


@pytest.fixture
def report(community: Community) -> PeriodReport:
    return PeriodReportFactory(community=community)


@pytest.fixture
def yearly(community: Community) -> PeriodReport:
    return PeriodReportFactory(
        community=community,
        kind=ReportKind.ASSOCIATION,
        period_from=DAY("2026-01-01"),
        period_to=DAY("2026-12-31"),
        due_on=DAY("2027-01-31"),
    )


def test_figures_are_counted_from_what_was_recorded_in_the_period(report: PeriodReport) -> None:
    own = {"community": report.community}
    ActivityFactory(**own, kind=ActivityKind.DRILL, people=120, on=DAY("2026-03-31"))
    ActivityFactory(**own, kind=ActivityKind.LECTURE, people=30)
    ActivityFactory(**own, kind=ActivityKind.PUBLICITY, people=None)
    meeting = ActivityFactory(**own, kind=ActivityKind.MEETING, people=10)
    ActivityFactory(**own, on=DAY("2026-04-01"), people=999)
    ActivityFactory(people=999)
    Decision.objects.create(activity=meeting, text="整改", done_on=DAY("2026-04-02"))
    Decision.objects.create(activity=meeting, text="报送", done_on=DAY("2026-03-20"))
    ProjectFactory(**own, stage=ProjectStage.RUNNING, starts_on=DAY("2026-03-10"))
    ProjectFactory(
        **own, stage=ProjectStage.COMPLETED, starts_on=DAY("2025-01-01"), ends_on=DAY("2026-03-15")
    )
    ProjectFactory(**own, stage=ProjectStage.PROPOSED, starts_on=DAY("2026-03-10"))
    EvidenceFactory(**own, happened_on=DAY("2026-03-09"))
    EvidenceFactory(**own, happened_on=DAY("2026-02-28"))
    for found_on, closed_on in (
        ("2026-03-02", "2026-03-20"),
        ("2026-02-02", "2026-03-31"),
        ("2026-03-09", None),
    ):
        stage = "closed" if closed_on else "found"
        ShortcomingFactory(**own, found_on=found_on, closed_on=closed_on, stage=stage)
    figures = figures_of(report)
    assert (figures["shortcomings_found"], figures["shortcomings_closed"]) == (2, 2)
    assert figures["activities"] == {"meeting": 1, "lecture": 1, "publicity": 1, "drill": 1}
    counted = ("held", "people", "people_unknown", "teaching", "drills", "meetings", "decisions_open")
    assert {name: figures[name] for name in counted} == {
        "held": 4,
        "people": 160,
        "people_unknown": 1,
        "teaching": 2,
        "drills": 1,
        "meetings": 1,
        "decisions_open": 1,
    }
    assert (figures["projects_begun"], figures["projects_ended"], figures["projects_running"]) == (1, 1, 1)
    assert figures["evidence"] == 1


def test_people_that_nobody_counted_are_unknown_and_not_zero(report: PeriodReport) -> None:
    ActivityFactory(community=report.community, people=None)
    held, people, *_others = figure_rows(figures_of(report), report.kind)
    assert (held["value"], people["value"]) == (1, None)


def test_a_month_without_activities_reached_nobody(report: PeriodReport) -> None:
    assert (figures_of(report)["held"], figures_of(report)["people"]) == (0, 0)


def test_the_yearly_report_counts_exchanges_reviews_budget_and_diagnoses(yearly: PeriodReport) -> None:
    own = {"community": yearly.community}
    ActivityFactory(**own, kind=ActivityKind.EXCHANGE)
    DiagnosisFactory(**own)
    ProjectFactory(**own, stage=ProjectStage.RUNNING, budget="1200.50", volunteers=8)
    ProjectFactory(**own, stage=ProjectStage.RUNNING, budget=None)
    figures = figures_of(yearly)
    assert [figures[name] for name in ("exchanges", "diagnoses", "reviews", "budget", "volunteers")] == [
        1,
        1,
        0,
        "1200.50",
        8,
    ]


def test_figures_ask_the_same_however_much_was_recorded(
    report: PeriodReport, django_assert_num_queries
) -> None:
    for _count in range(3):
        with django_assert_num_queries(6):
            figures_of(report)
        ActivityFactory.create_batch(5, community=report.community)
        ProjectFactory.create_batch(2, community=report.community)


def test_the_draft_has_a_line_for_each_activity_in_their_order(report: PeriodReport) -> None:
    ActivityFactory(
        community=report.community, title="消防演练", kind="drill", on=DAY("2026-03-20"), people=120
    )
    ActivityFactory(community=report.community, title="防溺水讲座", kind="lecture", on=DAY("2026-03-05"))
    first, second = draft_summary(report).splitlines()
    assert "防溺水讲座" in first
    assert "消防演练" in second
    assert "120" in second


def test_a_draft_stays_of_a_length_that_is_read(report: PeriodReport) -> None:
    ActivityFactory.create_batch(45, community=report.community)
    lines = draft_summary(report).splitlines()
    assert len(lines) == 41
    assert "5" in lines[-1]
