"""A round is tried out on made-up answers: what is wrong is said in words, and nothing of it stays."""

import copy
import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from communities.models import Community
from core import clock
from core.errors import Refused
from documents import services as documents
from documents.enums import RunState
from documents.models import Run, StoredFile
from notices.models import Notice
from reports.services.rehearsals import recount
from surveys.enums import RoundStage
from surveys.models import Answer, Invitation, Rehearsal, Response, Round, Submission
from surveys.rehearsals import Finding, Level, Respondents, Style
from surveys.selectors.rehearsals import last_rehearsal
from surveys.services import rehearsal_runs, rehearsals
from tests.factories import (
    ANNEX_2,
    CommunityFactory,
    ContactFactory,
    MembershipFactory,
    OfficialNoticeFactory,
    QuestionnaireEditionFactory,
    RoundFactory,
)
from tests.surveys.editions import FIRST
from tests.surveys.rounds import named


@pytest.fixture(autouse=True)
def january():
    with clock.frozen("2024-01-02"):
        yield


def texts(findings) -> list[str]:
    return [finding.text for finding in findings if finding.level != Level.FINE]


# --- the whole rehearsal ------------------------------------------------------------------------------------


SHORT = {"work_now": 300, "plan": 300, "suggestions": 300}


def short_form() -> dict:
    """The form of the notice with little room, so that the longest print takes no time."""
    definition = copy.deepcopy(ANNEX_2)
    for section in definition["sections"]:
        for one in section["questions"]:
            if one["id"] in SHORT:
                one["rules"]["max_length"] = SHORT[one["id"]]
    return definition


@pytest.fixture
def survey_round(community, elsewhere) -> Round:
    for number, unit in enumerate((community, elsewhere, CommunityFactory(name_zh="亦庄")), start=1):
        named(unit, number=360 + number, sequence=number)
    edition = QuestionnaireEditionFactory(definition=short_form())
    return RoundFactory(stage=RoundStage.PREPARING, edition=edition)


def everything() -> dict[str, int]:
    models = (Answer, AuditEntry, Community, Invitation, Notice, Response, Round, StoredFile, Submission)
    return {model.__name__: model.objects.count() for model in models}


def rehearsed(survey_round: Round, by=None) -> list[Finding]:
    run = Run.objects.create(
        handler=rehearsals.REHEARSAL,
        parameters={"round": survey_round.pk, "code": survey_round.code},
        requested_by=by,
    )
    rehearsal_runs.rehearse(run)
    return list(last_rehearsal(survey_round).findings)


@pytest.fixture
def without_prints(monkeypatch):
    monkeypatch.setattr(rehearsal_runs, "_print_findings", lambda _work: [])


def test_a_rehearsal_leaves_its_report_and_nothing_else(
    survey_round, office, django_capture_on_commit_callbacks
) -> None:
    before = everything()
    with django_capture_on_commit_callbacks() as rung:
        found = rehearsed(survey_round, office)
    survey_round.refresh_from_db()
    assert (everything(), survey_round.stage, rung, mail.outbox) == (before, RoundStage.PREPARING, [], [])
    row = Rehearsal.objects.get()
    assert (row.round, row.made_by, row.made_at) == (survey_round, office, clock.now())
    assert [finding.level for finding in found] == sorted(
        [finding.level for finding in found], key=list(Level).index
    )
    assert [finding.text for finding in found if finding.level == Level.ERROR] == []
    said = [finding.text for finding in found]
    assert "将调查 2 个省份的 3 个单位。" in said
    assert "统计与 3 份模拟填报一致。" in said
    assert any("签字盖章处都在第1页" in text for text in said)
    run = Run.objects.get()
    assert (run.done, run.total) == (10, 10)


def test_who_no_mail_reaches_is_named(survey_round, community, elsewhere, without_prints) -> None:
    MembershipFactory(community=community)
    ContactFactory(community=elsewhere, email="a@example.org")
    said = [finding.text for finding in rehearsed(survey_round)]
    assert "1 个单位有账号，能收到邮件；另有 1 个单位登记了电子邮箱。" in said
    assert "1 个单位既没有账号也没有电子邮箱，只能靠函件通知。" in said
    assert last_rehearsal(survey_round).without_address == ["福建省厦门市亦庄"]


def test_what_we_fill_in_against_the_rules_is_found(survey_round, community, without_prints) -> None:
    ContactFactory(community=community, mobile="1380000")
    assert "“工作联系人　手机”有 1 个单位的预填内容不符合规则。" in texts(rehearsed(survey_round))


def test_a_round_that_would_ask_nobody_is_a_fault(survey_round, without_prints) -> None:
    survey_round.audience = {"provinces": ["海南省"]}
    survey_round.save()
    found = rehearsed(survey_round)
    assert [finding.text for finding in found if finding.level == Level.ERROR] == [
        "没有一个单位符合条件，开放后不会有单位收到。"
    ]


def test_a_round_for_prospects_is_rehearsed_without_units(survey_round, without_prints) -> None:
    survey_round.asks = "prospects"
    survey_round.save()
    said = [finding.text for finding in rehearsed(survey_round)]
    assert "不发函件：单位通过公开链接填报。" in said
    assert "127 家模拟单位填完了表，都能提交。" in said


