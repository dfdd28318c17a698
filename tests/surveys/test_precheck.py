"""Rounds that check answers before sealing, and forms without a seal: no print before its time, no word of a seal."""

import pytest

from core import clock
from documents.models import Run
from notices import emails
from notices.models import Notice
from surveys.enums import Stage
from surveys.models import QuestionnaireEdition, Response, Round, Submission
from surveys.selectors.timelines import timeline
from surveys.services.reviews import Verdict
from surveys.services.verdicts import Decision
from tests.surveys.rounds import asked, check_values, fill_in
from tests.surveys.verdicts import CLEAR, RETURN, give


@pytest.fixture(autouse=True)
def february(monkeypatch):
    """Before the deadline; nobody makes prints here."""
    monkeypatch.setattr("documents.services._bells", [])
    with clock.frozen("2024-02-21 10:58"):
        yield


@pytest.fixture
def as_li(client, li):
    client.force_login(li)
    return client


@pytest.fixture
def response(community, li) -> Response:
    return fill_in(asked(community, has_precheck=True), li)


@pytest.fixture
def unsealed(response) -> Response:
    """The same form, which needs no seal."""
    QuestionnaireEdition.objects.update(needs_sealed_copy=False)
    Round.objects.update(has_precheck=False)
    return response


def url(response, page="receipt"):
    return f"/portal/responses/{response.reference}/{page}/"


def hand_in(client, response) -> Response:
    assert client.post(url(response, "submit"), check_values(client, response)).status_code == 302
    response.refresh_from_db()
    return response


def read(client, response, page="receipt"):
    return client.get(url(response, page)).content.decode()


# --- checked before sealing -------------------------------------------------------------------------------


def test_handing_in_makes_no_print_and_offers_none(as_li, response) -> None:
    hand_in(as_li, response)
    page = read(as_li, response)
    assert (response.stage, Run.objects.count()) == (Stage.TO_CHECK, 0)
    assert "请先不要打印和盖章，核对通过后会通知您。" in page
    for words in ("打印件", "拍照上传", "签字、盖章、写日期"):
        assert words not in page


def test_nobody_gets_a_print_by_its_address_before_the_answers_are_cleared(as_li, response) -> None:
    hand_in(as_li, response)
    as_li.post(url(response, "print/1/again"))
    assert Run.objects.count() == 0
    assert "打印件" not in read(as_li, response, "print/1/state")


def test_what_was_handed_in_can_be_read_until_there_is_a_print(as_li, response, office) -> None:
    hand_in(as_li, response)
    page = read(as_li, response, "check")
    assert ("计划2024年下半年完成自评" in page, "确认提交" in page) == (True, False)
    assert url(response, "check") in read(as_li, response)
    give(CLEAR, response, office)
    assert as_li.get(url(response, "check")).url == url(response)


def test_before_handing_in_the_page_says_what_comes_next(as_li, response) -> None:
    page = read(as_li, response, "check")
    assert "下一步：协会核对内容 → 打印 → 签字、盖章、写日期 → 拍照上传" in page


def test_the_receipt_by_mail_asks_to_wait(as_li, response) -> None:
    hand_in(as_li, response)
    text = emails.render(Notice.objects.mails().get()).text
    assert "请先不要打印和盖章" in text
    assert "2024年2月29日" not in text


def test_cleared_answers_are_printed_and_the_unit_is_told(as_li, response, office) -> None:
    hand_in(as_li, response)
    give(CLEAR, response, office)
    notice = Notice.objects.mails().get(kind="answers_cleared")
    assert [run.parameters for run in Run.objects.all()] == [{"submission": Submission.objects.get().pk}]
    assert "正在生成打印件。" in read(as_li, response)
    assert "请于2024年2月29日前上传盖章件" in emails.render(notice).text


def test_the_mail_names_no_day_that_has_passed(as_li, response, office) -> None:
    hand_in(as_li, response)
    with clock.frozen("2024-03-05"):
        give(CLEAR, response, office)
    assert "deadline" not in Notice.objects.mails().get(kind="answers_cleared").context


def test_what_comes_back_before_sealing_is_checked_again(as_li, response, office) -> None:
    hand_in(as_li, response)
    give(RETURN, response, office)
    ahead = [step["title"] for step in timeline(response, []) if "state" not in step]
    assert ahead == ["协会核对内容", "打印、签字、盖章", "协会审核", "通过"]
    hand_in(as_li, response)
    assert (response.stage, response.version, Run.objects.count()) == (Stage.TO_CHECK, 2, 0)


def test_the_steps_name_the_check(as_li, response) -> None:
    hand_in(as_li, response)
    steps = [(step["word"], step["state"]) for step in as_li.get(url(response)).context["steps"]]
    assert [state for _word, state in steps] == ["done", "now", "", "", ""]
    assert steps[1][0] == "核对"


# --- without a seal ---------------------------------------------------------------------------------------


def test_a_form_without_a_seal_speaks_of_none(as_li, unsealed, office) -> None:
    assert "下一步：协会审核填报内容，不需要盖章" in read(as_li, unsealed, "check")
    hand_in(as_li, unsealed)
    give(Verdict(Decision.ACCEPTED), unsealed, office)
    page = read(as_li, unsealed)
    assert (unsealed.stage, Run.objects.count()) == (Stage.ACCEPTED, 0)
    for words in ("盖章件", "打印", "签字"):
        assert words not in page
    for notice in Notice.objects.mails().all():
        assert "签字" not in emails.render(notice).text


def test_the_steps_without_a_seal_are_three(as_li, unsealed) -> None:
    hand_in(as_li, unsealed)
    steps = [(step["word"], step["state"]) for step in as_li.get(url(unsealed)).context["steps"]]
    assert [state for _word, state in steps] == ["done", "now", ""]


def test_what_comes_back_without_a_seal_is_only_read_again(as_li, unsealed, office) -> None:
    hand_in(as_li, unsealed)
    give(RETURN, unsealed, office)
    assert [step["title"] for step in timeline(unsealed, []) if "state" not in step] == ["协会审核", "通过"]
