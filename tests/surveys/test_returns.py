"""What goes back to a unit: remarks, reasons of the list, pages wanted again, the day to answer, and the mail."""

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from communities.services.members import end_membership
from core import clock
from core.errors import Refused
from notices import emails, kinds
from notices.models import Notice
from surveys.enums import Decision, ReasonAbout, Stage
from surveys.models import Remark, Response, ReturnReason
from surveys.selectors.responses import duties_of
from surveys.selectors.timelines import timeline
from surveys.services.corrections import move_due_day
from surveys.services.reviews import Ticks, Verdict
from surveys.services.verdicts import REMARK_LENGTH
from tests.surveys.scenes import awaiting_review, to_check, without_seal
from tests.surveys.verdicts import ACCEPT, CLEAR, NEW_COPY, PROPOSE, RETURN, give, refusal


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2024-03-20 09:00"):
        yield


@pytest.fixture
def response(community):
    return awaiting_review(community)


def answers(**fields):
    return Verdict(Decision.ANSWERS_RETURNED, **{"remarks": RETURN.remarks, **fields})


def paper(**fields):
    return Verdict(Decision.COPY_RETURNED, **{"note": "没有盖章。", **fields})


# --- answers ----------------------------------------------------------------------------------------------


def test_returned_answers_raise_the_version_and_carry_remarks(response, office) -> None:
    give(RETURN, response, office)
    remark = Remark.objects.get()
    assert (response.stage, response.version) == (Stage.RETURNED, 2)
    assert (remark.question, remark.text, remark.reason) == ("plan", "请写明牵头部门。", None)
    assert remark.old_value == response.submissions.get().answers["plan"]


@pytest.mark.parametrize(
    ("remarks", "codes"),
    [
        ({}, ["nothing_marked"]),
        ({"plan": "  "}, ["no_remark"]),
        ({"plan": "", "email": ""}, ["no_remark", "no_remark"]),
        ({"nonsense": "请修改。"}, ["no_such_question"]),
        ({"plan": "长" * (REMARK_LENGTH + 1)}, ["long"]),
    ],
)
def test_returning_answers_needs_a_remark_on_each(response, office, remarks, codes) -> None:
    assert refusal(answers(remarks=remarks), response, office) == codes
    assert Remark.objects.count() == 0


def test_a_reason_of_the_list_is_kept_beside_the_words_so_that_it_can_be_counted(response, office) -> None:
    vague = ReturnReason.objects.get(code="plan_vague")
    give(answers(remarks={"plan": f"{vague.text_zh}\n写到年"}, reasons={"plan": vague}), response, office)
    assert [(remark.reason, remark.text) for remark in vague.remarks.all()] == [
        (vague, "计划不明确，请写明计划年份和主要步骤。\n写到年")
    ]


def test_a_reason_about_copies_says_nothing_of_answers(response, office) -> None:
    about_copy = ReturnReason.objects.filter(about=ReasonAbout.COPY).first()
    about_answers = ReturnReason.objects.filter(about=ReasonAbout.ANSWERS).first()
    assert refusal(answers(reasons={"plan": about_copy}), response, office) == ["reason"]
    assert refusal(paper(note_reason=about_answers), response, office) == ["reason"]


# --- the copy ---------------------------------------------------------------------------------------------


def test_a_returned_copy_keeps_the_version(response, office) -> None:
    review = give(NEW_COPY, response, office)
    assert (response.stage, response.version, review.note) == (Stage.COPY_RETURNED, 1, "第2页没有盖章。")


@pytest.mark.parametrize(("note", "code"), [(" ", "no_note"), ("长" * 2001, "long")])
def test_returning_a_copy_needs_a_note(response, office, note, code) -> None:
    assert refusal(paper(note=note), response, office) == [code]


