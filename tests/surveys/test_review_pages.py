"""The queue and the desk through the door: who may look, who may decide, and that looking changes nothing."""

import re

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from surveys.enums import Stage
from surveys.models import Response, Review
from surveys.services.reviews import take_up
from tests.factories import CommunityFactory, ContactFactory
from tests.surveys.desks import TICKS, copy_of, desk, post
from tests.surveys.scenes import awaiting_review, looked_at_twice, submitted, to_check, without_seal
from tests.surveys.verdicts import PROPOSE, give


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2024-03-20 09:00"):
        yield


@pytest.fixture
def response(community):
    return awaiting_review(community)


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


# --- deciding -------------------------------------------------------------------------------------------


def test_accepting_opens_the_next_one(reviewer, response) -> None:
    following = awaiting_review(CommunityFactory())
    answer = post(reviewer, response, decision="accepted", **TICKS)
    assert answer.url == desk(following)
    response.refresh_from_db()
    assert response.stage == Stage.ACCEPTED


def test_the_next_one_comes_from_the_list_that_is_worked_through(reviewer, response) -> None:
    awaiting_review(CommunityFactory())
    late = awaiting_review(CommunityFactory(), is_late=True)
    Response.objects.filter(pk=response.pk).update(is_late=True)
    answer = reviewer.post(
        f"{desk(response)}?list=late",
        {"version": 1, "copy": copy_of(response).pk, "decision": "accepted", **TICKS},
    )
    assert answer.url == f"{desk(late)}?list=late"
    assert f"{response.community}：已通过" in reviewer.get(answer.url).content.decode()


def test_the_last_one_leads_to_the_empty_queue(reviewer, response) -> None:
    answer = post(reviewer, response, decision="accepted", **TICKS)
    assert answer.url == reverse("surveys:review_queue")
    assert "没有待处理的" in reviewer.get(answer.url).content.decode()


def test_a_missing_tick_is_refused_by_the_server_too(reviewer, response) -> None:
    answer = post(reviewer, response, decision="accepted", **{**TICKS, "dated": ""})
    assert answer.status_code == 422
    assert "通过之前须核对五项" in answer.content.decode()
    assert Review.objects.count() == 0


def test_a_refused_form_keeps_what_was_typed(reviewer, response) -> None:
    answer = post(
        reviewer, response, decision="accepted", signed="on", **{"mark-plan": "on", "remark-plan": "写清楚"}
    )
    page = answer.content.decode()
    assert "写清楚</textarea>" in page
    assert 'name="signed" id="id_signed" checked' in page


def test_answers_return_with_their_remarks(reviewer, response) -> None:
    post(reviewer, response, decision="answers_returned", **{"mark-plan": "on", "remark-plan": "写清楚"})
    response.refresh_from_db()
    assert (response.stage, response.remarks.get().text) == (Stage.RETURNED, "写清楚")


def test_a_remark_without_its_mark_does_not_count(reviewer, response) -> None:
    answer = post(reviewer, response, decision="answers_returned", **{"remark-plan": "写清楚"})
    assert "请至少标记一项要退回的内容。" in answer.content.decode()


def test_a_mark_without_remark_is_said_at_its_question(reviewer, response) -> None:
    answer = post(reviewer, response, decision="answers_returned", **{"mark-plan": "on"})
    assert '<a href="#id_remark-plan">' in answer.content.decode()


def test_a_copy_returns_with_its_note(reviewer, response) -> None:
    post(reviewer, response, decision="copy_returned", note="第2页没有盖章。")
    response.refresh_from_db()
    assert response.stage == Stage.COPY_RETURNED


def test_what_is_wrong_with_a_copy_stands_above_the_receipt(reviewer, response) -> None:
    post(reviewer, response, decision="copy_returned", note="第2页没有盖章。")

    page = reviewer.get(reverse("surveys:receipt", args=[response.reference])).content.decode()

    assert page.index("第2页没有盖章。") < page.index("调查表已提交")


