"""Pages of a sealed copy: what is recognised, what is missing, who may settle the rest, when it can be sent."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from audit.models import AuditEntry
from core.clock import now
from core.errors import Refused
from documents import services as documents
from documents.enums import RunState
from documents.models import Run
from notices.models import Notice
from surveys.enums import PageMatch, SettledBy, Stage
from surveys.models import CopyPage, UploadedFile
from surveys.scans import ScannedPage
from surveys.selectors.copies import copy_state
from surveys.services import copies
from surveys.services.copies import reading
from tests.factories import CommunityFactory, RoundFactory
from tests.surveys.scenes import code, copy_with, left_to_staff, picture, sent, submitted


@pytest.fixture
def submission(community):
    return submitted(community)


def seen(*codes):
    """What the reader would hand over for one file."""
    return [
        ScannedPage(index, each, 100, 141, b"jpeg", codes=(each,) if each else ())
        for index, each in enumerate(codes)
    ]


def state(submission):
    submission.response.refresh_from_db()
    return copy_state(submission.response)


def matches(copy):
    return [
        page.match for page in CopyPage.objects.filter(file__sealed_copy=copy).order_by("file_id", "index")
    ]


def add(submission, by, content=b"\xff\xd8\xff one"):
    upload = ContentFile(content, name="扫描件.jpg")
    return copies.add_file(response=submission.response, upload=upload, content_type="image/jpeg", by=by)


def read(file, *codes):
    reading.record_pages(file, seen(*codes))
    return file.sealed_copy


# --- what a page is -------------------------------------------------------------------------------------


def test_every_page_of_this_print_is_recognised(submission, li) -> None:
    copy = read(add(submission, li)[0], code(submission, 1), code(submission, 2))
    assert matches(copy) == [PageMatch.MATCHED, PageMatch.MATCHED]
    assert state(submission).missing == ()


def test_an_older_print_is_another_version(community, li) -> None:
    submission = submitted(community, version=2)
    copy = read(add(submission, li)[0], code(submission, 1, version=1))
    assert matches(copy) == [PageMatch.OTHER_VERSION]
    assert state(submission).others[0].version == 1
    assert state(submission).missing == (1, 2)


def test_other_content_under_the_same_version_is_another_version(submission, li) -> None:
    copy = read(add(submission, li)[0], code(submission, 1, digest="00000000"))
    assert matches(copy) == [PageMatch.OTHER_VERSION]


def test_a_page_of_another_unit_does_not_say_whose_it_is(submission, elsewhere, li) -> None:
    foreign = submitted(elsewhere, reference="AQ24-0421-CFGH")
    read(add(submission, li)[0], code(foreign, 1))
    other = state(submission).others[0]
    assert (other.picture.match, other.reference) == (PageMatch.OTHER_COMMUNITY, "")


def test_a_page_of_another_form_of_the_same_unit_says_which(submission, community, li) -> None:
    last_year = RoundFactory(code="2023")
    earlier = submitted(community, reference="AQ23-0420-CFGH", asked_round=last_year)
    read(add(submission, li)[0], code(earlier, 1))
    assert state(submission).others[0].reference == "AQ23-0420-CFGH"


def test_a_page_without_a_code_is_unreadable(submission, li) -> None:
    copy = read(add(submission, li)[0], None)
    assert matches(copy) == [PageMatch.UNREADABLE]


def test_a_page_taken_again_replaces_the_older_picture(submission, li) -> None:
    first, _ = add(submission, li)
    read(first, code(submission, 1))
    second, _ = add(submission, li, b"\xff\xd8\xff two")
    copy = read(second, code(submission, 1))
    assert matches(copy) == [PageMatch.DUPLICATE, PageMatch.MATCHED]


def test_taking_the_newer_picture_back_brings_the_older_one_into_use(submission, li) -> None:
    read(add(submission, li)[0], code(submission, 1))
    newer, _ = add(submission, li, b"\xff\xd8\xff two")
    copy = read(newer, code(submission, 1))
    copies.withdraw_file(file=newer, by=li)
    assert matches(copy)[0] == PageMatch.MATCHED
    assert UploadedFile.objects.count() == 2


# --- files ----------------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one_file(submission, li) -> None:
    first, is_new = add(submission, li)
    again, is_new_again = add(submission, li)
    assert (first.pk, is_new, is_new_again) == (again.pk, True, False)


def test_a_file_taken_back_may_come_again(submission, li) -> None:
    file, _ = add(submission, li)
    copies.withdraw_file(file=file, by=li)
    assert add(submission, li)[1] is True


def test_a_file_is_kept_with_its_hash_and_a_trace(submission, li) -> None:
    file, _ = add(submission, li)
    entry = AuditEntry.objects.get(action="copy.add_file")
    assert entry.changes["sha256"] == file.stored.sha256
    assert entry.community_id == submission.response.community_id


def test_a_copy_takes_forty_files(submission, li) -> None:
    copy = copy_with(submission, *[None] * copies.FILES_PER_COPY)
    with pytest.raises(Refused) as refused:
        add(submission, li)
    assert refused.value.codes == ["too_many_files"]
    assert copy.files.count() == 40


def test_nothing_is_taken_before_the_form_is_printed(community, li) -> None:
    with pytest.raises(Refused) as refused:
        add(submitted(community, pages=0), li)
    assert refused.value.codes == ["no_print"]


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.SUBMITTED, Stage.COPY_RETURNED}))
def test_files_are_taken_only_while_a_copy_is_awaited(community, li, stage) -> None:
    with pytest.raises(Refused) as refused:
        add(submitted(community, stage=stage), li)
    assert refused.value.codes == ["stage"]


def test_a_returned_copy_is_begun_anew_and_the_old_one_stays(community, li) -> None:
    submission = submitted(community, stage=Stage.COPY_RETURNED)
    old = copy_with(submission, 1, 2)
    old.sent_at = now()
    old.save()
    assert state(submission).files == ()
    file, _ = add(submission, li)
    assert (file.sealed_copy.number, file.sealed_copy.submission) == (2, submission)
    assert old.files.count() == 2


# --- reading in the background --------------------------------------------------------------------------


def test_a_new_file_asks_for_its_reading(submission, li) -> None:
    file, _ = add(submission, li)
    run = Run.objects.get()
    assert (run.handler, run.parameters) == ("surveys.read_copy", {"file": file.pk})
    assert state(submission).is_reading is True


def test_a_reading_run_again_after_its_worker_was_lost_writes_nothing_twice(submission, li) -> None:
    file, _ = add(submission, li)
    read(file, code(submission, 1))
    run = Run.objects.get()
    Run.objects.update(state=RunState.RUNNING, lease_until=now(), attempts=1)
    documents.perform(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert CopyPage.objects.count() == 1


def test_two_readings_at_once_record_the_pages_once(submission, li) -> None:
    file, _ = add(submission, li)
    stale = UploadedFile.objects.get(pk=file.pk)
    read(file, code(submission, 1))
    read(stale, code(submission, 1))
    assert CopyPage.objects.count() == 1


def test_what_cannot_be_read_says_so_at_the_file(submission, li) -> None:
    file, _ = add(submission, li)
    reading.record_failure(file, "文件已损坏")
    shown = state(submission).files[0]
    assert (shown.is_reading, shown.error) == (False, "文件已损坏")


def test_a_reading_given_up_can_be_asked_for_again(submission, li) -> None:
    file, _ = add(submission, li)
    Run.objects.update(state=RunState.FAILED, finished_at=now())
    assert state(submission).files[0].error == "这个文件没能读出来。请重新识别，或者撤回。"
    copies.read_file_again(file=file, by=li)
    assert state(submission).is_reading is True


def test_a_file_withdrawn_before_it_was_read_adds_no_page_to_the_list(submission, li) -> None:
    file, _ = add(submission, li)
    copies.withdraw_file(file=file, by=li)
    read(file, code(submission, 1))
    assert state(submission).missing == (1, 2)


# --- settling an unreadable page ------------------------------------------------------------------------


def settle(page, by, **typed):
    given = {"reference": page.file.sealed_copy.response.reference, "version": 1, "number": 2, **typed}
    return copies.settle_page(page=page, by=by, **given)


def test_the_printed_number_settles_a_page(submission, li) -> None:
    page = picture(copy_with(submission, 1), None)
    assert settle(page, li).match == PageMatch.MATCHED
    assert state(submission).missing == ()


@pytest.mark.parametrize(
    ("typed", "code_of_reason"),
    [
        ({"reference": "AQ24-0421-CFGH"}, "other_form"),
        ({"version": 2}, "other_version"),
        ({"number": 3}, "no_such_page"),
        ({"number": 0}, "no_such_page"),
    ],
)
def test_a_number_that_is_not_on_this_print_is_refused(submission, li, typed, code_of_reason) -> None:
    page = picture(copy_with(submission, 1), None)
    with pytest.raises(Refused) as refused:
        settle(page, li, **typed)
    assert refused.value.codes == [code_of_reason]
    page.refresh_from_db()
    assert page.match == PageMatch.UNREADABLE


def test_a_settled_page_stays_settled_when_other_files_come(submission, li) -> None:
    page = picture(copy_with(submission), None)
    settle(page, li)
    read(add(submission, li)[0], code(submission, 1))
    assert state(submission).missing == ()


def test_staff_settle_a_page_while_they_review(submission, office) -> None:
    page = left_to_staff(sent(copy_with(submission, 1), stage=Stage.IN_REVIEW))
    settled = copies.settle_page_by_staff(page=page, number=2, by=office)
    assert (settled.match, settled.page, settled.settled_by) == (PageMatch.MATCHED, 2, SettledBy.STAFF)


def test_staff_settle_nothing_before_it_is_sent(submission, office) -> None:
    page = left_to_staff(copy_with(submission, 1))
    with pytest.raises(Refused) as refused:
        copies.settle_page_by_staff(page=page, number=2, by=office)
    assert refused.value.codes == ["stage"]


def test_only_reviewers_settle_for_the_staff(submission, li, leadership) -> None:
    page = left_to_staff(copy_with(submission, 1))
    for person in (li, leadership):
        with pytest.raises(PermissionDenied):
            copies.settle_page_by_staff(page=page, number=2, by=person)


# --- sending --------------------------------------------------------------------------------------------


def send(submission, by):
    return copies.send_for_review(response=submission.response, by=by)


def test_a_complete_copy_is_sent_and_its_receipt_queued(submission, li) -> None:
    copy_with(submission, 1, 2)
    copy = send(submission, li)
    assert copy.sent_at is not None
    assert submission.response.stage == Stage.UPLOADED
    assert [notice.kind for notice in Notice.objects.all()] == ["copy_received"]


def test_a_refusal_names_every_missing_page(community, li) -> None:
    submission = submitted(community, pages=3)
    copy_with(submission, 2)
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert [str(reason) for reason in refused.value.reasons] == ["缺第1页。", "缺第3页。"]


def test_nothing_uploaded_is_nothing_to_send(submission, li) -> None:
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert refused.value.codes == ["nothing_uploaded"]


def test_an_unreadable_page_left_to_staff_covers_a_missing_one(submission, li) -> None:
    page = picture(copy_with(submission, 1), None)
    copies.leave_page_to_staff(page=page, by=li)
    assert send(submission, li).response.stage == Stage.UPLOADED


def test_one_page_left_to_staff_does_not_cover_two(submission, li) -> None:
    left_to_staff(copy_with(submission))
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert refused.value.codes == ["missing_page", "missing_page"]


def test_a_copy_that_is_still_being_read_waits(submission, li) -> None:
    copy_with(submission, 1, 2)
    add(submission, li)
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert refused.value.codes == ["reading"]


def test_sent_once_it_can_be_neither_sent_again_nor_changed(submission, li) -> None:
    copy = copy_with(submission, 1, 2)
    send(submission, li)
    for attempt in (
        lambda: send(submission, li),
        lambda: add(submission, li),
        lambda: copies.withdraw_file(file=copy.files.first(), by=li),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.codes == ["stage"]


@pytest.mark.parametrize("who", ["wang", "zhao", "office", "expert"])
def test_only_those_who_fill_in_may_touch_a_copy(submission, who, request) -> None:
    person = request.getfixturevalue(who)
    copy = copy_with(submission, 1, None)
    file, page = copy.files.first(), CopyPage.objects.get(match=PageMatch.UNREADABLE)
    for attempt in (
        lambda: copies.receive_files(response=submission.response, uploads=[], by=person),
        lambda: copies.withdraw_file(file=file, by=person),
        lambda: settle(page, person),
        lambda: copies.leave_page_to_staff(page=page, by=person),
        lambda: send(submission, person),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_page_of_another_unit_cannot_be_sent_along_as_the_missing_one(submission, li) -> None:
    foreign = submitted(CommunityFactory(), reference="AQ24-0421-CFGH")
    read(add(submission, li)[0], code(submission, 1), code(foreign, 2))
    with pytest.raises(Refused) as refused:
        send(submission, li)
    assert refused.value.codes == ["missing_page"]


def test_what_the_code_of_an_old_page_says_cannot_be_typed_over(community, li) -> None:
    submission = submitted(community, version=2)
    copy = read(add(submission, li)[0], code(submission, 1, version=1))
    page = CopyPage.objects.get()
    with pytest.raises(Refused) as refused:
        copies.settle_page(page=page, reference=submission.response.reference, version=2, number=1, by=li)
    assert (refused.value.codes, matches(copy)) == (["recognised"], [PageMatch.OTHER_VERSION])
