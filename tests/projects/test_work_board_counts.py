"""What the association's board keeps in memory is what a recount finds, after every change."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from communities.enums import Standing
from communities.models import Community
from core import clock
from core.clock import now, today
from projects.enums import ReportKind, ReportStage
from projects.models import PeriodReport, ReportRule
from projects.selectors.board import Tally
from tests.factories import CommunityFactory
from tests.projects.factories import SafetyWorkFactory
from tests.projects.test_work_board import OVERVIEW, TODAY, look, month, sent


@pytest.fixture(autouse=True)
def in_may():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def board(client: Client, office) -> Client:
    """Three communities, each with a report in time, a late one that was sent back, a missing and an open one."""
    for _number in range(3):
        community = CommunityFactory()
        SafetyWorkFactory(community=community)
        sent(community, 1, ReportStage.ACCEPTED)
        sent(community, 2, ReportStage.RETURNED, is_late=True)
        month(community, 3)
        month(community, 5)
    client.force_login(office)
    assert shown(client) == counted_anew() != Tally()
    return client


def shown(client: Client) -> Tally:
    return client.get(OVERVIEW).context["total"]


def counted_anew() -> Tally:
    total = Tally()
    off = set(ReportRule.objects.filter(is_on=False).values_list("kind", flat=True))
    for report in PeriodReport.objects.select_related("community"):
        came, over = report.first_submitted_at is not None, report.due_on < today()
        is_asked = came or report.stage != ReportStage.OPEN or report.kind not in off
        if report.community.standing == Standing.MERGED or not is_asked:
            continue
        total += Tally(
            due=came or over,
            on_time=came and not report.is_late,
            late=came and report.is_late,
            missing=over and not came,
            returned=report.stage == ReportStage.RETURNED,
            waiting=report.stage == ReportStage.SUBMITTED,
        )
    return total


def send_one() -> None:
    report = PeriodReport.objects.filter(stage=ReportStage.OPEN).first()
    report.stage, report.first_submitted_at, report.is_late = ReportStage.SUBMITTED, now(), True
    report.save()


def accept_one() -> None:
    report = PeriodReport.objects.filter(stage=ReportStage.RETURNED).first()
    report.stage = ReportStage.ACCEPTED
    report.save(update_fields=["stage"])


def lay_out_more() -> None:
    community = Community.objects.first()
    begins = dt.date(2026, 4, 1)
    PeriodReport.objects.bulk_create(
        [
            PeriodReport(
                community=community,
                kind=ReportKind.MONTHLY,
                period_from=begins,
                period_to=dt.date(2026, 4, 30),
                due_on=dt.date(2026, 5, 5),
            )
        ]
    )


def put_off() -> None:
    PeriodReport.objects.filter(stage=ReportStage.OPEN).update(due_on=dt.date(2026, 8, 1))


def ask_no_longer() -> None:
    ReportRule.objects.filter(kind=ReportKind.MONTHLY).update(is_on=False)


def merge_one() -> None:
    community = Community.objects.first()
    community.standing = Standing.MERGED
    community.save()


CHANGES = (send_one, accept_one, lay_out_more, put_off, ask_no_longer, merge_one)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_the_board_is_right_at_once_after(change: Callable[[], None], board: Client) -> None:
    before = shown(board)
    with transaction.atomic():
        change()
        assert shown(board) == counted_anew() != before
        transaction.set_rollback(True)
    assert shown(board) == before
    change()
    assert shown(board) == counted_anew() != before


def test_what_is_missing_is_missing_from_the_day_after_on(board: Client) -> None:
    for day in ("2026-04-05", "2026-04-06", "2026-06-05", "2026-06-06"):
        with clock.frozen(day):
            assert shown(board) == counted_anew()


def test_years_run_from_the_first_report_to_the_last(board: Client) -> None:
    PeriodReport.objects.filter(period_from=dt.date(2026, 1, 1)).update(period_from=dt.date(2023, 12, 1))
    assert look(board, OVERVIEW).context["years"] == [2026, 2025, 2024, 2023]
