"""A response made void, opened again, given another day; and the list of reasons that staff keep."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from surveys.enums import RoundStage, Stage
from surveys.models import Response, ReturnReason, Round
from surveys.selectors.responses import duties_of
from surveys.services.corrections import move_due_day, reopen_response, void_response
from surveys.services.return_reasons import save_reason
from tests.factories import ResponseFactory
from tests.surveys.scenes import awaiting_review
from tests.surveys.verdicts import RETURN, give


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2024-03-20 09:00"):
        yield


@pytest.fixture
def response(community) -> Response:
    return awaiting_review(community)


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


def page(response, name):
    return reverse(f"surveys:review_{name}", args=[response.reference])


def admin_page(response):
    return reverse("admin:surveys_response_change", args=[response.pk])


# --- void and open again ----------------------------------------------------------------------------------


def test_void_keeps_everything_and_says_why(response, office, li) -> None:
    void_response(response=response, reason=" 重复填报 ", by=office)
    step = response.stage_changes.get()
    assert (response.stage, step.note, response.submissions.count()) == (Stage.VOID, "重复填报", 1)
    assert AuditEntry.objects.get(action="response.void").reason == "重复填报"
    assert duties_of(li) == []


def test_what_was_never_begun_can_be_made_void_too(community, office) -> None:
    response = ResponseFactory(community=community)
    assert void_response(response=response, reason="已撤并", by=office).stage == Stage.VOID


@pytest.mark.parametrize("service", [void_response, reopen_response])
def test_both_need_a_reason(community, office, service) -> None:
    response = awaiting_review(community, stage=Stage.VOID)
    with pytest.raises(Refused) as refused:
        service(response=response, reason="  ", by=office)
    assert refused.value.codes == ["no_reason"]


def test_opened_again_it_is_written_on_as_another_version_until_its_own_day(response, office, li) -> None:
    void_response(response=response, reason="误填", by=office)
    reopen_response(response=response, reason="恢复", due_on=dt.date(2024, 4, 10), by=office)
    assert (response.stage, response.version, response.return_due_on) == (
        Stage.DRAFT,
        2,
        dt.date(2024, 4, 10),
    )
    Round.objects.update(stage=RoundStage.CLOSED)
    with clock.frozen("2024-04-10 23:00"):
        assert [(duty.is_owed, duty.due_on) for duty in duties_of(li)] == [(True, dt.date(2024, 4, 10))]
    with clock.frozen("2024-04-11 00:00"):
        assert [duty.is_shut for duty in duties_of(li)] == [True]


def test_opened_again_without_a_day_it_follows_the_round(response, office) -> None:
    void_response(response=response, reason="误填", by=office)
    reopen_response(response=response, reason="恢复", by=office)
    assert (response.stage, response.return_due_on) == (Stage.DRAFT, None)


def test_a_day_that_has_passed_opens_nothing(response, office) -> None:
    void_response(response=response, reason="误填", by=office)
    with pytest.raises(Refused) as refused:
        reopen_response(response=response, reason="恢复", due_on=dt.date(2024, 3, 20), by=office)
    response.refresh_from_db()
    assert (refused.value.codes, response.stage) == (["past_due"], Stage.VOID)


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "leadership", "stranger"])
def test_only_reviewers_correct(response, office, who, request) -> None:
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        void_response(response=response, reason="误填", by=person)
    give(RETURN, response, office)
    with pytest.raises(PermissionDenied):
        move_due_day(response=response, due_on=dt.date(2024, 4, 10), by=person)
    void_response(response=response, reason="误填", by=office)
    with pytest.raises(PermissionDenied):
        reopen_response(response=response, reason="恢复", by=person)


# --- the pages --------------------------------------------------------------------------------------------


def links(client, response):
    """What the response's page in the admin leads to."""
    text = client.get(admin_page(response)).content.decode()
    return [name for name in ("void", "reopen", "due_day") if page(response, name) in text]


def test_the_response_offers_what_is_possible_with_it(reviewer, response, office) -> None:
    assert links(reviewer, response) == ["void"]
    give(RETURN, response, office)
    assert links(reviewer, response) == ["void", "due_day"]
    void_response(response=response, reason="误填", by=office)
    assert links(reviewer, response) == ["reopen"]


def test_the_leadership_is_offered_nothing(client, response, leadership) -> None:
    client.force_login(leadership)
    assert links(client, response) == []
    for name in ("void", "reopen", "due_day"):
        assert client.get(page(response, name)).status_code == 403
        assert client.post(page(response, name), {"reason": "误填"}).status_code == 403
    response.refresh_from_db()
    assert response.stage == Stage.UPLOADED