def test_a_returned_copy_says_which_pages_are_wanted_again_and_why(response, office) -> None:
    not_sealed = ReturnReason.objects.get(code="not_sealed")
    review = give(paper(bad_pages=(2, 1, 2), note_reason=not_sealed), response, office)
    review.refresh_from_db()
    assert (review.bad_pages, review.reason) == ([1, 2], not_sealed)


@pytest.mark.parametrize("number", [0, 3])
def test_only_pages_of_the_form_are_wanted_again(response, office, number) -> None:
    assert refusal(paper(bad_pages=(number,)), response, office) == ["no_such_page"]


def test_what_was_typed_about_a_copy_is_not_sent_with_another_decision(response, office) -> None:
    review = give(answers(note="没有盖章。", bad_pages=(1,)), response, office)
    assert (review.note, review.bad_pages, review.reason) == ("", [], None)


# --- the day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [answers, paper])
def test_a_return_has_its_own_day_even_after_closing(response, office, verdict) -> None:
    give(verdict(due_on=dt.date(2024, 4, 10)), response, office)
    response.refresh_from_db()
    assert response.return_due_on == dt.date(2024, 4, 10) > response.round.closes_on
    entry = AuditEntry.objects.get(action="response.set_due_day")
    assert (entry.changes, entry.actor_id) == ({"return_due_on": [None, "2024-04-10"]}, office.pk)


def test_without_a_day_the_round_gives_its_usual_ones(response, office) -> None:
    give(RETURN, response, office)
    assert response.return_due_on == dt.date(2024, 4, 3)


@pytest.mark.parametrize(
    ("due_on", "code"),
    [("2024-03-19", "past_due"), ("2024-03-20", "past_due"), ("2204-04-10", "far_due")],
)
@pytest.mark.parametrize("verdict", [answers, paper])
def test_the_day_lies_ahead_and_within_reason(response, office, verdict, due_on, code) -> None:
    assert refusal(verdict(due_on=dt.date.fromisoformat(due_on)), response, office) == [code]
    response.refresh_from_db()
    assert (response.stage, response.return_due_on) == (Stage.UPLOADED, None)


def test_the_unit_reads_reason_and_day_on_its_first_page(client, response, office, li) -> None:
    give(answers(due_on=dt.date(2024, 4, 10)), response, office)
    client.force_login(li)
    page = client.get("/portal/").content.decode()
    for words in ("请写明牵头部门。", "2024年4月10日（周三）前", "还有 21 天"):
        assert words in page


def test_the_unit_reads_what_is_wrong_with_its_copy_on_its_first_page(client, response, office, li) -> None:
    give(paper(due_on=dt.date(2024, 4, 10)), response, office)
    client.force_login(li)
    page = client.get("/portal/").content.decode()
    assert ("没有盖章。" in page, "2024年4月10日（周三）前" in page) == (True, True)


def test_receipt_and_timeline_name_the_day(client, response, office, li) -> None:
    give(paper(due_on=dt.date(2024, 4, 10)), response, office)
    client.force_login(li)
    page = client.get(reverse("surveys:receipt", args=[response.reference])).content.decode()
    assert page.count("请于2024年4月10日（周三）前完成") == 1
    steps = timeline(response, list(response.stage_changes.order_by("pk")))
    assert [step["note"] for step in steps if step.get("state") == "now"] == ["请于2024年4月10日前完成"]


def test_a_duty_past_its_day_is_shut(response, office, li) -> None:
    give(answers(due_on=dt.date(2024, 4, 10)), response, office)
    with clock.frozen("2024-04-11 00:00"):
        assert [(duty.is_shut, duty.due_on) for duty in duties_of(li)] == [(True, dt.date(2024, 4, 10))]


# --- another day ------------------------------------------------------------------------------------------


