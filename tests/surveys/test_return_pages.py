"""Returning at the desk: reasons chosen or typed, pages wanted again, the day, and a page that is stale."""

import re

import pytest

from core import clock
from surveys.enums import Stage
from surveys.models import Response, ReturnReason, Review, SealedCopy
from tests.factories import RoundFactory
from tests.surveys.desks import TICKS, copy_of, desk, post
from tests.surveys.scenes import awaiting_review
from tests.surveys.verdicts import NEW_COPY, give


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


# --- reasons and the day --------------------------------------------------------------------------------


def plan_remark(client, response, **fields):
    answer = post(client, response, decision="answers_returned", **{"mark-plan": "on", **fields})
    assert answer.status_code == 302
    return response.remarks.get()


def reason(code):
    return ReturnReason.objects.get(code=code)


VAGUE = "计划不明确，请写明计划年份和主要步骤。"


@pytest.mark.parametrize(
    ("words", "whole", "text"),
    [
        ("", "", VAGUE),
        ("写到月。", "", f"{VAGUE}\n写到月。"),
        ("", "1", VAGUE),
        ("计划不明确，请写明计划年份。", "1", "计划不明确，请写明计划年份。"),
        ("请写到\r\n月。", "1", "请写到\n月。"),
    ],
)
def test_a_chosen_reason_becomes_the_remark(reviewer, response, words, whole, text) -> None:
    vague = reason("plan_vague")
    fields = {"reason-plan": vague.pk, "remark-plan": words, "whole": whole}
    remark = plan_remark(reviewer, response, **fields)
    assert (remark.text, remark.reason) == (text, vague)


def test_a_hidden_reason_is_offered_no_more_and_taken_from_a_page_that_is_open(reviewer, response) -> None:
    vague = reason("plan_vague")
    assert VAGUE in reviewer.get(desk(response)).content.decode()
    ReturnReason.objects.filter(pk=vague.pk).update(is_active=False)
    assert VAGUE not in reviewer.get(desk(response)).content.decode()
    assert plan_remark(reviewer, response, **{"reason-plan": vague.pk}).reason == vague


@pytest.mark.parametrize("value", ["x", "999999", "copy"])
def test_a_reason_that_is_none_is_refused(reviewer, response, value) -> None:
    value = str(reason("not_sealed").pk) if value == "copy" else value
    fields = {"mark-plan": "on", "remark-plan": "请修改。", "reason-plan": value}
    assert post(reviewer, response, decision="answers_returned", **fields).status_code == 422
    assert Review.objects.count() == 0


def test_a_copy_goes_back_with_reason_pages_and_day(reviewer, response) -> None:
    not_sealed = reason("not_sealed")
    fields = {"note_reason": not_sealed.pk, "note": "只有第1页盖了章。", "bad_pages": ["2"]}
    post(reviewer, response, decision="copy_returned", **fields)
    review = Review.objects.get()
    response.refresh_from_db()
    assert (review.note, review.reason, review.bad_pages) == (
        "没有盖章。\n只有第1页盖了章。",
        not_sealed,
        [2],
    )
    assert (response.stage, str(response.return_due_on)) == (Stage.COPY_RETURNED, "2024-04-10")


@pytest.mark.parametrize("number", ["0", "3", "x"])
def test_a_page_that_the_form_has_not_is_refused(reviewer, response, number) -> None:
    answer = post(reviewer, response, decision="copy_returned", note="没有盖章。", bad_pages=[number])
    assert (answer.status_code, Review.objects.count()) == (422, 0)


def test_the_day_is_proposed_by_the_round(reviewer, community) -> None:
    response = awaiting_review(community, round=RoundFactory(code="slow", return_days=30))
    page = reviewer.get(desk(response)).content.decode()
    assert re.search(r'<input type="date" name="due_on" value="2024-04-19"[^>]*min="2024-03-21"', page)


@pytest.mark.parametrize(
    ("due_on", "sentence"),
    [
        ("", "请填写退回后截止日期。"),
        ("2024-03-20", "请选择今天以后的日期。"),
        ("2204-04-10", "请选择一年以内的日期。"),
        ("10.4.", "输入一个有效的日期。"),
    ],
)
def test_a_day_that_cannot_be_is_said_at_its_place(reviewer, response, due_on, sentence) -> None:
    fields = {"mark-plan": "on", "remark-plan": "请修改。", "due_on": due_on}
    answer = post(reviewer, response, decision="answers_returned", **fields)
    page = answer.content.decode()
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert f'<a href="#id_due_on">退回后截止日期：{sentence}</a>' in page
    assert "data-return-panel open" in page
    assert "请修改。</textarea>" in page


def test_accepting_asks_for_no_day(reviewer, response) -> None:
    assert post(reviewer, response, decision="accepted", due_on="", **TICKS).status_code == 302


def test_a_page_that_is_stale_shows_the_new_copy_and_loses_no_word(reviewer, response, office) -> None:
    old = copy_of(response)
    give(NEW_COPY, response, office)
    new = SealedCopy.objects.create(
        response=response, submission=old.submission, number=2, sent_at=clock.now()
    )
    Response.objects.update(stage=Stage.UPLOADED)
    fields = {"copy": old.pk, "decision": "answers_returned", "mark-plan": "on", "remark-plan": "写清楚"}
    answer = post(reviewer, response, signed="on", **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "填报单位已另外上传了盖章件" in page
    assert f'name="copy" value="{new.pk}"' in page
    assert "写清楚</textarea>" in page
    assert 'name="signed" id="id_signed" checked' not in page
