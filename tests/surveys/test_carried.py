"""Pages that need not be sealed twice: after a returned copy, and after returned answers where the round allows it."""

import pytest

from core.dates import format_date_weekday
from core.errors import Refused
from notices import emails
from notices.models import Notice
from surveys.enums import Decision, PageMatch, SettledBy, Stage
from surveys.models import Round, Submission
from surveys.selectors.copies import copy_state
from surveys.services import copies
from surveys.services.copies.locks import begun_copy
from surveys.services.verdicts import Verdict
from tests.factories import SubmissionFactory
from tests.surveys.scenes import code, copy_with, picture, sent, submitted
from tests.surveys.verdicts import RETURN, give

ONE, TWO, THREE, FOUR = (letter * 64 for letter in "abcd")


@pytest.fixture
def submission(community):
    return submitted(community, pages=3)


def returned(copy, by, *bad_pages):
    """The reviewer wants a new copy: these pages of it, or all."""
    verdict = Verdict(Decision.COPY_RETURNED, note="没有盖章。", bad_pages=bad_pages)
    return give(verdict, copy.response, by)


def state(submission):
    submission.response.refresh_from_db()
    return copy_state(submission.response)


def shown(submission):
    """Page → where its picture comes from: this copy, an older version, or nowhere yet."""
    return {
        page.number: (page.carried.version if page.carried else "new") if page.picture else None
        for page in state(submission).printed
    }


def send(submission, by):
    return copies.send_for_review(response=submission.response, by=by)


# --- a returned copy ------------------------------------------------------------------------------------


def test_of_a_returned_copy_only_the_bad_pages_are_wanted_again(submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office, 2)
    assert shown(submission) == {1: 1, 2: None, 3: 1}
    assert (state(submission).wanted, state(submission).missing) == ((2,), (2,))


def test_a_copy_returned_as_a_whole_is_wanted_as_a_whole(submission, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office)
    assert state(submission).missing == (1, 2, 3)


def test_the_new_copy_is_whole_with_the_pages_carried_over(submission, li, office) -> None:
    first = sent(copy_with(submission, 1, 2, 3))
    returned(first, office, 2)
    picture(begun_copy(submission.response), 2)
    second = send(submission, li)
    assert [page.page for page in second.carried_pages.order_by("page")] == [1, 3]
    assert shown(submission) == {1: 1, 2: "new", 3: 1}
    assert first.files.count() == 3


def test_pages_are_carried_through_a_second_return(submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office, 2)
    picture(begun_copy(submission.response), 2)
    returned(send(submission, li), office, 3)
    assert shown(submission) == {1: 1, 2: 1, 3: None}


def test_a_new_picture_of_a_carried_page_is_used_in_its_place(submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office, 2)
    copy = begun_copy(submission.response)
    for number in (1, 2):
        picture(copy, number)
    assert [page.page for page in send(submission, li).carried_pages.all()] == [3]


def test_own_attachments_of_a_returned_copy_are_carried_too(submission, office) -> None:
    copy = copy_with(submission, 1, 2, 3)
    picture(copy, None, match=PageMatch.ATTACHMENT, settled_by=SettledBy.UNIT, page=4)
    returned(sent(copy), office, 1)
    assert [(page.place, page.carried.version) for page in state(submission).attachments] == [(1, 1)]


def test_a_page_nobody_recognised_is_not_carried(submission, office) -> None:
    copy = copy_with(submission, 1, 2)
    picture(copy, None, settled_by=SettledBy.STAFF)
    returned(sent(copy), office, 1)
    assert state(submission).missing == (1, 3)


def test_nothing_uploaded_says_which_pages_are_missing(submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office, 2)
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert [str(reason) for reason in refused.value.reasons] == ["缺第2页。"]


# --- returned answers -----------------------------------------------------------------------------------


def rewritten(community, office, after, *, before=(ONE, TWO, THREE), allowed=True) -> Submission:
    """Version 1 sealed and sent, its answers returned, and version 2 handed in that says ``after``."""
    first = submitted(community, pages=len(before))
    first.page_hashes = list(before)
    first.save()
    Round.objects.update(allows_page_reseal=allowed)
    give(RETURN, sent(copy_with(first, *range(1, len(before) + 1))).response, office)
    response = first.response
    type(response).objects.filter(pk=response.pk).update(stage=Stage.SUBMITTED)
    response.refresh_from_db()
    return SubmissionFactory(
        response=response,
        version=2,
        content_hash="e" * 64,
        print_pages=len(after),
        page_hashes=list(after),
    )


