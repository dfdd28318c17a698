"""The queue and the desk through the door: who may look, who may decide, and that looking changes nothing."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from audit.models import AuditEntry
from core import clock
from surveys.enums import Stage
from surveys.models import RegisterChange, Response, Review, SealedCopy
from surveys.selectors.responses import digest
from surveys.services.reviews import take_up
from tests.factories import CommunityFactory, ContactFactory, RegisterEntryFactory
from tests.surveys.scenes import awaiting_review, left_to_staff, submitted

TICKS = {"signed": "on", "sealed": "on", "dated": "on", "same_version": "on", "legible": "on"}


@pytest.fixture
def response(community):
    return awaiting_review(community)


@pytest.fixture
def reviewer(client, office):
    client.force_login(office)
    return client


def desk(response, name="review", *more):
    return reverse(f"surveys:{name}", args=[response.reference, *more])


def copy_of(response):
    return SealedCopy.objects.get(response=response)


def post(client, response, **fields):
    return client.post(desk(response), {"copy": copy_of(response).pk, **fields})


# --- deciding -------------------------------------------------------------------------------------------


def test_accepting_opens_the_next_one(reviewer, response) -> None:
    following = awaiting_review(CommunityFactory())
    answer = post(reviewer, response, decision="accepted", **TICKS)
    assert answer.url == desk(following)
    response.refresh_from_db()
    assert response.stage == Stage.ACCEPTED


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


def test_taking_up_is_a_press_of_its_own(reviewer, response, office) -> None:
    reviewer.post(desk(response, "review_take"))
    response.refresh_from_db()
    assert (response.stage, response.reviewer) == (Stage.IN_REVIEW, office)


def test_staff_assign_an_unreadable_page(reviewer, community) -> None:
    response = awaiting_review(community)
    copy = copy_of(response)
    copy.files.filter(pages__page=2).delete()
    page = left_to_staff(copy)
    assert "没有对应的图片" in reviewer.get(desk(response)).content.decode()
    reviewer.post(desk(response, "review_settle", page.pk), {"number": "2"})
    page.refresh_from_db()
    assert (page.match, page.page, page.settled_by) == ("matched", 2, "staff")


# --- looking --------------------------------------------------------------------------------------------


def test_looking_changes_nothing(reviewer, response) -> None:
    before = AuditEntry.objects.count()
    for url in (reverse("surveys:review_queue"), desk(response), desk(response, "register_changes")):
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


def jpeg(width, height):
    target = io.BytesIO()
    Image.new("L", (width, height), 200).save(target, "JPEG")
    return target.getvalue()


def test_a_page_is_shown_as_wide_and_turned_as_asked(reviewer, response) -> None:
    page = copy_of(response).files.first().pages.get()
    page.file.stored.file.save("scan.jpg", io.BytesIO(jpeg(400, 600)))
    answer = reviewer.get(desk(response, "review_page", page.pk), {"turn": "90", "zoom": "9"})
    assert Image.open(io.BytesIO(answer.content)).size == (600, 400)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_original_is_handed_out_closed_up(reviewer, response) -> None:
    file = copy_of(response).files.first()
    file.stored.file.save("scan.jpg", io.BytesIO(b"original"))
    answer = reviewer.get(desk(response, "review_file", file.pk))
    assert b"".join(answer.streaming_content) == b"original"
    assert answer["Content-Security-Policy"].startswith("sandbox")


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


# --- differences to the register --------------------------------------------------------------------------


@pytest.fixture
def accepted(reviewer, community):
    RegisterEntryFactory(community=community)
    response = awaiting_review(community, answers={"address": "厦门市新址"})
    post(reviewer, response, decision="accepted", **TICKS)
    return response


def test_an_acceptance_says_how_many_differences_wait(reviewer, accepted) -> None:
    page = reviewer.get(reverse("surveys:review_queue")).content.decode()
    count = RegisterChange.objects.count()
    assert f"与名录有 {count} 处不同" in page
    assert (
        accepted.reference
        in reviewer.get(reverse("surveys:review_queue"), {"list": "changes"}).content.decode()
    )


@pytest.mark.parametrize(("decision", "state"), [("apply", "applied"), ("dismiss", "dismissed")])
def test_one_difference_at_a_time(reviewer, accepted, community, decision, state) -> None:
    change = RegisterChange.objects.get(field="community.address")
    sent = {"decision": decision, "seen": digest(change.old_value)}
    reviewer.post(desk(accepted, "register_change_decide", change.pk), sent)
    change.refresh_from_db()
    community.refresh_from_db()
    assert change.state == state
    assert community.address == ("厦门市新址" if decision == "apply" else "")
    assert RegisterChange.objects.filter(state="open").count() == RegisterChange.objects.count() - 1


def test_the_leadership_sees_differences_and_settles_none(client, accepted, leadership) -> None:
    client.force_login(leadership)
    change = RegisterChange.objects.get(field="contact.liaison.mobile")
    page = client.get(desk(accepted, "register_changes")).content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page
    url = desk(accepted, "register_change_decide", change.pk)
    assert client.post(url, {"decision": "apply"}).status_code == 403


def test_a_difference_is_settled_only_under_its_own_response(reviewer, accepted) -> None:
    other = awaiting_review(CommunityFactory())
    change = RegisterChange.objects.get(field="community.address")
    assert reviewer.post(desk(other, "register_change_decide", change.pk)).status_code == 404


# --- how much it costs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 50])
def test_the_queue_asks_the_database_as_often_for_many(
    reviewer, office, django_assert_num_queries, count
) -> None:
    for _ in range(count):
        take_up(response=awaiting_review(CommunityFactory()), by=office)
    assert Response.objects.awaiting_review().count() == count
    with django_assert_num_queries(7):
        reviewer.get(reverse("surveys:review_queue"))


@pytest.mark.parametrize("count", [1, 50])
def test_the_desk_asks_the_database_as_often_for_many(reviewer, django_assert_num_queries, count) -> None:
    response = awaiting_review(CommunityFactory(), pages=count)
    for _ in range(count - 1):
        awaiting_review(CommunityFactory(), pages=1)
    with django_assert_num_queries(17):
        reviewer.get(desk(response))
