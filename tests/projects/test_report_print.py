"""A periodic report is printed on A4 in Chinese: figures and words as they stand, with room for signature and seal."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from documents.models import Run
from projects.enums import ReportStage
from projects.models import PeriodReport
from projects.pdfs import period_report, report_content
from projects.services.report_prints import may_print, request_print
from tests.projects.factories import ActivityFactory, EvidenceFactory, PeriodReportFactory
from tests.surveys.prints import text_of


@pytest.fixture(autouse=True)
def in_april():
    with clock.frozen("2026-04-03 10:00"):
        yield


@pytest.fixture
def report(community: Community) -> PeriodReport:
    ActivityFactory(community=community, kind="drill", title="消防疏散演练", people=120)
    report = PeriodReportFactory(
        community=community, summary="完成春季消防检查。\n#set page() 原样印出", problems="人手不足"
    )
    report.evidence.add(EvidenceFactory(community=community, title="签到表"))
    return report


def test_what_is_owed_is_printed_as_a_draft_with_its_figures_of_today(report: PeriodReport) -> None:
    content = report_content(report)
    assert (content["title"], content["community"]) == ("创建进度月报　2026年3月", "筼筜街道")
    assert content["state"] == "草稿，尚未报送；数据截至2026年4月3日 10:00"
    figures = {label: number for label, number, _remark in content["figures"]["rows"]}
    assert (figures["活动"], figures["参与人数"], figures["应急演练"]) == ("1", "120", "1")
    assert [one["lines"] for one in content["lists"]] == [
        ["2026年3月1日　消防疏散演练（应急演练）"],
        ["2026年3月1日　签到表"],
    ]


def test_what_was_sent_is_printed_as_it_was_sent(report: PeriodReport) -> None:
    report.stage, report.figures = "submitted", {"held": 7, "people": None}
    report.first_submitted_at, report.is_late = clock.now(), False
    content = report_content(report)
    assert content["state"] == "2026年4月3日 10:00报送，截止日期2026年4月5日"
    figures = {label: number for label, number, _remark in content["figures"]["rows"]}
    assert (figures["活动"], figures["参与人数"]) == ("7", "不详")


def test_what_came_back_says_so(report: PeriodReport) -> None:
    report.stage, report.first_submitted_at = "returned", clock.now()
    assert report_content(report)["state"] == "已退回修改；数据截至2026年4月3日 10:00"


def test_the_paper_says_what_the_report_says_and_interprets_nothing(report: PeriodReport) -> None:
    paper = text_of(period_report(report))
    for words in (
        "创建进度月报",
        "筼筜街道",
        "完成春季消防检查。",
        "#setpage()原样印出",
        "人手不足",
        "签到表",
    ):
        assert words in paper
    assert "单位（盖章）" in paper
    assert "第1页共1页" in paper


def test_it_is_made_in_the_background_for_who_may_read_it(
    client: Client, li: User, report: PeriodReport, django_capture_on_commit_callbacks
) -> None:
    client.force_login(li)
    page = reverse("projects:report", args=[report.community_id, report.pk])
    print_url = reverse("projects:report_print", args=[report.community_id, report.pk])
    assert print_url in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(print_url)
    run = Run.objects.get()
    assert (answer.url, run.state) == (reverse("documents:run", args=[run.pk]), "done")
    assert AuditEntry.objects.filter(action="report.print").count() == 1
    file = client.get(reverse("documents:run_result", args=[run.pk]))
    assert file["Content-Type"] == "application/pdf"


def test_words_that_have_not_left_the_unit_are_printed_by_who_writes_them(
    report: PeriodReport, li: User, wang: User
) -> None:
    run = request_print(report=report, by=li)
    assert [may_print(user, run) for user in (li, wang)] == [True, False]
    with pytest.raises(PermissionDenied):
        request_print(report=report, by=wang)


def test_a_neighbour_prints_nothing(report: PeriodReport, wang: User, zhao: User) -> None:
    PeriodReport.objects.update(stage=ReportStage.SUBMITTED)
    report.refresh_from_db()
    run = request_print(report=report, by=wang)
    assert [may_print(user, run) for user in (wang, zhao)] == [True, False]
    with pytest.raises(PermissionDenied):
        request_print(report=report, by=zhao)


def test_a_long_report_goes_over_as_many_pages_as_it_needs(report: PeriodReport) -> None:
    report.summary = "\n".join(f"第{number}项工作已经按计划完成，并形成记录。" for number in range(80))
    report.due_on = dt.date(2026, 4, 5)
    paper = text_of(period_report(report))
    assert "第79项工作" in paper
    assert "第2页共" in paper
