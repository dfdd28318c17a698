"""Reports exist before anyone writes: one for each period that has begun, due by the rule."""

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from config.celery import app
from core import clock
from projects.enums import Minimum, ReportKind, ReportStage
from projects.models import PeriodReport, ReportRule, YearlyMinimum
from projects.selectors.periods import due_day, periods
from projects.services.rhythm import change_minimum, change_rule, plan_reports
from projects.services.work import begin
from projects.tasks import plan_reports as daily
from tests.projects.factories import PeriodReportFactory, SafetyWorkFactory

DAY = dt.date.fromisoformat


def rule_of(kind: ReportKind) -> ReportRule:
    return ReportRule.objects.get(kind=kind)


@pytest.mark.parametrize(
    ("kind", "since", "on", "begins"),
    [
        (ReportKind.MONTHLY, "2026-01-31", "2026-03-01", ["2026-01-01", "2026-02-01", "2026-03-01"]),
        (ReportKind.MONTHLY, "2025-12-31", "2026-01-01", ["2025-12-01", "2026-01-01"]),
        (ReportKind.HALF_YEAR, "2026-06-30", "2026-07-01", ["2026-01-01", "2026-07-01"]),
        (ReportKind.HALF_YEAR, "2026-07-01", "2026-12-31", ["2026-07-01"]),
        (ReportKind.YEAR_END, "2025-12-31", "2026-01-01", ["2025-01-01", "2026-01-01"]),
        (ReportKind.ASSOCIATION, "2026-02-01", "2026-11-30", ["2026-01-01"]),
        (ReportKind.MONTHLY, "2026-04-01", "2026-03-31", []),
    ],
)
def test_every_period_counts_that_reaches_into_the_first_month_and_has_begun(kind, since, on, begins) -> None:
    found = periods(kind, DAY(since), DAY(on))
    assert [period.begins.isoformat() for period in found] == begins


def test_a_period_ends_where_the_next_begins() -> None:
    first, second = periods(ReportKind.HALF_YEAR, DAY("2024-01-05"), DAY("2024-12-01"))
    assert (first.ends, second.ends) == (DAY("2024-06-30"), DAY("2024-12-31"))


@pytest.mark.parametrize(
    ("months_after", "day", "ends", "due"),
    [
        (1, 5, "2026-01-31", "2026-02-05"),
        (0, 31, "2026-06-30", "2026-06-30"),
        (0, 31, "2024-02-29", "2024-02-29"),
        (1, 31, "2026-01-31", "2026-02-28"),
        (1, 31, "2025-12-31", "2026-01-31"),
        (2, 30, "2025-12-31", "2026-02-28"),
        (0, 1, "2026-06-30", "2026-06-01"),
    ],
)
def test_the_31st_is_the_last_day_of_its_month(months_after, day, ends, due) -> None:
    assert due_day(ReportRule(months_after=months_after, day=day), DAY(ends)) == DAY(due)


def test_a_community_that_begins_sees_at_once_what_it_will_owe(community: Community, li: User) -> None:
    with clock.frozen("2026-03-15"):
        begin(community=community, by=li)
    found = PeriodReport.objects.filter(community=community).order_by("due_on")
    assert [(row.kind, row.period_from.isoformat(), row.due_on.isoformat()) for row in found] == [
        ("monthly", "2026-03-01", "2026-04-05"),
        ("half_year", "2026-01-01", "2026-06-30"),
        ("year_end", "2026-01-01", "2026-12-31"),
        ("association", "2026-01-01", "2027-01-31"),
    ]
    assert {row.stage for row in found} == {ReportStage.OPEN}


def test_the_clock_lays_out_each_period_once(db: None) -> None:
    """November and what ended with the old year were due before anybody asked."""
    SafetyWorkFactory(started_on=DAY("2025-11-20"))
    assert plan_reports(DAY("2026-01-01")) == 2 + 1 + 1 + 2
    assert plan_reports(DAY("2026-01-31")) == 0
    assert plan_reports(DAY("2026-02-01")) == 1
    entries = AuditEntry.objects.filter(action="report.plan").order_by("pk")
    assert [entry.changes["laid_out"] for entry in entries] == [2, 1, 1, 2, 1]


