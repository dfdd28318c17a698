"""Review: one decision with its five ticks, remarks that are needed, and the second reviewer who is told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from communities.services.members import end_membership
from core import clock
from core.errors import Refused
from notices import kinds
from notices.models import Notice
from surveys.enums import Decision, Stage
from surveys.models import Remark, Review, SealedCopy
from surveys.selectors import reviews as selectors
from surveys.selectors.reviews import QueueFilter
from surveys.services import copies
from surveys.services.reviews import Ticks, Verdict, decide, take_up
from tests.factories import CommunityFactory, UserFactory, staff_user
from tests.surveys.scenes import awaiting_review, left_to_staff, picture, submitted

ALL = Ticks(signed=True, sealed=True, dated=True, same_version=True, legible=True)
ACCEPT = Verdict(Decision.ACCEPTED, ALL)
RETURN = Verdict(Decision.ANSWERS_RETURNED, remarks={"plan": "请写明牵头部门。"})
NEW_COPY = Verdict(Decision.COPY_RETURNED, note="第2页没有盖章。")


@pytest.fixture
def response(community):
    return awaiting_review(community)


def copy_of(response):
    return SealedCopy.objects.get(response=response, sent_at__isnull=False)


def give(verdict, response, by):
    return decide(response=response, seen_copy=copy_of(response).pk, verdict=verdict, by=by)


def refusal(verdict, response, by):
    with pytest.raises(Refused) as refused:
        give(verdict, response, by)
    return refused.value.codes


# --- deciding -------------------------------------------------------------------------------------------


def test_all_ticks_accept_a_response(response, office) -> None:
    review = give(ACCEPT, response, office)
    assert (review.decision, review.decided_by) == (Decision.ACCEPTED, office)
    assert (response.stage, response.version) == (Stage.ACCEPTED, 1)


@pytest.mark.parametrize("tick", ["signed", "sealed", "dated", "same_version", "legible"])
def test_four_ticks_are_not_enough(response, office, tick) -> None:
    others = {name: name != tick for name in ("signed", "sealed", "dated", "same_version", "legible")}
    assert refusal(Verdict(Decision.ACCEPTED, Ticks(**others)), response, office) == ["ticks"]
    assert Review.objects.count() == 0


def test_the_database_refuses_an_acceptance_without_all_ticks(response, office) -> None:
    submission = response.submissions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            response=response, submission=submission, decision=Decision.ACCEPTED, decided_by=office
        )


def test_what_is_marked_to_be_returned_is_not_accepted(response, office) -> None:
    assert refusal(Verdict(Decision.ACCEPTED, ALL, {"plan": "请修改。"}), response, office) == ["marked"]


def test_a_page_that_nobody_has_assigned_holds_up_the_acceptance(community, office) -> None:
    response = awaiting_review(community)
    copy = copy_of(response)
    copy.files.filter(pages__page=2).delete()
    page = left_to_staff(copy)
    assert refusal(ACCEPT, response, office) == ["missing_page"]
    copies.settle_page_by_staff(page=page, number=2, by=office)
    assert give(ACCEPT, response, office).decision == Decision.ACCEPTED


def test_returned_answers_raise_the_version_and_carry_remarks(response, office) -> None:
    give(RETURN, response, office)
    remark = Remark.objects.get()
    assert (response.stage, response.version) == (Stage.RETURNED, 2)
    assert (remark.question, remark.text) == ("plan", "请写明牵头部门。")
    assert remark.old_value == response.submissions.get().answers["plan"]


@pytest.mark.parametrize(
    ("remarks", "codes"),
    [
        ({}, ["nothing_marked"]),
        ({"plan": "  "}, ["no_remark"]),
        ({"plan": "", "email": ""}, ["no_remark", "no_remark"]),
        ({"nonsense": "请修改。"}, ["no_such_question"]),
        ({"plan": "长" * 1001}, ["long"]),
    ],
)
def test_returning_answers_needs_a_remark_on_each(response, office, remarks, codes) -> None:
    assert refusal(Verdict(Decision.ANSWERS_RETURNED, remarks=remarks), response, office) == codes
    assert Remark.objects.count() == 0


def test_a_returned_copy_keeps_the_version(response, office) -> None:
    review = give(NEW_COPY, response, office)
    assert (response.stage, response.version, review.note) == (Stage.COPY_RETURNED, 1, "第2页没有盖章。")


def test_returning_a_copy_needs_a_note(response, office) -> None:
    assert refusal(Verdict(Decision.COPY_RETURNED, note=" "), response, office) == ["no_note"]


def test_after_return_and_new_submission_the_old_print_is_another_version(response, office, li) -> None:
    give(RETURN, response, office)
    type(response).objects.filter(pk=response.pk).update(stage=Stage.SUBMITTED)
    old = response.submissions.get()
    new = type(old).objects.create(
        response=response, version=2, answers=old.answers, content_hash="a" * 64, print_pages=2
    )
    response.refresh_from_db()
    copy = copies._begun_copy(response)
    picture(copy, 1, code_read=copy_of(response).files.first().pages.get().code_read)
    copies._match_again(copy)
    page = copy.files.get().pages.get()
    assert (copy.submission, page.match) == (new, "other_version")


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.UPLOADED, Stage.IN_REVIEW}))
@pytest.mark.parametrize("verdict", [ACCEPT, RETURN, NEW_COPY], ids=lambda verdict: verdict.decision)
def test_only_what_awaits_review_is_decided(community, office, stage, verdict) -> None:
    response = awaiting_review(community, stage=stage)
    assert refusal(verdict, response, office) == ["stage"]


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "expert", "leadership", "stranger"])
def test_only_reviewers_decide(response, who, request) -> None:
    person = request.getfixturevalue(who)
    for verdict in (ACCEPT, RETURN, NEW_COPY):
        with pytest.raises(PermissionDenied):
            give(verdict, response, person)
    with pytest.raises(PermissionDenied):
        take_up(response=response, by=person)


# --- two reviewers --------------------------------------------------------------------------------------


def test_the_second_reviewer_is_told_who_decided_when(response, office, administrator) -> None:
    with clock.frozen("2024-02-23 10:32"):
        give(ACCEPT, response, office)
    with pytest.raises(Refused) as refused:
        give(RETURN, response, administrator)
    assert str(refused.value) == "周经办已于2024年2月23日 10:32作出决定：通过。您的决定没有保存。"
    assert Review.objects.count() == 1


def test_a_copy_that_came_meanwhile_is_not_decided_unseen(response, office) -> None:
    with pytest.raises(Refused) as refused:
        decide(response=response, seen_copy=None, verdict=ACCEPT, by=office)
    assert refused.value.codes == ["other_copy"]


def test_taking_up_says_who_has_it(response, office, administrator) -> None:
    take_up(response=response, by=office)
    take_up(response=response, by=office)
    assert (response.stage, response.reviewer) == (Stage.IN_REVIEW, office)
    with pytest.raises(Refused) as refused:
        take_up(response=response, by=administrator)
    assert str(refused.value) == "周经办正在审核这一份。"


def test_a_colleague_may_still_decide_what_another_took_up(response, office, administrator) -> None:
    take_up(response=response, by=office)
    give(ACCEPT, response, administrator)
    assert response.reviewer == administrator


# --- the unit is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [(ACCEPT, "response_accepted"), (RETURN, "response_returned"), (NEW_COPY, "copy_returned")],
)
def test_the_unit_is_told(response, office, li, wang, verdict, kind) -> None:
    give(verdict, response, office)
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == (kind, li)
    assert "请写明" not in str(notice.context)


def test_a_mail_about_a_return_is_not_wanted_once_it_was_answered(response, office, li) -> None:
    give(RETURN, response, office)
    notice = Notice.objects.get()
    assert kinds.is_still_wanted(notice) is True
    type(response).objects.update(stage=Stage.SUBMITTED)
    assert kinds.is_still_wanted(notice) is False


def test_a_mail_does_not_follow_somebody_who_has_left_the_unit(response, office, li) -> None:
    give(RETURN, response, office)
    end_membership(membership=li.memberships.get(), by=office)
    assert kinds.is_still_wanted(Notice.objects.get()) is False


def test_nobody_is_told_of_a_refused_decision(response, office, li) -> None:
    refusal(Verdict(Decision.ACCEPTED), response, office)
    assert Notice.objects.count() == 0


# --- the queue ------------------------------------------------------------------------------------------


def queue_of(user, chosen=QueueFilter.AWAITING):
    return [row.reference for row in selectors.queue(user, chosen)]


def test_the_longest_waiting_stands_first(office) -> None:
    with clock.frozen("2024-02-22 10:00"):
        later = awaiting_review(CommunityFactory())
    with clock.frozen("2024-02-21 10:00"):
        earlier = awaiting_review(CommunityFactory())
    submitted(CommunityFactory())
    assert queue_of(office) == [earlier.reference, later.reference]


def test_the_lists_and_their_counts_agree(office) -> None:
    mine = awaiting_review(CommunityFactory(), is_late=True)
    awaiting_review(CommunityFactory())
    take_up(response=mine, by=office)
    counts = selectors.queue_counts(office)
    assert counts == {"awaiting": 2, "new": 1, "mine": 1, "late": 1, "changes": 0}
    assert {key: len(queue_of(office, key)) for key in QueueFilter.values} == counts


def test_the_next_one_skips_what_colleagues_decided_meanwhile(office) -> None:
    first, second, third = (awaiting_review(CommunityFactory()) for _ in range(3))
    before = selectors.references_in_queue(office)
    give(ACCEPT, first, office)
    give(ACCEPT, second, office)
    assert selectors.next_after(before, first.reference, office) == third.reference
    give(ACCEPT, third, office)
    assert selectors.next_after(before, third.reference, office) is None


def test_the_last_one_leads_back_to_the_first(office) -> None:
    first, last = awaiting_review(CommunityFactory()), awaiting_review(CommunityFactory())
    before = selectors.references_in_queue(office)
    give(ACCEPT, last, office)
    assert selectors.next_after(before, last.reference, office) == first.reference


def test_nobody_sees_a_queue_beyond_his_reach(response, zhao, wang, stranger) -> None:
    assert queue_of(wang) == [response.reference]
    assert queue_of(zhao) == []
    assert queue_of(stranger) == []


# --- the desk -------------------------------------------------------------------------------------------


def rows_of(response, user):
    fresh = selectors.desk_responses(user).get(pk=response.pk)
    return {row.question.id: row for section in selectors.desk(fresh, user).sections for row in section.rows}


def test_answers_stand_beside_the_register(community, office) -> None:
    response = awaiting_review(community, answers={"community_name": "福建省厦门市筼筜街道"})
    rows = rows_of(response, office)
    assert (rows["community_name"].agreement, rows["plan"].agreement) == ("same", None)
    assert rows["contact_mobile"].agreement == "unknown"


def test_contacts_are_masked_and_the_papers_closed_to_those_without_the_right(response, leadership) -> None:
    rows = rows_of(response, leadership)
    assert rows["contact_mobile"].text == "138****0001"
    assert rows["email"].text == "l***@example.org"
    assert rows["leader_name"].text == "负**"
    assert rows["work_now"].text.startswith("一、组织机构")
    fresh = selectors.desk_responses(leadership).get(pk=response.pk)
    assert selectors.desk(fresh, leadership).pages == ()


def test_the_desk_recalls_what_was_returned_before(community, office) -> None:
    response = awaiting_review(community, answers={"plan": "明年申请。"})
    give(RETURN, response, office)
    type(response).objects.update(stage=Stage.SUBMITTED)
    old = response.submissions.get()
    type(old).objects.create(response=response, version=2, answers=old.answers, content_hash="a" * 64)
    row = rows_of(response, office)["plan"]
    assert (row.earlier.text, row.earlier_text) == ("请写明牵头部门。", "明年申请。")


def test_a_reviewer_of_one_community_reads_its_desk_only(response) -> None:
    other = UserFactory()
    assert not selectors.desk_responses(other).exists()
    assert selectors.desk_responses(staff_user("case_officer")).count() == 1
