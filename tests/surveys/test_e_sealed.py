"""Electronically sealed files: kept as they come, never read, judged by people."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import Refused
from documents.enums import FileKind
from documents.models import Run, StoredFile
from surveys.enums import FilePurpose, PageMatch, Stage
from surveys.models import UploadedFile
from surveys.scans import Refusal
from surveys.selectors.copies import copy_state
from surveys.services import copies
from tests.factories import StoredFileFactory, UploadedFileFactory
from tests.surveys.scenes import copy_with, picture, sent, submitted
from tests.surveys.verdicts import ACCEPT, give


@pytest.fixture
def submission(community):
    return submitted(community)


@pytest.fixture
def liaison(client, li):
    client.force_login(li)
    return client


def ofd() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("OFD.xml", "<ofd:OFD/>")
        archive.writestr("Doc_0/Signs/Signatures.xml", "<ofd:Signatures/>")
    return target.getvalue()


def upload(liaison, submission, content, name="调查表（电子章）.ofd"):
    url = reverse("surveys:copy_e_sealed", args=[submission.response.reference])
    return liaison.post(url, {"files": SimpleUploadedFile(name, content)}, follow=True)


def sealed_file(copy):
    stored = StoredFileFactory(kind=FileKind.E_SEALED, content_type="application/pdf")
    return UploadedFileFactory(sealed_copy=copy, stored=stored, purpose=FilePurpose.E_SEALED, read_at=None)


def state(submission):
    submission.response.refresh_from_db()
    return copy_state(submission.response)


def test_it_is_stored_untouched_with_its_hash_and_nothing_reads_it(liaison, submission) -> None:
    content = ofd()
    page = upload(liaison, submission, content).content.decode()
    stored = StoredFile.objects.get()
    with stored.file.open("rb") as kept:
        assert kept.read() == content
    assert (stored.kind, stored.content_type) == (FileKind.E_SEALED, "application/ofd")
    assert hashlib.sha256(content).hexdigest() in page
    assert UploadedFile.objects.get().purpose == FilePurpose.E_SEALED
    assert Run.objects.count() == 0


def test_a_photograph_in_the_field_for_sealed_files_is_refused_with_its_sentence(liaison, submission) -> None:
    page = upload(liaison, submission, b"\xff\xd8\xff photograph", name="IMG_1.jpg").content.decode()
    assert "IMG_1.jpg" in page
    assert str(Refusal.NOT_E_SEALED.reason) in page
    assert UploadedFile.objects.count() == 0


def test_the_same_file_twice_is_one_file(liaison, submission) -> None:
    content = ofd()
    for _press in range(2):
        upload(liaison, submission, content)
    assert UploadedFile.objects.count() == 1


def test_with_a_sealed_file_the_form_goes_to_review_without_pictures(submission, li) -> None:
    copy = copy_with(submission)
    sealed_file(copy)
    assert (state(submission).missing, state(submission).absent) == ((), (1, 2))
    assert copies.send_for_review(response=submission.response, by=li).sent_at is not None


def test_a_sealed_file_taken_back_opens_no_way(submission, li) -> None:
    file = sealed_file(copy_with(submission))
    copies.withdraw_file(file=file, by=li)
    with pytest.raises(Refused) as refused:
        copies.send_for_review(response=submission.response, by=li)
    assert refused.value.codes == ["nothing_uploaded"]


def test_missing_pages_bar_no_acceptance_of_a_sealed_file(submission, office) -> None:
    copy = copy_with(submission, 1)
    sealed_file(copy)
    give(ACCEPT, sent(copy).response, office)
    submission.response.refresh_from_db()
    assert submission.response.stage == Stage.ACCEPTED


def test_a_sealed_file_is_never_read_on_demand(submission, li) -> None:
    with pytest.raises(Refused):
        copies.read_file_again(file=sealed_file(copy_with(submission)), by=li)
    assert Run.objects.count() == 0


def test_pictures_beside_a_sealed_file_are_still_recognised(submission) -> None:
    copy = copy_with(submission, 1)
    sealed_file(copy)
    picture(copy, None)
    shown = state(submission)
    assert ([page.number for page in shown.printed if page.picture], shown.is_reading) == ([1], False)
    assert [stray.picture.match for stray in shown.strays] == [PageMatch.UNREADABLE]
    assert (len(shown.scans), len(shown.e_sealed)) == (2, 1)
