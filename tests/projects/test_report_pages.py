"""The liaison finds the figures counted, adds words and sends; the authority reads, returns and accepts."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from notices.models import Notice
from projects.enums import ReportKind, ReportStage
from projects.lifecycle.reports import advance
from projects.models import PeriodReport, ReportRule
from projects.services.reports import judge_report, submit_report, write_report
from tests.projects.factories import ActivityFactory, EvidenceFactory, PeriodReportFactory
from tests.projects.test_evidence import photograph

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


def page_of(report: PeriodReport, name: str = "report") -> str:
    return reverse(f"projects:{name}", args=[report.community_id, report.pk])


def typed(report: PeriodReport, **fields: object) -> dict[str, object]:
    return {"revision": report.revision, "summary": "开展了演练。", "act": "save", **fields}


# --- Writing ----------------------------------------------------------------------------------------------


def test_the_liaison_sends_what_stands_there_with_own_words(
    client: Client, report: PeriodReport, li: User
) -> None:
    ActivityFactory(community=report.community, title="消防演练", people=120)
    client.force_login(li)
    page = client.get(page_of(report))
    assert "消防演练" in page.context["form"]["summary"].value()
    with clock.frozen("2026-04-02"):
        answer = client.post(page_of(report), typed(report, act="submit", problems="经费不足"))
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.stage, report.problems, report.is_late) == ("submitted", "经费不足", False)
    assert report.figures["people"] == 120


def test_what_is_saved_is_not_yet_sent(client: Client, report: PeriodReport, li: User) -> None:
    client.force_login(li)
    client.post(page_of(report), typed(report, help_needed="请派专家"))
    report.refresh_from_db()
    assert (report.stage, report.help_needed, report.first_submitted_at) == ("open", "请派专家", None)
    assert AuditEntry.objects.get(action="report.write").changes == {"written": ["summary", "help_needed"]}


def test_a_report_without_words_comes_back_to_the_page_and_keeps_the_rest(
    client: Client, report: PeriodReport, li: User
) -> None:
    client.force_login(li)
    answer = client.post(page_of(report), typed(report, act="submit", summary="", problems="经费不足"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["summary"]
    assert answer.context["form"]["problems"].value() == "经费不足"
    report.refresh_from_db()
    assert (report.stage, report.problems) == ("open", "")


def test_the_second_of_two_people_is_told_and_loses_nothing(
    client: Client, report: PeriodReport, li: User
) -> None:
    client.force_login(li)
    client.post(page_of(report), typed(report, summary="甲写的"))
    answer = client.post(page_of(report), typed(report, summary="乙写的"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("甲写的" in text, "乙写的" in text) == (True, True)
    again = {**typed(report, summary="乙写的"), "revision": answer.context["form"]["revision"].value()}
    assert client.post(page_of(report), again).status_code == 302
    report.refresh_from_db()
    assert report.summary == "乙写的"


def test_sending_twice_sends_once(client: Client, report: PeriodReport, li: User) -> None:
    client.force_login(li)
    form = typed(report, act="submit")
    client.post(page_of(report), form)
    assert client.post(page_of(report), form).status_code == 422
    assert report.stage_changes.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("staff", "-1"), ("staff", "100000"), ("cash", "-0.01"), ("cash", "abc"), ("summary", "字" * 20001)],
)
def test_what_cannot_be_is_said_at_its_field(
    client: Client, yearly: PeriodReport, li: User, field: str, value: str
) -> None:
    client.force_login(li)
    answer = client.post(page_of(yearly), typed(yearly, **{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"][field].value() == value


def test_the_yearly_report_says_unknown_where_nothing_is_known(
    client: Client, yearly: PeriodReport, li: User, wang: User
) -> None:
    written = write_report(
        report=yearly, revision=1, by=li, summary="全年工作", staff=3, good_examples="楼道长制度"
    )
    advance(written, "submit", by=li)
    client.force_login(wang)
    page = client.get(page_of(yearly))
    assert page.context["report"].staff == 3
    assert "楼道长制度" in page.content.decode()
    assert page.context["form"] is None


def test_files_of_the_period_and_new_ones_go_along(client: Client, report: PeriodReport, li: User) -> None:
    kept = EvidenceFactory(community=report.community, happened_on=DAY("2026-03-09"))
    client.force_login(li)
    client.post(page_of(report), typed(report, evidence=[kept.pk], files=[photograph()]))
    assert report.evidence.count() == 2
    assert kept in report.evidence.all()


def test_a_file_of_another_community_is_not_taken(client: Client, report: PeriodReport, li: User) -> None:
    strange = EvidenceFactory(happened_on=DAY("2026-03-09"))
    client.force_login(li)
    answer = client.post(page_of(report), typed(report, evidence=[strange.pk]))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])
    write_report(report=report, revision=1, by=li, summary="x", evidence=[strange])
    assert report.evidence.count() == 0


def test_a_sent_report_is_not_written_on(report: PeriodReport, li: User) -> None:
    sent = submit_report(report=report, revision=1, by=li, summary="已写")
    with pytest.raises(Refused) as refused:
        write_report(report=sent, revision=sent.revision, by=li, summary="改写")
    assert refused.value.codes == ["sent"]


def test_who_only_reads_writes_nothing(client: Client, report: PeriodReport, wang: User, zhao: User) -> None:
    for user, status in ((wang, 403), (zhao, 404)):
        client.force_login(user)
        assert client.post(page_of(report), typed(report)).status_code == status
    with pytest.raises(PermissionDenied):
        write_report(report=report, revision=1, by=wang, summary="x")


def test_a_report_is_not_found_below_another_community(
    client: Client, report: PeriodReport, elsewhere: Community, zhao: User
) -> None:
    client.force_login(zhao)
    assert client.get(reverse("projects:report", args=[elsewhere.pk, report.pk])).status_code == 404


# --- Reading ----------------------------------------------------------------------------------------------


@pytest.fixture
def sent(report: PeriodReport, li: User) -> PeriodReport:
    with clock.frozen("2026-04-02"):
        return submit_report(report=report, revision=1, by=li, summary="开展了演练。")


def judge(client: Client, report: PeriodReport, decision: str, note: str = "", revision: int = 0):
    data = {"decision": decision, "note": note, "revision": revision or report.revision}
    return client.post(page_of(report, "report_judge"), data)


def test_the_authority_sends_back_and_then_accepts(
    client: Client, sent: PeriodReport, li: User, wang: User
) -> None:
    client.force_login(wang)
    assert judge(client, sent, "send_back", "请补充照片").status_code == 302
    client.force_login(li)
    assert "请补充照片" in client.get(page_of(sent)).content.decode()
    sent.refresh_from_db()
    client.post(page_of(sent), typed(sent, act="submit", summary="已补充。"))
    sent.refresh_from_db()
    client.force_login(wang)
    assert judge(client, sent, "accept").status_code == 302
    sent.refresh_from_db()
    assert (sent.stage, sent.is_late) == ("accepted", False)


def test_a_return_without_a_remark_is_refused_on_the_page(
    client: Client, sent: PeriodReport, wang: User
) -> None:
    client.force_login(wang)
    answer = judge(client, sent, "send_back", " ")
    assert (answer.status_code, list(answer.context["judgement"].errors)) == (422, ["note"])


def test_nobody_accepts_what_has_changed_since_it_was_read(
    client: Client, sent: PeriodReport, li: User, wang: User
) -> None:
    read = sent.revision
    advance(sent, "take_back", by=li)
    submit_report(report=sent, revision=sent.revision, by=li, summary="另一份")
    client.force_login(wang)
    answer = judge(client, sent, "accept", "好", revision=read)
    assert (answer.status_code, answer.context["judgement"]["note"].value()) == (422, "好")
    assert PeriodReport.objects.get().stage == ReportStage.SUBMITTED


def test_the_community_takes_back_what_nobody_has_read(
    client: Client, sent: PeriodReport, li: User, wang: User
) -> None:
    client.force_login(wang)
    assert client.post(page_of(sent, "report_take_back")).status_code == 403
    client.force_login(li)
    client.post(page_of(sent, "report_take_back"))
    sent.refresh_from_db()
    assert (sent.stage, sent.first_submitted_at) == ("open", None)


def test_the_community_does_not_judge_itself(client: Client, sent: PeriodReport, li: User) -> None:
    client.force_login(li)
    assert judge(client, sent, "accept").status_code == 403


@pytest.mark.parametrize(
    ("decision", "kind"), [("send_back", "report_returned"), ("accept", "report_accepted")]
)
def test_the_community_is_told_what_became_of_its_report(
    sent: PeriodReport, li: User, wang: User, decision: str, kind: str
) -> None:
    judge_report(report=sent, decision=decision, revision=sent.revision, by=wang, note="请看")
    told = Notice.objects.filter(kind=kind, recipient=li).order_by("channel")
    assert [row.channel for row in told] == ["mail", "site"]
    assert told[0].context["note"] == "请看"
    assert told[0].context["path"] == page_of(sent)


# --- Lists and duties -------------------------------------------------------------------------------------


def month(community: Community, number: int, **fields: object) -> PeriodReport:
    begins = dt.date(2026, number, 1)
    fields = {"due_on": dt.date(2026, number + 1, 5), **fields}
    ends = dt.date(2026, number + 1, 1) - dt.timedelta(days=1)
    return PeriodReportFactory(community=community, period_from=begins, period_to=ends, **fields)


def test_the_list_says_of_each_report_where_it_stands(client: Client, community: Community, li: User) -> None:
    month(community, 1)
    month(community, 2, stage=ReportStage.SUBMITTED, is_late=True)
    month(community, 3, stage=ReportStage.RETURNED)
    month(community, 4)
    PeriodReportFactory(community=community, period_from=DAY("2025-12-01"), period_to=DAY("2025-12-31"))
    client.force_login(li)
    with clock.frozen("2026-04-20"):
        page = client.get(reverse("projects:reports", args=[community.pk]))
        older = client.get(reverse("projects:reports", args=[community.pk]), {"year": "2025"})
    lines = page.context["lines"]
    assert [(line.report.period_from.month, line.tag) for line in lines] == [
        (4, "draft"),
        (3, "returned"),
        (2, "sent"),
        (1, "late"),
    ]
    assert [line.report.period_from.year for line in older.context["lines"]] == [2025]


@pytest.mark.parametrize("year", ["x", "-1", "99999999999999999999", "1999"])
def test_a_year_that_is_none_shows_this_one(
    client: Client, community: Community, li: User, year: str
) -> None:
    client.force_login(li)
    assert client.get(reverse("projects:reports", args=[community.pk]), {"year": year}).status_code == 200


def duties(client: Client, on: str) -> list[tuple[int, object]]:
    with clock.frozen(on):
        cards = client.get(reverse("surveys:duties")).context["cards"]
    return [(int(card.url.split("/")[-2]), card.due_on) for card in cards]


def test_reports_owed_stand_among_the_duties_by_their_day(
    client: Client, community: Community, elsewhere: Community, li: User
) -> None:
    later, soon = month(community, 4), month(community, 3)
    returned = month(community, 1, stage=ReportStage.RETURNED)
    month(community, 2, stage=ReportStage.ACCEPTED)
    month(community, 6)
    month(elsewhere, 3)
    client.force_login(li)
    assert duties(client, "2026-04-08") == [
        (returned.pk, None),
        (soon.pk, soon.due_on),
        (later.pk, later.due_on),
    ]


def test_a_kind_that_is_no_longer_asked_for_is_no_duty(
    client: Client, community: Community, li: User
) -> None:
    month(community, 3)
    ReportRule.objects.update(is_on=False)
    client.force_login(li)
    assert duties(client, "2026-04-08") == []


def test_the_authority_has_no_duty_to_write(client: Client, community: Community, wang: User) -> None:
    month(community, 3)
    client.force_login(wang)
    assert duties(client, "2026-04-08") == []


def test_the_pages_ask_the_same_for_one_report_and_for_many(
    client: Client, community: Community, li: User
) -> None:
    client.force_login(li)

    def asked() -> list[int]:
        counts = []
        for address in (reverse("projects:reports", args=[community.pk]), reverse("surveys:duties")):
            with CaptureQueriesContext(connection) as queries, clock.frozen("2026-09-20"):
                client.get(address)
            counts.append(len(queries))
        return counts

    month(community, 1, stage=ReportStage.RETURNED)
    month(community, 8)
    before = asked()
    for number in (2, 3, 4):
        month(community, number, stage=ReportStage.RETURNED)
        month(community, number + 3)
    assert asked() == before