@pytest.mark.parametrize("who", ["li", "wang", "expert", "stranger"])
def test_nobody_outside_the_association_enters(client, response, who, request) -> None:
    client.force_login(request.getfixturevalue(who))
    for name in ("void", "reopen", "due_day"):
        assert client.post(page(response, name), {"reason": "误填"}, follow=True).status_code in {403, 405}
    response.refresh_from_db()
    assert response.stage == Stage.UPLOADED


def test_void_and_back_through_the_pages(reviewer, response) -> None:
    sent = reviewer.post(page(response, "void"), {"reason": "误填"})
    assert sent.url == admin_page(response)
    assert "筼筜街道：已作废。" in reviewer.get(sent.url).content.decode()
    again = reviewer.post(page(response, "void"), {"reason": "误填"})
    assert (again.status_code, "当前状态下不能进行这一步" in again.content.decode()) == (422, True)
    reviewer.post(page(response, "reopen"), {"reason": "恢复", "due_on": "2024-04-10"})
    response.refresh_from_db()
    assert (response.stage, str(response.return_due_on)) == (Stage.DRAFT, "2024-04-10")


def test_what_cannot_be_handed_in_is_said_before_it_is_opened(reviewer, community) -> None:
    response = ResponseFactory(community=community, stage=Stage.VOID)
    warning = "须重新开放本次调查，单位才能提交"
    assert warning not in reviewer.get(page(response, "reopen")).content.decode()
    Round.objects.update(stage=RoundStage.CLOSED)
    assert warning in reviewer.get(page(response, "reopen")).content.decode()


def test_a_page_without_a_reason_says_so_at_the_field(reviewer, response) -> None:
    answer = reviewer.post(page(response, "void"), {"reason": " "})
    assert answer.status_code == 422
    assert '<a href="#id_reason">' in answer.content.decode()


def test_another_day_through_the_page(reviewer, response, office) -> None:
    give(RETURN, response, office)
    shown = reviewer.get(page(response, "due_day")).content.decode()
    assert 'value="2024-04-03"' in shown
    assert reviewer.post(page(response, "due_day"), {"due_on": "2024-03-20"}).status_code == 422
    reviewer.post(page(response, "due_day"), {"due_on": "2024-04-24"})
    response.refresh_from_db()
    assert str(response.return_due_on) == "2024-04-24"


# --- the list of reasons ----------------------------------------------------------------------------------

REASON = {"about": "answers", "text_zh": "请附上文件。", "text_en": "", "position": "0", "is_active": "on"}


def test_staff_add_a_reason_without_thinking_of_a_code(reviewer, office) -> None:
    reviewer.post(reverse("admin:surveys_returnreason_add"), REASON)
    added = ReturnReason.objects.get(text_zh="请附上文件。")
    assert (added.code, added.position) == ("answers-16", 8)
    assert AuditEntry.objects.get(action="return_reason.create").actor_id == office.pk


def test_a_reason_is_hidden_and_never_deleted(reviewer) -> None:
    reason = ReturnReason.objects.get(code="empty")
    changed = {**REASON, "text_zh": reason.text_zh, "position": "1", "is_active": ""}
    reviewer.post(reverse("admin:surveys_returnreason_change", args=[reason.pk]), changed)
    reason.refresh_from_db()
    assert (reason.is_active, reason.code) == (False, "empty")
    deletion = reverse("admin:surveys_returnreason_delete", args=[reason.pk])
    assert reviewer.post(deletion, {"post": "yes"}).status_code == 403


def test_what_a_reason_speaks_of_stays(reviewer) -> None:
    reason = ReturnReason.objects.get(code="empty")
    changed = {**REASON, "about": "copy", "text_zh": "改过的原因。"}
    reviewer.post(reverse("admin:surveys_returnreason_change", args=[reason.pk]), changed)
    reason.refresh_from_db()
    assert (reason.about, reason.text_zh) == ("answers", "改过的原因。")


def test_the_leadership_reads_the_list_and_does_not_change_it(client, leadership) -> None:
    client.force_login(leadership)
    reason = ReturnReason.objects.get(code="empty")
    assert client.get(reverse("admin:surveys_returnreason_changelist")).status_code == 200
    url = reverse("admin:surveys_returnreason_change", args=[reason.pk])
    assert client.post(url, REASON).status_code == 403
    with pytest.raises(PermissionDenied):
        save_reason(reason=reason, by=leadership)