def test_the_second_decision_is_refused_with_who_and_when(reviewer, response, administrator, client) -> None:
    with clock.frozen("2024-02-23 10:32"):
        post(reviewer, response, decision="accepted", **TICKS)
    client.force_login(administrator)
    answer = post(client, response, decision="copy_returned", note="没有盖章。")
    assert answer.status_code == 422
    assert "周经办已于2024年2月23日 10:32作出决定：通过。您的决定没有保存。" in answer.content.decode()


@pytest.mark.parametrize("fields", [{}, {"decision": "archived"}, {"decision": "accepted", "copy": "x"}])
def test_a_form_that_was_tampered_with_decides_nothing(reviewer, response, fields) -> None:
    assert post(reviewer, response, **fields).status_code == 422
    assert Review.objects.count() == 0


# --- what is offered ------------------------------------------------------------------------------------


def buttons(client, response):
    """The decisions that the page has a button for, and what stands on the last one."""
    page = client.get(desk(response)).content.decode()
    found = re.findall(r'name="decision" value="(\w+)"[^>]*>([^<]*)', page)
    return sorted(value for value, _word in found), found[-1][1] if found else ""


@pytest.mark.parametrize(
    ("arrange", "offered", "word"),
    [
        (to_check, ["answers_returned", "cleared"], "核对通过，可以盖章"),
        (lambda unit: to_check(unit, round=without_seal()), ["accepted", "answers_returned"], "通过"),
        (awaiting_review, ["accepted", "answers_returned", "copy_returned"], "通过"),
        (
            lambda unit: awaiting_review(unit, round=looked_at_twice()),
            ["answers_returned", "copy_returned", "proposed"],
            "初核通过，转复核",
        ),
        (lambda unit: submitted(unit).response, [], ""),
    ],
)
def test_each_stage_offers_its_own_buttons(reviewer, community, arrange, offered, word) -> None:
    assert buttons(reviewer, arrange(community)) == (offered, word)


def test_whoever_proposed_is_told_to_leave_it_to_another(client, community, office, administrator) -> None:
    response = awaiting_review(community, round=looked_at_twice())
    give(PROPOSE, response, office)
    client.force_login(office)
    assert "这一份由您初核，须由另一人复核。" in client.get(desk(response)).content.decode()
    assert buttons(client, response)[0] == ["answers_returned", "copy_returned"]
    client.force_login(administrator)
    assert "初核：周经办" in client.get(desk(response)).content.decode()
    assert buttons(client, response)[0] == ["accepted", "answers_returned", "copy_returned"]


@pytest.mark.parametrize(
    ("arrange", "decision", "stage", "said"),
    [
        (to_check, "cleared", Stage.SUBMITTED, "已核对通过，单位可以打印盖章"),
        (
            lambda unit: awaiting_review(unit, round=looked_at_twice()),
            "proposed",
            Stage.SECOND_LOOK,
            "初核已通过",
        ),
        (lambda unit: to_check(unit, round=without_seal()), "accepted", Stage.ACCEPTED, "已通过"),
    ],
)
def test_each_button_leads_where_it_says(
    reviewer, community, monkeypatch, arrange, decision, stage, said
) -> None:
    monkeypatch.setattr("documents.services._bells", [])
    response = arrange(community)
    answer = post(reviewer, response, decision=decision, **TICKS)
    response.refresh_from_db()
    assert response.stage == stage
    assert f"{community}：{said}" in reviewer.get(answer.url).content.decode()


def test_enter_in_a_field_presses_no_button_that_decides(reviewer, response) -> None:
    form = reviewer.get(desk(response)).content.decode().split('id="decision"')[1]
    assert re.search(r"<button[^>]*>", form)[0] == '<button type="submit" hidden disabled>'


# --- looking --------------------------------------------------------------------------------------------


