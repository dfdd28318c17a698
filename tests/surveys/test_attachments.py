"""Pages without a code of ours: attachments of the unit's own, blank backs, two sheets on one picture."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEntry
from core.errors import Refused
from surveys.enums import Advice, PageMatch, SettledBy, Stage
from surveys.models import CopyPage
from surveys.scans import ScannedPage
from surveys.selectors.copies import copy_state
from surveys.services import copies
from surveys.services.copies import reading
from tests.factories import SealedCopyFactory
from tests.surveys.scenes import code, copy_with, picture, sent, submitted


@pytest.fixture
def submission(community):
    return submitted(community)


def state(submission):
    submission.response.refresh_from_db()
    return copy_state(submission.response)


def read(copy, *pages):
    """The file of the copy has just been looked at, with this result."""
    file = picture(copy, None).file
    file.pages.all().delete()
    file.read_at = None
    file.save()
    reading.record_pages(file, [ScannedPage(index, **page) for index, page in enumerate(pages)])
    return list(file.pages.order_by("index"))


def page(*codes, **fields):
    return {
        "code": codes[0] if codes else None,
        "codes": codes,
        "width": 100,
        "height": 141,
        "thumbnail": b"jpeg",
        **fields,
    }


def attach(picture, by, *, is_attachment=True):
    return copies.set_attachment(page=picture, is_attachment=is_attachment, by=by)


# --- own attachments ------------------------------------------------------------------------------------


def test_a_page_without_a_code_becomes_an_attachment_behind_the_form(submission, li) -> None:
    attached = attach(picture(copy_with(submission, 1, 2), None), li)
    assert (attached.match, attached.page, attached.settled_by) == (PageMatch.ATTACHMENT, 3, SettledBy.UNIT)
    assert [each.place for each in state(submission).attachments] == [1]
    assert state(submission).is_complete is True
    assert AuditEntry.objects.filter(action="copy.attach_page").count() == 1


def test_an_attachment_stands_in_for_no_page_of_the_form(submission, li) -> None:
    attach(picture(copy_with(submission, 1), None), li)
    assert state(submission).missing == (2,)


def test_setting_it_twice_is_harmless(submission, li) -> None:
    unread = picture(copy_with(submission, 1, 2), None)
    attach(unread, li)
    attach(unread, li)
    assert AuditEntry.objects.filter(action="copy.attach_page").count() == 1


def test_an_attachment_set_by_mistake_is_a_page_to_be_recognised_again(submission, li) -> None:
    unread = picture(copy_with(submission, 1), None)
    attach(unread, li)
    assert attach(unread, li, is_attachment=False).match == PageMatch.UNREADABLE
    settled = copies.settle_page(
        page=unread, reference=submission.response.reference, version=1, number=2, by=li
    )
    assert (settled.match, state(submission).missing) == (PageMatch.MATCHED, ())


def test_an_attachment_may_turn_out_to_be_a_page_of_the_form(submission, li, office) -> None:
    copy = copy_with(submission, 1)
    attached = attach(picture(copy, None), li)
    sent(copy)
    settled = copies.settle_page_by_staff(page=attached, number=2, by=office)
    assert (settled.match, settled.page) == (PageMatch.MATCHED, 2)


def test_a_page_that_says_what_it_is_cannot_be_made_an_attachment(submission, li) -> None:
    copy_with(submission, 1, 2)
    with pytest.raises(Refused) as refused:
        attach(CopyPage.objects.first(), li)
    assert refused.value.codes == ["recognised"]


def test_attachments_keep_the_order_of_upload_until_somebody_changes_it(submission, li) -> None:
    copy = copy_with(submission, 1, 2)
    first, second, third = (attach(picture(copy, None), li) for _each in range(3))
    copies.move_attachment_up(page=third, by=li)
    copies.move_attachment_up(page=first, by=li)
    assert [each.picture for each in state(submission).attachments] == [first, third, second]
    copies.withdraw_file(file=first.file, by=li)
    assert [each.picture for each in state(submission).attachments] == [third, second]


def test_staff_set_an_attachment_while_they_decide(submission, office, li) -> None:
    copy = copy_with(submission, 1, 2)
    unread = picture(copy, None, settled_by=SettledBy.STAFF)
    with pytest.raises(Refused):
        copies.set_attachment_by_staff(page=unread, is_attachment=True, by=office)
    sent(copy)
    attached = copies.set_attachment_by_staff(page=unread, is_attachment=True, by=office)
    assert (attached.match, attached.settled_by) == (PageMatch.ATTACHMENT, SettledBy.STAFF)
    with pytest.raises(PermissionDenied):
        copies.set_attachment_by_staff(page=unread, is_attachment=False, by=li)


def test_staff_settle_no_page_of_a_copy_that_was_replaced(submission, office) -> None:
    old = picture(sent(copy_with(submission, 1)), None)
    sent(SealedCopyFactory(submission=submission, number=2), stage=Stage.IN_REVIEW)
    with pytest.raises(Refused) as refused:
        copies.settle_page_by_staff(page=old, number=2, by=office)
    assert refused.value.codes == ["stage"]


# --- what the reader says ---------------------------------------------------------------------------------


def test_a_blank_back_is_left_out_and_bars_nothing(submission) -> None:
    copy = copy_with(submission, 1, 2)
    [blank] = read(copy, page(is_blank=True))
    assert (blank.match, state(submission).is_complete) == (PageMatch.BLANK, True)


def test_a_blank_page_stays_blank_when_other_files_come_and_may_be_an_attachment(submission, li) -> None:
    copy = copy_with(submission)
    [blank] = read(copy, page(is_blank=True))
    read(copy, page(code(submission, 1)))
    blank.refresh_from_db()
    assert blank.match == PageMatch.BLANK
    assert attach(blank, li).match == PageMatch.ATTACHMENT


def test_two_pages_on_one_picture_are_named_and_count_for_none(submission) -> None:
    copy = copy_with(submission)
    [both] = read(copy, page(code(submission, 2), code(submission, 1)))
    assert both.match == PageMatch.TWO_PAGES
    assert [stray.numbers for stray in state(submission).strays] == [(1, 2)]
    assert state(submission).missing == (1, 2)


def test_a_sheet_of_another_unit_beside_ones_own_is_not_named(submission, elsewhere) -> None:
    foreign = submitted(elsewhere)
    [both] = read(copy_with(submission), page(code(submission, 1), code(foreign, 1)))
    assert (both.match, state(submission).strays[0].numbers) == (PageMatch.TWO_PAGES, (1,))


def test_advice_is_kept_with_the_page_and_bars_nothing(submission) -> None:
    copy = copy_with(submission, 2)
    [blurred] = read(copy, page(code(submission, 1), advice=(Advice.BLURRED,), turn=180))
    assert (blurred.advice, blurred.rotation) == (["blurred"], 180)
    assert state(submission).is_complete is True