def test_the_clock_rings_for_it(db: None) -> None:
    SafetyWorkFactory(started_on=DAY("2026-01-01"))
    with clock.frozen("2026-02-01"):
        daily()
    assert Counter(PeriodReport.objects.values_list("kind", flat=True))["monthly"] == 2
    assert "projects.tasks.plan_reports" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_report_that_is_not_asked_for_is_not_laid_out(db: None) -> None:
    ReportRule.objects.exclude(kind=ReportKind.HALF_YEAR).update(is_on=False)
    SafetyWorkFactory(started_on=DAY("2026-01-01"))
    assert plan_reports(DAY("2026-03-01")) == 1
    assert PeriodReport.objects.get().kind == ReportKind.HALF_YEAR


def test_a_row_that_is_there_keeps_its_words_and_its_day(db: None) -> None:
    work = SafetyWorkFactory(started_on=DAY("2026-03-01"))
    kept = PeriodReportFactory(community=work.community, summary="已写", due_on=DAY("2026-04-20"))
    plan_reports(DAY("2026-03-31"))
    kept.refresh_from_db()
    assert (kept.summary, kept.due_on) == ("已写", DAY("2026-04-20"))


def test_planning_asks_as_often_for_one_community_as_for_many(db: None) -> None:
    def asked(on: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            plan_reports(DAY(on))
        return len(queries)

    SafetyWorkFactory()
    plan_reports(DAY("2026-01-01"))
    one = asked("2026-02-01")
    SafetyWorkFactory.create_batch(24)
    plan_reports(DAY("2026-02-01"))
    assert asked("2026-03-01") == one


# --- What staff set ---------------------------------------------------------------------------------------


def test_another_due_day_moves_what_is_still_to_come(community: Community, office: User) -> None:
    past = PeriodReportFactory(
        community=community,
        period_from=DAY("2026-02-01"),
        period_to=DAY("2026-02-28"),
        due_on=DAY("2026-03-05"),
    )
    sent = PeriodReportFactory(community=community, stage=ReportStage.SUBMITTED)
    ahead = PeriodReportFactory(
        community=community,
        period_from=DAY("2026-04-01"),
        period_to=DAY("2026-04-30"),
        due_on=DAY("2026-05-05"),
    )
    with clock.frozen("2026-03-20"):
        change_rule(rule=rule_of(ReportKind.MONTHLY), by=office, day=10)
    assert list(PeriodReport.objects.order_by("pk").values_list("due_on", flat=True)) == [
        past.due_on,
        sent.due_on,
        DAY("2026-05-10"),
    ]
    assert ahead.stage == ReportStage.OPEN


def test_a_new_rule_makes_nothing_overdue(administrator: User) -> None:
    report = PeriodReportFactory(
        kind=ReportKind.HALF_YEAR,
        period_from=DAY("2026-01-01"),
        period_to=DAY("2026-06-30"),
        due_on=DAY("2026-06-30"),
    )
    with clock.frozen("2026-06-20"):
        change_rule(rule=rule_of(ReportKind.HALF_YEAR), by=administrator, day=10)
    report.refresh_from_db()
    assert report.due_on == DAY("2026-06-20")


def test_a_changed_rule_stands_in_the_trail_with_what_it_moved(administrator: User) -> None:
    PeriodReportFactory(due_on=DAY("2026-04-05"))
    with clock.frozen("2026-03-20"):
        change_rule(rule=rule_of(ReportKind.MONTHLY), by=administrator, day=8, source_zh="某文件")
    entry = AuditEntry.objects.get(action="report_rule.change")
    assert (entry.changes["day"], entry.changes["moved"]) == ([5, 8], 1)
    assert entry.changes["source_zh"][1] == "某文件"


def test_a_changed_minimum_stands_in_the_trail(administrator: User) -> None:
    drills = YearlyMinimum.objects.get(code=Minimum.DRILLS)
    change_minimum(minimum=drills, by=administrator, least=6)
    assert AuditEntry.objects.get(action="yearly_minimum.change").changes == {"least": [4, 6]}


def test_what_stays_as_it_is_leaves_no_trace(administrator: User) -> None:
    change_rule(rule=rule_of(ReportKind.MONTHLY), by=administrator, day=5)
    assert AuditEntry.objects.filter(action="report_rule.change").count() == 0


def test_only_who_manages_the_work_sets_days_and_numbers(li: User, wang: User, leadership: User) -> None:
    for person in (li, wang, leadership):
        with pytest.raises(PermissionDenied):
            change_rule(rule=rule_of(ReportKind.MONTHLY), by=person, day=8)
        with pytest.raises(PermissionDenied):
            change_minimum(minimum=YearlyMinimum.objects.first(), by=person, least=1)