def test_staff_give_another_day_and_the_unit_is_told(response, office, li) -> None:
    give(answers(due_on=dt.date(2024, 4, 10)), response, office)
    first = Notice.objects.mails().get()
    move_due_day(response=response, due_on=dt.date(2024, 4, 24), by=office, reason="出差")
    second = Notice.objects.mails().exclude(pk=first.pk).get()
    assert response.return_due_on == dt.date(2024, 4, 24)
    assert (second.kind, second.recipient, second.context["deadline"]) == (first.kind, li, "2024-04-24")
    assert [kinds.is_still_wanted(notice) for notice in (first, second)] == [False, True]
    assert AuditEntry.objects.filter(action="response.set_due_day").latest("pk").reason == "出差"


def test_the_same_day_again_tells_nobody_twice(response, office, li) -> None:
    give(answers(due_on=dt.date(2024, 4, 10)), response, office)
    for _press in range(2):
        move_due_day(response=response, due_on=dt.date(2024, 4, 24), by=office)
    assert Notice.objects.mails().count() == 2
    assert AuditEntry.objects.filter(action="response.set_due_day").count() == 2


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.UPLOADED, Stage.ACCEPTED, Stage.VOID])
def test_only_what_is_with_the_unit_gets_another_day(community, office, stage) -> None:
    response = awaiting_review(community, stage=stage)
    with pytest.raises(Refused) as refused:
        move_due_day(response=response, due_on=dt.date(2024, 4, 24), by=office)
    assert refused.value.codes == ["not_returned"]


# --- the mail ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrange", "verdict", "kind"),
    [
        (awaiting_review, ACCEPT, "response_accepted"),
        (awaiting_review, RETURN, "response_returned"),
        (awaiting_review, NEW_COPY, "copy_returned"),
        (to_check, CLEAR, "answers_cleared"),
    ],
)
def test_the_unit_is_told(community, office, li, wang, monkeypatch, arrange, verdict, kind) -> None:
    monkeypatch.setattr("documents.services._bells", [])
    give(verdict, arrange(community), office)
    notice = Notice.objects.mails().get()
    assert (notice.kind, notice.recipient) == (kind, li)
    assert "请写明" not in str(notice.context)


def test_what_one_reviewer_proposes_to_another_is_no_news_for_the_unit(community, office, li) -> None:
    response = to_check(community, round=without_seal(needs_second_look=True))
    give(PROPOSE, response, office)
    assert Notice.objects.mails().count() == 0


def mail_of(verdict, response, office):
    give(verdict, response, office)
    return emails.render(Notice.objects.mails().get()).text


def test_the_mail_about_a_return_names_the_day(response, office, li) -> None:
    body = mail_of(answers(due_on=dt.date(2024, 4, 10)), response, office)
    assert "请于2024年4月10日前提交修改后的内容。" in body
    assert "之前打印的表格已作废，请重新打印、签字、盖章。" in body


def test_the_mail_about_answers_returned_before_sealing_speaks_of_no_paper(community, office, li) -> None:
    assert "打印" not in mail_of(RETURN, to_check(community), office)


def test_the_mail_about_an_acceptance_without_a_seal_speaks_of_none(community, office, li) -> None:
    assert "盖章" not in mail_of(ACCEPT, to_check(community, round=without_seal()), office)


def test_a_mail_about_a_return_is_not_wanted_once_it_was_answered(response, office, li) -> None:
    give(RETURN, response, office)
    notice = Notice.objects.mails().get()
    assert kinds.is_still_wanted(notice) is True
    Response.objects.update(stage=Stage.SUBMITTED)
    assert kinds.is_still_wanted(notice) is False


def test_a_mail_does_not_follow_somebody_who_has_left_the_unit(response, office, li) -> None:
    give(RETURN, response, office)
    end_membership(membership=li.memberships.get(), by=office)
    assert kinds.is_still_wanted(Notice.objects.mails().get()) is False


def test_nobody_is_told_of_a_refused_decision(response, office, li) -> None:
    refusal(Verdict(Decision.ACCEPTED, Ticks()), response, office)
    assert Notice.objects.mails().count() == 0
