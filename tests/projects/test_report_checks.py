"""Where a unit asks for it, a second person of it looks at a report before it is sent (S3-18)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.lifecycle.reports import advance
from projects.models import PeriodReport, ReportStageChange, SafetyWork
from projects.services.reports import submit_report
from projects.services.work import check_reports
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.projects.factories import ActivityFactory, PeriodReportFactory, SafetyWorkFactory
from tests.projects.test_report_pages import page_of, typed


@pytest.fixture(autouse=True)
def in_april() -> object:
    with clock.frozen("2026-04-02"):
        yield


@pytest.fixture
def clerk(community: Community) -> User:
    user = UserFactory()
    MembershipFactory(user=user, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    return user


@pytest.fixture
def report(community: Community) -> PeriodReport:
    SafetyWorkFactory(community=community, checks_reports=True)
    return PeriodReportFactory(community=community)


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def answer(report: PeriodReport, decision: str, note: str = "") -> dict[str, object]:
    return {"decision": decision, "revision": PeriodReport.objects.get(pk=report.pk).revision, "note": note}


def test_a_report_is_handed_over_checked_by_another_and_then_sent(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, clerk)
    assert client.post(page_of(report), typed(report, act="submit")).status_code == 302
    report.refresh_from_db()
    assert (report.stage, report.first_submitted_at, report.figures) == ("to_check", None, {})
    ActivityFactory(community=report.community, people=40)
    sign_in(client, li)
    assert client.get(page_of(report)).context["may_check"] is True
    assert client.post(page_of(report, "report_check"), answer(report, "confirm")).status_code == 302
    report.refresh_from_db()
    assert (report.stage, report.is_late, report.figures["people"]) == ("submitted", False, 40)
    steps = ReportStageChange.objects.order_by("pk").values_list("move", "by")
    assert list(steps) == [("ask_check", clerk.pk), ("confirm", li.pk)]


def test_who_handed_it_over_does_not_check_it_but_may_take_it_back(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, li).post(page_of(report), typed(report, act="submit"))
    assert client.get(page_of(report)).context["may_check"] is False
    for decision in ("confirm", "give_back"):
        refused = client.post(page_of(report, "report_check"), answer(report, decision, "请补充"))
        assert (refused.status_code, refused.context["report"].stage) == (422, "to_check")
    assert client.post(page_of(report, "report_take_back")).status_code == 302
    assert PeriodReport.objects.get().stage == "open"


@pytest.fixture
def third(community: Community) -> User:
    user = UserFactory()
    MembershipFactory(user=user, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    return user


def test_nobody_checks_own_words_whoever_handed_them_over(
    client: Client, report: PeriodReport, clerk: User, li: User, third: User
) -> None:
    sign_in(client, clerk).post(page_of(report), typed(report, summary="开展了演练。"))
    report.refresh_from_db()
    data = typed(report, act="submit", summary=report.summary)
    assert sign_in(client, li).post(page_of(report), data).status_code == 302
    duties = {}
    for user in (clerk, li, third):
        page = sign_in(client, user).get(reverse("surveys:duties"))
        duties[user] = [card.url for card in page.context["cards"]]
    assert duties == {clerk: [], li: [], third: [page_of(report)]}
    sign_in(client, clerk)
    assert client.get(page_of(report)).context["may_check"] is False
    refused = client.post(page_of(report, "report_check"), answer(report, "confirm"))
    assert (refused.status_code, len(refused.context["checking"].non_field_errors())) == (422, 1)
    sign_in(client, third).post(page_of(report, "report_check"), answer(report, "confirm"))
    report.refresh_from_db()
    assert (report.stage, list(report.writers.all())) == ("submitted", [])


def test_what_everybody_wrote_is_not_handed_over_to_nobody(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, clerk).post(page_of(report), typed(report, summary="开展了演练。"))
    report.refresh_from_db()
    with pytest.raises(Refused) as refused:
        submit_report(report=report, revision=report.revision, by=li, summary="开展了两次演练。")
    assert refused.value.codes == ["nobody_left"]
    report.refresh_from_db()
    assert (report.stage, report.summary) == ("open", "开展了演练。")


def test_what_is_given_back_says_why_and_is_written_again(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, clerk).post(page_of(report), typed(report, act="submit"))
    sign_in(client, li)
    silent = client.post(page_of(report, "report_check"), answer(report, "give_back"))
    assert (silent.status_code, list(silent.context["checking"].errors)) == (422, ["note"])
    client.post(page_of(report, "report_check"), answer(report, "give_back", "人数不对"))
    page = sign_in(client, clerk).get(page_of(report))
    assert (page.context["report"].stage, page.context["remark"]) == ("open", "人数不对")
    assert page.context["form"] is not None


def test_of_what_changed_meanwhile_nothing_is_sent(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, clerk).post(page_of(report), typed(report, act="submit"))
    data = answer(report, "confirm")
    client.post(page_of(report, "report_take_back"))
    report.refresh_from_db()
    client.post(page_of(report), typed(report, act="submit", summary="改过的。"))
    assert sign_in(client, li).post(page_of(report, "report_check"), data).status_code == 422
    assert PeriodReport.objects.get().stage == "to_check"


def test_the_check_is_a_duty_of_the_others(
    client: Client, report: PeriodReport, clerk: User, li: User
) -> None:
    sign_in(client, clerk).post(page_of(report), typed(report, act="submit"))
    found = {}
    for user in (clerk, li):
        cards = sign_in(client, user).get(reverse("surveys:duties")).context["cards"]
        found[user] = [card.url for card in cards]
    assert found == {clerk: [], li: [page_of(report)]}


def test_words_under_check_are_read_in_the_unit_alone(
    client: Client, report: PeriodReport, clerk: User, li: User, wang: User, zhao: User
) -> None:
    sign_in(client, li).post(page_of(report), typed(report, act="submit", summary="只给本单位看"))
    seen = {}
    for user in (li, wang, zhao):
        page = sign_in(client, user).get(page_of(report))
        seen[user] = (page.status_code, "只给本单位看" in page.content.decode())
    assert seen == {li: (200, True), wang: (200, False), zhao: (404, False)}
    for user, status in ((wang, 403), (zhao, 404)):
        refused = sign_in(client, user).post(page_of(report, "report_check"), answer(report, "confirm"))
        assert refused.status_code == status


# --- The setting -------------------------------------------------------------------------------------------


def test_the_unit_asks_for_the_check_and_leaves_it_again(
    client: Client, community: Community, li: User, clerk: User
) -> None:
    SafetyWorkFactory(community=community)
    where = reverse("projects:reports_check_first", args=[community.pk])
    sign_in(client, clerk)
    assert client.post(where, {"wanted": "1"}).status_code == 403
    sign_in(client, li)
    kept = []
    for wanted in ("1", "1", "0"):
        client.post(where, {"wanted": wanted})
        kept.append(SafetyWork.objects.get().checks_reports)
    assert kept == [True, True, False]
    trail = AuditEntry.objects.filter(action__startswith="safety_work.").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["safety_work.check", "safety_work.no_check"]


def test_a_unit_of_one_person_has_nobody_to_check(community: Community, li: User, wang: User) -> None:
    SafetyWorkFactory(community=community)
    with pytest.raises(Refused) as refused:
        check_reports(community=community, wanted=True, by=li)
    assert refused.value.codes == ["alone"]
    with pytest.raises(PermissionDenied):
        check_reports(community=community, wanted=True, by=wang)


def test_what_waits_is_still_checked_after_the_unit_has_left_the_check(
    report: PeriodReport, clerk: User, li: User
) -> None:
    report.summary = "开展了演练。"
    report.save()
    advance(report, "ask_check", by=clerk)
    SafetyWork.objects.update(checks_reports=False)
    assert advance(PeriodReport.objects.get(), "confirm", by=li).stage == "submitted"


# --- A return with a day of its own ------------------------------------------------------------------------


def test_a_return_names_its_own_last_day(client: Client, community: Community, wang: User) -> None:
    report = PeriodReportFactory(community=community, summary="开展了演练。")
    advance(report, "submit", by=None)
    sign_in(client, wang)
    data = answer(report, "send_back", "请补充数据")
    passed = client.post(page_of(report, "report_judge"), data | {"again_by": "2026-04-01"})
    assert (passed.status_code, list(passed.context["judgement"].errors)) == (422, ["again_by"])
    client.post(page_of(report, "report_judge"), data | {"again_by": "2026-04-20"})
    report.refresh_from_db()
    assert (report.stage, report.due_on, report.last_day) == (
        "returned",
        dt.date(2026, 4, 5),
        dt.date(2026, 4, 20),
    )