def test_taking_up_is_a_press_of_its_own(reviewer, response, office) -> None:
    reviewer.post(desk(response, "review_take"))
    response.refresh_from_db()
    assert (response.stage, response.reviewer) == (Stage.IN_REVIEW, office)


def test_looking_changes_nothing(reviewer, response) -> None:
    before = AuditEntry.objects.count()
    pages = ("review", "register_changes", "review_void", "review_reopen", "review_due_day")
    for url in (reverse("surveys:review_queue"), *(desk(response, name) for name in pages)):
        assert reviewer.get(url).status_code == 200
    response.refresh_from_db()
    assert (response.stage, response.reviewer, AuditEntry.objects.count()) == (Stage.UPLOADED, None, before)


@pytest.mark.parametrize("name", ["review_take", "review_settle", "register_change_decide"])
def test_what_changes_something_is_never_a_get(reviewer, response, name) -> None:
    more = [] if name == "review_take" else [1]
    assert reviewer.get(desk(response, name, *more)).status_code == 405


def test_the_desk_shows_difference_and_agreement(reviewer, community) -> None:
    ContactFactory(community=community, mobile="13900000009")
    response = awaiting_review(community, answers={"community_name": "厦门市筼筜街道"})
    page = reviewer.get(desk(response)).content.decode()
    assert "与名录一致" in page
    assert "名录为：13900000009" in page


def test_what_was_typed_is_shown_as_text(reviewer, community) -> None:
    response = awaiting_review(community, answers={"plan": "<script>alert(1)</script>𬭎😀"})
    page = reviewer.get(desk(response)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;𬭎😀" in page


def test_a_form_that_was_never_handed_in_has_no_desk(reviewer, community) -> None:
    submission = submitted(community, stage=Stage.DRAFT, first_submitted_at=None)
    assert reviewer.get(desk(submission.response)).status_code == 404


# --- who may --------------------------------------------------------------------------------------------


def test_the_leadership_reads_and_does_not_decide(client, response, leadership) -> None:
    client.force_login(leadership)
    page = copy_of(response).files.first().pages.get()
    assert client.get(desk(response)).status_code == 200
    assert client.get(reverse("surveys:review_queue")).status_code == 200
    assert post(client, response, decision="accepted", **TICKS).status_code == 403
    assert client.post(desk(response, "review_take")).status_code == 403
    assert client.post(desk(response, "review_settle", page.pk), {"number": "1"}).status_code == 403
    assert client.get(desk(response, "review_page", page.pk)).status_code == 403
    assert client.get(desk(response, "review_file", page.file_id)).status_code == 403
    assert Review.objects.count() == 0


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "stranger"])
def test_nobody_outside_the_association_enters(client, response, who, request) -> None:
    client.force_login(request.getfixturevalue(who))
    for url in (reverse("surveys:review_queue"), desk(response), desk(response, "register_changes")):
        assert client.get(url, follow=True).status_code == 403
    post(client, response, decision="accepted", **TICKS)
    assert Review.objects.count() == 0


def test_an_unknown_reference_is_not_found(reviewer, response) -> None:
    assert reviewer.get("/admin/review/AQ24-0000-XXXX/").status_code == 404


# --- how much it costs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 50])
def test_the_queue_asks_the_database_as_often_for_many(
    reviewer, office, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        take_up(response=awaiting_review(CommunityFactory()), by=office)
    assert Response.objects.awaiting_decision().count() == count
    with django_assert_num_queries(7):
        reviewer.get(reverse("surveys:review_queue"))


@pytest.mark.parametrize("count", [1, 50])
def test_the_desk_asks_the_database_as_often_for_many(reviewer, django_assert_num_queries, count) -> None:
    response = awaiting_review(CommunityFactory(), pages=count)
    for _ in range(count - 1):
        awaiting_review(CommunityFactory(), pages=1)
    with django_assert_num_queries(22):
        reviewer.get(desk(response))
