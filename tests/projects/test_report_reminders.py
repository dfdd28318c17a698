"""Who owes a report is reminded before and after its day; who has sent it hears nothing more."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from communities.models import Community
from core import clock
from notices import emails, services
from notices.enums import Kind
from notices.models import Notice, ReminderPlan
from projects.enums import ReportKind
from projects.models import PeriodReport, ReportRule
from projects.services.reports import judge_report, submit_report
from projects.services.rhythm import change_rule, plan_reports
from tests.factories import ContactFactory, MembershipFactory, RoleFactory, UserFactory
from tests.projects.factories import SafetyWorkFactory

# Due on 2024-04-10, a Wednesday; the Qingming holiday is 4 to 6 April.
DUE = "2024-04-10"


@pytest.fixture
def report(community: Community, li: User) -> PeriodReport:
    """March of 2024, the only report of this test."""
    ReportRule.objects.exclude(kind=ReportKind.MONTHLY).update(is_on=False)
    ReportRule.objects.update(day=10)
    SafetyWorkFactory(community=community, started_on=dt.date(2024, 3, 1))
    ContactFactory(community=community, email="office@example.org")
    community.supervisor.mailbox = "Amt@example.org"
    community.supervisor.save(update_fields=["mailbox"])
    with clock.frozen("2024-03-05 09:00"):
        plan_reports()
    report = PeriodReport.objects.get()
    assert report.due_on.isoformat() == DUE
    return report


def remind(day: str) -> None:
    with clock.frozen(f"{day} 10:00"):
        services.plan_reminders()
        services.deliver_waiting(send=emails.send)


def kinds_and_steps() -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(channel="mail").order_by("pk")
    return list(rows.values_list("kind", "step", "address"))


def test_the_people_are_reminded_before_and_after_and_the_authority_is_told(
    report: PeriodReport, mailoutbox: list
) -> None:
    for day in ("2024-04-02", "2024-04-03", "2024-04-07", "2024-04-09", "2024-04-10", "2024-04-15"):
        remind(day)
    assert kinds_and_steps() == [
        ("report_reminder", "-7d", "office@example.org"),
        ("report_reminder", "-1d", "office@example.org"),
        ("report_reminder", "+3d", "office@example.org"),
        ("report_overdue", "+3d", "amt@example.org"),
    ]
    assert [mail.to for mail in mailoutbox][-1] == ["amt@example.org"]


def test_whoever_records_the_work_reads_it_on_the_site_too(
    report: PeriodReport, community: Community, li: User
) -> None:
    clerk = UserFactory()
    MembershipFactory(user=clerk, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    remind("2024-04-03")
    on_site = Notice.objects.filter(channel="site").order_by("recipient_id")
    assert {row.recipient_id for row in on_site} == {li.pk, clerk.pk}


def test_what_was_sent_in_the_meantime_leaves_no_mail(
    report: PeriodReport, li: User, mailoutbox: list
) -> None:
    with clock.frozen("2024-04-03 10:00"):
        services.plan_reminders()
        submit_report(report=report, revision=1, by=li, summary="已写")
        services.deliver_waiting(send=emails.send)
    assert mailoutbox == []
    assert set(Notice.objects.filter(kind=Kind.REPORT_REMINDER).values_list("state", flat=True)) == {
        "dropped"
    }


def test_nothing_is_planned_for_what_was_sent(report: PeriodReport, li: User) -> None:
    with clock.frozen("2024-04-01"):
        submit_report(report=report, revision=1, by=li, summary="已写")
    remind("2024-04-15")
    assert kinds_and_steps() == []


def test_a_report_that_came_back_is_no_missing_report(report: PeriodReport, li: User, wang: User) -> None:
    with clock.frozen("2024-04-02 09:00"):
        sent = submit_report(report=report, revision=1, by=li, summary="已写")
        judge_report(report=sent, decision="send_back", revision=sent.revision, by=wang, note="请补充")
    remind("2024-04-15")
    assert {kind for kind, _step, _address in kinds_and_steps()} == {"report_returned"}


def test_another_due_day_silences_what_waits(
    report: PeriodReport, administrator: User, mailoutbox: list
) -> None:
    with clock.frozen("2024-04-03 10:00"):
        services.plan_reminders()
        change_rule(rule=ReportRule.objects.get(kind=ReportKind.MONTHLY), by=administrator, day=25)
        services.deliver_waiting(send=emails.send)
    assert mailoutbox == []


def test_a_return_that_was_mended_is_not_told(
    report: PeriodReport, li: User, wang: User, mailoutbox: list
) -> None:
    with clock.frozen("2024-04-02 09:00"):
        sent = submit_report(report=report, revision=1, by=li, summary="已写")
        back = judge_report(report=sent, decision="send_back", revision=sent.revision, by=wang, note="请补充")
        submit_report(report=back, revision=back.revision, by=li, summary="已补充")
        services.deliver_waiting(send=emails.send)
    assert mailoutbox == []


def test_staff_see_and_change_the_plan_of_a_kind(
    client: Client, report: PeriodReport, administrator: User
) -> None:
    rule = ReportRule.objects.get(kind=ReportKind.MONTHLY)
    assert ReminderPlan.objects.get(about=f"report:{rule.pk}").steps == [-7, -1, 3]
    client.force_login(administrator)
    with clock.frozen("2024-04-01 10:00"):
        page = client.get(reverse("notices:plan", args=["report", rule.pk]))
    assert (page.status_code, page.context["outlook"].days[0].owing) == (200, 1)
    assert page.context["back"] == reverse("projects:rules")


def send_back(report: PeriodReport, wang: User, li: User, again_by: str) -> None:
    with clock.frozen("2024-04-01 09:00"):
        submit_report(report=report, revision=report.revision, by=li, summary="开展了演练。")
    with clock.frozen("2024-04-12 09:00"):
        read = PeriodReport.objects.get()
        judge_report(
            report=read,
            decision="send_back",
            revision=read.revision,
            by=wang,
            note="请补充",
            again_by=dt.date.fromisoformat(again_by) if again_by else None,
        )


@pytest.mark.parametrize("again_by", ["2024-04-24", ""])
def test_a_return_is_reminded_of_by_its_own_last_day(
    report: PeriodReport, li: User, wang: User, again_by: str
) -> None:
    send_back(report, wang, li, again_by)
    for day in ("2024-04-15", "2024-04-17", "2024-04-23", "2024-04-29"):
        remind(day)
    steps = ["-7d", "-1d", "+3d"] if again_by else []
    found = kinds_and_steps()
    assert [step for kind, step, _address in found if kind == "report_reminder"] == steps
    # The authority knows of what it sent back itself.
    assert [kind for kind, _step, _address in found if kind == "report_overdue"] == []


def test_what_was_sent_again_is_not_reminded_of(report: PeriodReport, li: User, wang: User) -> None:
    send_back(report, wang, li, "2024-04-24")
    with clock.frozen("2024-04-15 09:00"):
        again = PeriodReport.objects.get()
        submit_report(report=again, revision=again.revision, by=li, summary="补充了数据。")
    for day in ("2024-04-17", "2024-04-23", "2024-04-29"):
        remind(day)
    assert [kind for kind, _step, _address in kinds_and_steps() if kind == "report_reminder"] == []
