"""Every stage × every move × every role: the table says what may happen to a report, and nothing else does."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import RoleCode
from accounts.models import User
from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from projects.enums import ReportStage
from projects.lifecycle.reports import LIFECYCLE, advance
from projects.models import PeriodReport, ReportStageChange, SafetyWork
from tests.factories import MembershipFactory, RoleFactory, UserFactory
from tests.projects.factories import ActivityFactory, PeriodReportFactory, SafetyWorkFactory

MOVES = [move.name for move in LIFECYCLE]
# Whether the unit has its reports checked by a second person says which of two moves leads out of the writing.
SENDING = {("open", "submit"): "submitted", ("returned", "submit"): "submitted"}
CHECKING = {("open", "ask_check"): "to_check", ("returned", "ask_check"): "to_check"}
ALLOWED = {
    ("to_check", "confirm"): "submitted",
    ("to_check", "give_back"): "open",
    ("to_check", "take_back"): "open",
    ("submitted", "take_back"): "open",
    ("submitted", "send_back"): "returned",
    ("submitted", "accept"): "accepted",
    ("accepted", "reopen"): "returned",
}
WRITE = {"submit", "ask_check", "confirm", "give_back", "take_back"}
JUDGE = {"send_back", "accept", "reopen"}
MAY = {
    "liaison": WRITE,
    "clerk": WRITE,
    "authority": JUDGE,
    "case officer": JUDGE,
    "administrator": WRITE | JUDGE,
    "leadership": set(),
    "expert": set(),
    "neighbour": set(),
    "stranger": set(),
}
NOTE = "请补充数据"


@pytest.fixture
def report(community: Community) -> PeriodReport:
    return PeriodReportFactory(community=community, summary="开展了两次演练。")


@pytest.fixture
def people(
    community: Community,
    li: User,
    wang: User,
    office: User,
    administrator: User,
    leadership: User,
    expert: User,
    zhao: User,
    stranger: User,
) -> dict[str, User]:
    clerk = UserFactory()
    MembershipFactory(user=clerk, community=community, role=RoleFactory(code=RoleCode.COMMUNITY_CLERK))
    return {
        "liaison": li,
        "clerk": clerk,
        "authority": wang,
        "case officer": office,
        "administrator": administrator,
        "leadership": leadership,
        "expert": expert,
        "neighbour": zhao,
        "stranger": stranger,
    }


@pytest.mark.parametrize("is_checked", [False, True])
@pytest.mark.parametrize(("stage", "move"), list(itertools.product(ReportStage.values, MOVES)))
def test_a_move_starts_from_its_stages_only(
    report: PeriodReport, stage: str, move: str, is_checked: bool
) -> None:
    SafetyWorkFactory(community=report.community, checks_reports=is_checked)
    PeriodReport.objects.update(stage=stage)
    allowed = ALLOWED | (CHECKING if is_checked else SENDING)
    if (stage, move) in allowed:
        assert advance(report, move, by=None, note=NOTE).stage == allowed[stage, move]
    else:
        with pytest.raises(Refused) as refused:
            advance(report, move, by=None, note=NOTE)
        by_setting = {**dict.fromkeys(CHECKING, "no_check"), **dict.fromkeys(SENDING, "check_first")}
        assert refused.value.codes == [by_setting.get((stage, move), "stage")]
        assert PeriodReport.objects.get().stage == stage


@pytest.mark.parametrize("role", MAY)
def test_each_role_makes_its_moves_and_no_other(
    report: PeriodReport, people: dict[str, User], role: str
) -> None:
    made = set()
    work = SafetyWorkFactory(community=report.community)
    for stage, move in ALLOWED | SENDING | CHECKING:
        SafetyWork.objects.filter(pk=work.pk).update(checks_reports=(stage, move) in CHECKING)
        ReportStageChange.objects.all().delete()
        PeriodReport.objects.update(stage=stage)
        try:
            advance(report, move, by=people[role], note=NOTE)
        except PermissionDenied:
            assert PeriodReport.objects.get().stage == stage
        else:
            made.add(move)
    assert made == MAY[role]


@pytest.mark.parametrize("summary", ["", "  \n"])
def test_a_report_without_words_is_not_sent(community: Community, li: User, summary: str) -> None:
    report = PeriodReportFactory(community=community, summary=summary)
    with pytest.raises(Refused) as refused:
        advance(report, "submit", by=li)
    assert refused.value.codes == ["summary"]


@pytest.mark.parametrize(
    ("stage", "move"), [("submitted", "send_back"), ("accepted", "reopen"), ("to_check", "give_back")]
)
def test_nobody_sends_back_without_a_remark(
    report: PeriodReport, administrator: User, stage: str, move: str
) -> None:
    PeriodReport.objects.update(stage=stage)
    with pytest.raises(Refused) as refused:
        advance(report, move, by=administrator, note=" ")
    assert refused.value.codes == ["note"]


def test_a_move_stands_in_the_history_and_in_the_trail(report: PeriodReport, li: User, wang: User) -> None:
    advance(report, "submit", by=li)
    advance(report, "send_back", by=wang, note=NOTE)
    rows = ReportStageChange.objects.order_by("pk").values_list(
        "move", "from_stage", "to_stage", "by", "note"
    )
    assert list(rows) == [
        ("submit", "open", "submitted", li.pk, ""),
        ("send_back", "submitted", "returned", wang.pk, NOTE),
    ]
    trail = AuditEntry.objects.filter(action__startswith="report.").order_by("pk")
    assert [(entry.action, entry.changes["stage"], entry.reason) for entry in trail] == [
        ("report.submit", ["open", "submitted"], ""),
        ("report.send_back", ["submitted", "returned"], NOTE),
    ]


def test_a_refused_move_leaves_no_trace(report: PeriodReport, li: User) -> None:
    with pytest.raises(Refused):
        advance(report, "take_back", by=li)
    assert (ReportStageChange.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("moment", "is_late"), [("2026-04-05 23:59", False), ("2026-04-06 00:00", True), ("2026-03-28", False)]
)
def test_late_is_what_first_comes_after_the_due_day(
    report: PeriodReport, li: User, moment: str, is_late: bool
) -> None:
    with clock.frozen(moment):
        advance(report, "submit", by=li)
    report.refresh_from_db()
    assert report.is_late is is_late


def test_a_return_never_makes_a_punctual_report_late(report: PeriodReport, li: User, wang: User) -> None:
    with clock.frozen("2026-04-01 09:00"):
        advance(report, "submit", by=li)
    with clock.frozen("2026-04-08"):
        advance(report, "send_back", by=wang, note=NOTE)
    with clock.frozen("2026-04-20"):
        advance(report, "submit", by=li)
        advance(report, "take_back", by=li)
        advance(report, "submit", by=li)
    report.refresh_from_db()
    assert clock.local(report.first_submitted_at).date() == dt.date(2026, 4, 1)
    assert report.is_late is False


def test_what_was_taken_back_was_not_sent(report: PeriodReport, li: User) -> None:
    with clock.frozen("2026-04-01"):
        advance(report, "submit", by=li)
        advance(report, "take_back", by=li)
    assert (report.first_submitted_at, report.is_late) == (None, False)
    with clock.frozen("2026-04-10"):
        advance(report, "submit", by=li)
    assert report.is_late is True


def test_figures_are_frozen_when_the_report_is_sent(report: PeriodReport, li: User) -> None:
    ActivityFactory(community=report.community, people=40)
    advance(report, "submit", by=li)
    ActivityFactory(community=report.community, people=60)
    report.refresh_from_db()
    assert (report.figures["held"], report.figures["people"]) == (1, 40)


def test_figures_are_counted_anew_when_it_is_sent_again(report: PeriodReport, li: User, wang: User) -> None:
    ActivityFactory(community=report.community, people=40)
    advance(report, "submit", by=li)
    advance(report, "send_back", by=wang, note=NOTE)
    ActivityFactory(community=report.community, people=60)
    advance(report, "submit", by=li)
    report.refresh_from_db()
    assert report.figures["people"] == 100
