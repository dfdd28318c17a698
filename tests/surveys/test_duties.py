"""What is owed stands on the first page; returned work opens on the marked questions only."""

import pytest

from core import clock
from surveys.enums import Decision
from surveys.lifecycle import advance
from surveys.models import Remark, Response, Review
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.submissions import content_of, submit_response
from tests.factories import CommunityFactory, MembershipFactory
from tests.surveys.prints import ANSWERS
from tests.surveys.rounds import asked, autosave, fill_in, named, opened, write


@pytest.fixture(autouse=True)
def february():
    with clock.frozen("2024-02-21 10:32"):
        yield


@pytest.fixture
def response(community) -> Response:
    return asked(community)


@pytest.fixture
def url(response) -> str:
    return f"/portal/responses/{response.reference}/"


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


# --- duties -------------------------------------------------------------------------------------------------


def test_the_duty_says_what_is_owed_by_when_and_what_is_done(as_li, li, response, url) -> None:
    write(response, li, "plan", "计划")
    page = as_li.get("/portal/").content.decode()
    for words in (
        "国际安全社区认证和复评调查表",
        "还有 8 天",
        "2024年2月29日（周四）前",
        "草稿",
        "已填 2 / 16 项",
        "继续填写",
        url,
    ):
        assert words in page


def test_nobody_sees_the_duties_of_others(client, zhao, response, url) -> None:
    client.force_login(zhao)
    page = client.get("/portal/").content.decode()
    assert (url in page, "现在没有待办" in page) == (False, True)


@pytest.mark.parametrize("count", [1, 50])
def test_duties_ask_few_questions_whatever_their_number(
    client, li, community, programme, count, django_assert_max_num_queries
) -> None:
    for number in range(count):
        mine = named(CommunityFactory(), number=600 + number, sequence=number)
        MembershipFactory(user=li, community=mine)
    opened()
    client.force_login(li)
    with django_assert_max_num_queries(12):  # surveys, reports, shortcomings, injury data
        page = client.get("/portal/")
    assert page.content.decode().count('class="duty"') == count


# --- returned -----------------------------------------------------------------------------------------------


@pytest.fixture
def returned(response, li, office) -> Response:
    """Handed in, and one answer came back."""
    fill_in(response, li)
    digest = content_of(questionnaire(response.round.edition), selectors.answer_rows(response))[1]
    submission = submit_response(response=response, by=li, submission_key="k1", seen_hash=digest)
    response.refresh_from_db()
    advance(response, "send_copy", by=li)
    advance(response, "begin_review", by=office)
    review = Review.objects.create(
        response=response, submission=submission, decision=Decision.ANSWERS_RETURNED, decided_by=office
    )
    Remark.objects.create(
        response=response, review=review, question="plan", text="请写明复评年份", old_value=ANSWERS["plan"]
    )
    advance(response, "return_answers", by=office)
    return response


def test_returned_work_opens_on_the_marked_questions_with_remark_and_old_answer(as_li, returned, url) -> None:
    page = as_li.get(url)
    text = page.content.decode()
    assert [field.question.id for field in page.context["sheet"].fields] == ["plan"]
    assert "请写明复评年份" in text
    assert text.count(ANSWERS["plan"]) == 2
    assert "协会退回 1 处，其他内容不用重填。" in text


def test_only_marked_questions_can_be_changed(as_li, returned) -> None:
    refused = autosave(as_li, returned, "work_now", "改写")
    assert (refused.status_code, refused.json()["sentence"]) == (
        422,
        "这一项没有退回，只能修改有意见的内容。",
    )
    assert autosave(as_li, returned, "plan", "2025年复评").status_code == 200


def test_returned_work_stands_first_among_the_duties(as_li, returned) -> None:
    page = as_li.get("/portal/").content.decode()
    assert "协会退回 <b>1 处</b>" in page
    assert "国际安全社区认证和复评工作计划" in page


def test_returned_work_may_be_mended_after_the_round_has_closed(as_li, returned) -> None:
    with clock.frozen("2024-05-01"):
        assert autosave(as_li, returned, "plan", "2025年复评").status_code == 200
