"""What the review desk says of the papers beside the answers, and what staff settle there."""

import pytest
from django.urls import reverse

from surveys.enums import Advice, PageMatch, SettledBy, Stage
from surveys.models import CopyPage
from surveys.selectors.stamped import key_of, leaves
from tests.factories import SealedCopyFactory, StoredFileFactory, SubmissionFactory
from tests.surveys.scenes import copy_with, picture, sent, submitted


@pytest.fixture
def submission(community):
    return submitted(community)


@pytest.fixture
def staff(client, office):
    client.force_login(office)
    return client


def desk(staff, submission):
    return staff.get(reverse("surveys:review", args=[submission.response.reference])).content.decode()


def settle(staff, page, **data):
    reference = page.file.sealed_copy.response.reference
    return staff.post(reverse("surveys:review_settle", args=[reference, page.pk]), data)


def test_staff_make_an_attachment_of_a_page_nobody_recognised(staff, submission) -> None:
    copy = copy_with(submission, 1, 2)
    unread = picture(copy, None, settled_by=SettledBy.STAFF)
    sent(copy, stage=Stage.IN_REVIEW)
    assert "另附页 1" not in desk(staff, submission)
    settle(staff, unread, attachment="1", number="1")
    unread.refresh_from_db()
    assert (unread.match, unread.settled_by) == (PageMatch.ATTACHMENT, SettledBy.STAFF)
    assert "另附页 1" in desk(staff, submission)


def test_attachments_stand_behind_the_form_and_before_what_counts_for_nothing(staff, submission) -> None:
    copy = copy_with(submission, None, 2, 1)
    attached = picture(copy, None, match=PageMatch.ATTACHMENT, settled_by=SettledBy.UNIT, page=3)
    sent(copy)
    page = desk(staff, submission)
    order = [
        CopyPage.objects.get(page=1),
        CopyPage.objects.get(page=2),
        attached,
        CopyPage.objects.get(page=None),
    ]
    places = [page.index(f"/pages/{each.pk}/") for each in order]
    assert places == sorted(places)


def test_advice_stands_beside_the_page(staff, submission) -> None:
    copy = copy_with(submission, 1)
    picture(copy, 2, advice=[Advice.BLURRED, "of another time"])
    sent(copy)
    assert f"建议：{Advice.BLURRED.label}" in desk(staff, submission)


def test_a_page_carried_over_says_from_which_version(staff, submission) -> None:
    older = sent(copy_with(submission, 1, 2))
    second = SubmissionFactory(response=submission.response, version=2, print_pages=2)
    type(submission.response).objects.update(version=2)
    copy = SealedCopyFactory(submission=second)
    picture(copy, 1)
    copy.carried_pages.add(older.files.get(pages__page=2).pages.get())
    sent(copy)
    page = desk(staff, submission)
    assert "沿用第1版盖章件" in page
    assert "没有对应" not in page


def test_papers_of_a_copy_that_was_not_sent_are_not_shown(staff, submission) -> None:
    copy_with(submission, 1, 2)
    assert "data-scan-page" not in desk(staff, submission)


def test_the_desk_leads_to_the_one_document_or_makes_it_again(staff, submission) -> None:
    copy = sent(copy_with(submission, 1, 2))
    again = reverse("surveys:copy_stamped_again", args=[submission.response.reference, copy.pk])
    assert again in desk(staff, submission)
    assert staff.post(again).url == reverse("surveys:review", args=[submission.response.reference])
    assert "正在合成PDF" in desk(staff, submission)
    copy.stamped_key = key_of(leaves(copy))
    copy.stamped = StoredFileFactory()
    copy.save()
    document = reverse("surveys:copy_stamped", args=[submission.response.reference, copy.pk])
    assert document in desk(staff, submission)