def test_figures_that_do_not_add_up_are_a_fault(survey_round, without_prints) -> None:
    """The counter of the board is given one answer more than was handed in."""
    units = list(rehearsal_runs.audience(survey_round))
    made_up = Respondents(FIRST, today=clock.today(), asked_in=2024)
    answers = [made_up.fill_in(Style.USUAL, {"intends": "applies"}) for _unit in units]
    with rehearsals.undone():
        handed_in = rehearsals._hand_in(survey_round, units, answers)
        assert list(recount(survey_round, 3, handed_in)) == []
        found = list(recount(survey_round, 4, [*handed_in, {"intends": "applies"}]))
    assert "统计对不上：发出单位是 3，应为 4。" in texts(found)
    assert "统计对不上：是否打算申请复评：applies是 3，应为 4。" in texts(found)
    assert Response.objects.count() == 0


def test_a_form_that_cannot_be_printed_is_a_fault(survey_round) -> None:
    definition = short_form() | {"code": "broken"}
    definition["print"]["rows"] = [["no_such_question"]]
    survey_round.edition = QuestionnaireEditionFactory(code="broken", definition=definition)
    survey_round.save()
    found = [finding for finding in rehearsed(survey_round) if finding.level == Level.ERROR]
    assert {finding.code for finding in found} == {"print_failed"}
    assert found[0].text == "调查表印不出来（最短）：KeyError: 'no_such_question'"


def test_a_form_without_seal_is_not_printed(survey_round) -> None:
    definition = short_form() | {"code": "unsealed", "needs_sealed_copy": False}
    survey_round.edition = QuestionnaireEditionFactory(code="unsealed", definition=definition)
    survey_round.save()
    assert "prints" not in [finding.code for finding in rehearsed(survey_round)]


def test_a_rehearsal_asks_as_often_for_forty_units_as_for_three(survey_round, without_prints) -> None:
    """But for the inserts, which the database takes in portions."""
    counted = []
    for further in (0, 37):
        for number in range(further):
            named(CommunityFactory(), number=600 + number, sequence=10 + number)
        with CaptureQueriesContext(connection) as queries:
            found = rehearsed(survey_round)
        counted.append(len([query for query in queries if not query["sql"].startswith("INSERT")]))
    assert "audience" in [finding.code for finding in found if finding.values.get("count") == 40]
    assert counted[0] == counted[1]


# --- asking for it ------------------------------------------------------------------------------------------


def test_it_is_asked_for_by_a_button_and_done_in_the_background(
    client, office, survey_round, without_prints
) -> None:
    client.force_login(office)
    answer = client.post("/admin/rounds/2024/rehearsal/")
    # Here and not by a worker in another process, which knows neither this test's clock nor what it left out.
    assert documents.perform(Run.objects.get().pk)
    assert Run.objects.get().state == RunState.DONE
    run = client.get(answer.url).content.decode()
    assert 'href="/admin/rounds/2024/rehearsal/"' in run
    page = client.get("/admin/rounds/2024/rehearsal/").content.decode()
    assert "没有发现错误。" in page
    assert "3 个单位既没有账号也没有电子邮箱，只能靠函件通知。" in page
    assert AuditEntry.objects.filter(action="round.rehearse", actor_id=office.pk).count() == 1


def test_an_open_round_is_not_rehearsed(survey_round, office) -> None:
    survey_round.stage = RoundStage.OPEN
    survey_round.save()
    with pytest.raises(Refused, match="演练要在调查开放之前进行。"):
        rehearsals.request_rehearsal(survey_round=survey_round, by=office)


def test_only_those_who_manage_rounds_rehearse(survey_round, leadership) -> None:
    with pytest.raises(PermissionDenied):
        rehearsals.request_rehearsal(survey_round=survey_round, by=leadership)


def kept(survey_round: Round, *findings: Finding) -> None:
    Rehearsal.objects.create(
        round=survey_round,
        edition_hash="0" * 64,
        report={
            "of": rehearsal_runs.state_of(survey_round),
            "findings": [finding.stored() for finding in findings],
        },
    )


def opening(client) -> str:
    return client.get("/admin/rounds/2024/open/").content.decode()


def test_after_a_rehearsal_without_fault_the_round_opens_by_one_press(client, office, survey_round) -> None:
    kept(survey_round, Finding(Level.WARNING, "short", {"days": 3}))
    client.force_login(office)
    assert 'name="anyway"' not in opening(client)
    client.post("/admin/rounds/2024/open/")
    assert Round.objects.get().stage == RoundStage.OPEN


@pytest.mark.parametrize("spoil", ["fault", "day", "notice"])
def test_a_fault_or_a_change_since_asks_for_a_tick(client, office, survey_round, spoil) -> None:
    kept(survey_round, *([Finding(Level.ERROR, "nobody")] if spoil == "fault" else []))
    if spoil == "day":
        Round.objects.update(closes_on=dt.date(2024, 4, 30))
    if spoil == "notice":
        Round.objects.update(notice=OfficialNoticeFactory(number="中安健协发〔2026〕3号"))
    client.force_login(office)
    assert 'name="anyway"' in opening(client)
    assert client.post("/admin/rounds/2024/open/").status_code == 422
    assert client.post("/admin/rounds/2024/open/", {"anyway": "on"}).status_code == 302