def test_pages_that_say_the_same_keep_their_seal(community, office) -> None:
    second = rewritten(community, office, (FOUR, TWO, THREE))
    assert shown(second) == {1: None, 2: 1, 3: 1}
    assert state(second).wanted == (1,)


def test_where_the_round_does_not_allow_it_every_page_is_sealed_anew(community, office) -> None:
    assert state(rewritten(community, office, (FOUR, TWO, THREE), allowed=False)).missing == (1, 2, 3)


def test_another_number_of_pages_carries_nothing(community, office) -> None:
    assert state(rewritten(community, office, (FOUR, TWO, THREE, ONE))).missing == (1, 2, 3, 4)


def test_prints_of_which_the_pages_are_not_known_carry_nothing(community, office) -> None:
    second = rewritten(community, office, (ONE, TWO))
    Submission.objects.update(page_hashes=[])
    assert state(second).missing == (1, 2)


def test_the_same_answers_again_need_no_paper(community, office, li) -> None:
    second = rewritten(community, office, (ONE, TWO, THREE))
    copy = send(second, li)
    assert (copy.files.count(), copy.carried_pages.count(), second.response.stage) == (0, 3, Stage.UPLOADED)


def test_what_was_sent_stays_when_the_round_is_set_otherwise(community, office, li) -> None:
    second = rewritten(community, office, (FOUR, TWO, THREE))
    picture(begun_copy(second.response), 1)
    send(second, li)
    Round.objects.update(allows_page_reseal=False)
    assert shown(second) == {1: "new", 2: 1, 3: 1}


def test_a_setting_changed_later_adds_nothing_to_what_was_sent(community, office) -> None:
    second = rewritten(community, office, (FOUR, TWO, THREE), allowed=False)
    copy = copy_with(second, 1, 2)
    picture(copy, None, settled_by=SettledBy.STAFF)
    sent(copy)
    Round.objects.update(allows_page_reseal=True)
    assert state(second).missing == (3,)


def test_a_copy_taken_back_before_review_carries_nothing(community) -> None:
    first = submitted(community, pages=1)
    Submission.objects.update(page_hashes=[ONE])
    Round.objects.update(allows_page_reseal=True)
    sent(copy_with(first, 1), stage=Stage.SUBMITTED)
    type(first.response).objects.update(version=2)
    second = SubmissionFactory(response=first.response, version=2, print_pages=1, page_hashes=[ONE])
    assert state(second).missing == (1,)


def test_an_old_page_uploaded_again_is_told_to_count_already(community, office, li) -> None:
    second = rewritten(community, office, (FOUR, TWO, THREE))
    old = code(second, 2, version=1, digest="9F3C61AD").payload
    picture(begun_copy(second.response), 2, page=None, match="other_version", code_read=old)
    assert [(page.is_kept, page.numbers) for page in state(second).strays] == [(True, (2,))]


# --- what the unit is told ------------------------------------------------------------------------------


def test_the_unit_is_told_why_which_pages_and_until_when(client, submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office, 1, 3)
    client.force_login(li)
    receipt = client.get(f"/portal/responses/{submission.response.reference}/receipt/").content.decode()
    submission.response.refresh_from_db()
    day = format_date_weekday(submission.response.return_due_on)
    for said in (
        "没有盖章。",
        "需要重新盖章上传：第1、3页。",
        f"请于{day}前完成",
        "只需打印、盖章、上传第1、3页。",
    ):
        assert said in receipt
    duties = client.get("/portal/").content.decode()
    for said in ("没有盖章。", "需要重新盖章上传：第1、3页。", day):
        assert said in duties
    mail = emails.render(Notice.objects.mails().get(kind="copy_returned"))
    for said in ("没有盖章。", "只需重新上传第 1、3 页。"):
        assert said in mail.text
        assert said in mail.page


def test_a_copy_returned_as_a_whole_says_so(client, submission, li, office) -> None:
    returned(sent(copy_with(submission, 1, 2, 3)), office)
    client.force_login(li)
    assert "各页都需要重新盖章上传。" in client.get("/portal/").content.decode()
