"""The staff pages of rounds: rights by role, writes by service, codes shown on demand, states never typed."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from surveys.enums import RoundStage
from surveys.models import Invitation, OfficialNotice, QuestionnaireEdition, Round
from surveys.services import invitations
from tests.factories import (
    ANNEX_2,
    CommunityFactory,
    OfficialNoticeFactory,
    QuestionnaireEditionFactory,
    ResponseFactory,
    RoundFactory,
)
from tests.surveys.rounds import asked, named

PAGES = ("officialnotice", "questionnaireedition", "round", "invitation", "response")


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-01"):
        yield


@pytest.fixture
def staff(client, office):
    client.force_login(office)
    return client


def page(model: str, name: str = "changelist", *args: object) -> str:
    return reverse(f"admin:surveys_{model}_{name}", args=args)


def act(client, model: str, action: str, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page(model), data, follow=True)


@pytest.mark.parametrize("model", PAGES)
def test_lists_open_for_the_office_and_for_nobody_outside(client, office, li, community, model) -> None:
    asked(community)
    client.force_login(li)
    assert client.get(page(model)).status_code in {302, 403}
    client.force_login(office)
    assert client.get(page(model)).status_code == 200


@pytest.mark.parametrize("model", PAGES)
@pytest.mark.parametrize("count", [1, 50])
def test_lists_ask_few_questions_whatever_their_length(
    staff, programme, model, count, django_assert_max_num_queries
) -> None:
    for number in range(count):
        ResponseFactory(community=CommunityFactory(), reference=f"AQ24-{number:04d}-7KHM")
    with django_assert_max_num_queries(14):
        staff.get(page(model))


def test_a_round_is_made_and_opened_by_services(staff, community) -> None:
    named(community)
    notice, edition = OfficialNoticeFactory(), QuestionnaireEditionFactory()
    programme = community.entries.get().programme
    data = {
        "code": "2024", "title_zh": "2024年调查", "title_en": "", "notice": notice.pk, "edition": edition.pk,
        "programme": programme.pk, "opens_on": "2024-01-14", "deadline_on": "2024-02-29", "closes_on": "2024-03-31",
        "asks": "named", "return_days": "14",
    }  # fmt: skip
    staff.post(page("round", "add"), data)
    survey_round = Round.objects.get()
    assert (survey_round.stage, survey_round.created_by.name) == (RoundStage.PREPARING, "周经办")
    looked_at = act(staff, "round", "open", survey_round)
    assert looked_at.redirect_chain[-1][0] == "/admin/rounds/2024/open/"
    staff.post("/admin/rounds/2024/open/", {"anyway": "on"})
    survey_round.refresh_from_db()
    assert (survey_round.stage, survey_round.responses.count()) == (RoundStage.OPEN, 1)
    act(staff, "round", "close", survey_round)
    survey_round.refresh_from_db()
    assert survey_round.stage == RoundStage.CLOSED


def test_a_refusal_of_a_service_is_said_on_the_page(staff, programme) -> None:
    RoundFactory(stage=RoundStage.PREPARING)
    answer = staff.post("/admin/rounds/2024/open/", {"anyway": "on"}, follow=True)
    assert "没有可以调查的已命名社区" in answer.content.decode()


def test_rounds_are_opened_one_by_one(staff, programme) -> None:
    rows = [RoundFactory(code=code, stage=RoundStage.PREPARING) for code in ("2024", "2025")]
    assert "调查要一个一个开放，请只选一个。" in act(staff, "round", "open", *rows).content.decode()


def test_units_of_several_rounds_get_no_time_together(staff, community) -> None:
    rows = [asked(community).invitation, asked(community, code="2025").invitation]
    text = act(staff, "invitation", "extend", *rows).content.decode()
    assert "这些单位属于不同的调查，请只选同一个调查的。" in text


def test_leadership_sees_rounds_and_changes_nothing(client, leadership) -> None:
    survey_round = RoundFactory()
    client.force_login(leadership)
    assert client.get(page("round", "change", survey_round.pk)).status_code == 200
    assert client.post(page("round", "change", survey_round.pk), {"code": "x"}).status_code == 403
    act(client, "round", "close", survey_round)
    survey_round.refresh_from_db()
    assert survey_round.stage == RoundStage.OPEN


def test_a_code_is_shown_on_demand_and_the_look_is_recorded(staff, community, office) -> None:
    invitation = asked(community).invitation
    assert invitations.code_of(invitation) not in staff.get(page("invitation")).content.decode()
    assert (
        invitations.code_of(invitation) in act(staff, "invitation", "show_codes", invitation).content.decode()
    )
    assert AuditEntry.objects.get(action="invitation.show_code").actor_id == office.pk


def test_codes_are_renewed_and_revoked(staff, community) -> None:
    invitation = asked(community).invitation
    act(staff, "invitation", "reissue", invitation)
    act(staff, "invitation", "revoke", invitation)
    invitation.refresh_from_db()
    assert (invitation.generation, invitation.revoked_at) == (2, clock.now())


def test_a_deadline_is_extended_on_the_form(staff, community) -> None:
    invitation = asked(community).invitation
    staff.post(page("invitation", "change", invitation.pk), {"due_on": "2024-03-10"})
    assert Invitation.objects.get().due_on == dt.date(2024, 3, 10)


def test_an_edition_is_written_published_copied_and_then_only_looked_at(staff) -> None:
    staff.post(page("questionnaireedition", "add"), {"definition": json.dumps(ANNEX_2)})
    edition = QuestionnaireEdition.objects.get()
    act(staff, "questionnaireedition", "publish", edition)
    act(staff, "questionnaireedition", "copy", edition)
    assert list(QuestionnaireEdition.objects.order_by("pk").values_list("code", "published_at")) == [
        ("annex2-2024", clock.now()),
        ("annex2-2024-copy1", None),
    ]
    change = page("questionnaireedition", "change", edition.pk)
    assert staff.get(change).status_code == 200
    assert staff.post(change, {"definition": "{}"}).status_code == 403


def test_a_faulty_definition_is_said_with_its_place(staff) -> None:
    definition = json.dumps({**ANNEX_2, "title_zh": ""})
    answer = staff.post(page("questionnaireedition", "add"), {"definition": definition}, follow=True)
    assert "缺少 title_zh。" in answer.content.decode()
    assert QuestionnaireEdition.objects.count() == 0


def test_a_notice_is_kept_with_its_number(staff) -> None:
    data = {
        "number": "中安健协发〔2026〕3号", "title": "关于复评的通知", "issuer": "中国职业安全健康协会",
        "issued_on": "2026-01-14", "body": "请完成。", "addressees": "各单位", "publicity": "public", "contacts": "[]",
    }  # fmt: skip
    staff.post(page("officialnotice", "add"), data)
    assert OfficialNotice.objects.get().number == "中安健协发〔2026〕3号"


def test_the_state_of_a_response_is_only_read(staff, community) -> None:
    response = asked(community)
    change = page("response", "change", response.pk)
    assert response.reference in staff.get(change).content.decode()
    assert staff.post(change, {"stage": "accepted"}).status_code == 403


@pytest.mark.parametrize("query", ["stage__exact=not_started", "is_late__exact=0", "q=筼筜"])
def test_responses_are_found_by_state_lateness_and_name(staff, community, query) -> None:
    response = asked(community)
    assert response.reference in staff.get(f"{page('response')}?{query}").content.decode()


def test_a_code_that_is_taken_is_said_and_no_breakdown(staff) -> None:
    QuestionnaireEditionFactory(code=ANNEX_2["code"])
    answer = staff.post(page("questionnaireedition", "add"), {"definition": json.dumps(ANNEX_2)}, follow=True)
    assert (answer.status_code, QuestionnaireEdition.objects.count()) == (200, 1)
