"""The sealed copy as one document: its pages, its order, its name, who may have it, and what happens when it fails."""

import io

import pypdfium2
import pytest
from django.urls import reverse
from PIL import Image, ImageDraw

from communities.models import Programme
from core.clock import now
from core.dates import format_date
from documents.enums import FileKind, RunState
from documents.models import Run, StoredFile
from surveys.enums import PageMatch, SettledBy, Stage
from surveys.selectors.file_names import stamped_name
from surveys.selectors.stamped import Making, stamped_of
from surveys.services import copies, stamped
from tests.factories import (
    CommunityFactory,
    RegisterEntryFactory,
    SealedCopyFactory,
    StoredFileFactory,
    SubmissionFactory,
    UploadedFileFactory,
)
from tests.surveys.prints import page_texts, squeezed
from tests.surveys.scenes import copy_with, left_to_staff, picture, sent, submitted

RED, GREEN, BLUE = (200, 30, 30), (30, 150, 60), (40, 60, 200)


@pytest.fixture
def submission(community):
    return submitted(community)


def scan(copy, number, colour, *, turned=False, **fields):
    """A small scan whose upper half has this colour; ``turned``: it lies on its head."""
    image = Image.new("RGB", (210, 297), "white")
    ImageDraw.Draw(image).rectangle([0, 0, 210, 148], fill=colour)
    target = io.BytesIO()
    image.rotate(180 if turned else 0).save(target, "JPEG", quality=95)
    stored = StoredFileFactory(sha256=f"{len(target.getvalue()):064x}")
    stored.file.save("scan.jpg", io.BytesIO(target.getvalue()))
    file = UploadedFileFactory(sealed_copy=copy, stored=stored)
    return picture(copy, number, file=file, rotation=180 if turned else 0, **fields)


def attachment(copy, colour):
    return scan(copy, None, colour, match=PageMatch.ATTACHMENT, settled_by=SettledBy.UNIT, page=3)


def make(copy) -> bytes:
    """Ask for the document and do the work, as the worker would."""
    run = copies.request_stamped(copy)
    stamped.make_stamped(run)
    copy.refresh_from_db()
    with copy.stamped.file.open("rb") as content:
        return content.read()


def uppermost_colours(pdf: bytes) -> list[tuple[int, ...]]:
    """Of every page the colour a quarter from its top, to the nearest ten."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=0.2).to_pil().convert("RGB") for page in document]
    return [
        tuple(round(value / 10) * 10 for value in one.getpixel((one.width // 2, one.height // 4)))
        for one in pictures
    ]


# --- what it is made of -----------------------------------------------------------------------------------


def test_pages_stand_upright_on_a4_in_the_order_of_the_form_with_attachments_last(submission) -> None:
    copy = copy_with(submission)
    attachment(copy, BLUE)
    scan(copy, 2, GREEN, turned=True)
    scan(copy, 1, RED)
    pdf = make(sent(copy))
    assert uppermost_colours(pdf) == [RED, GREEN, BLUE]
    with pypdfium2.PdfDocument(pdf) as document:
        assert {tuple(map(round, page.get_size())) for page in document} == {(595, 842)}
    assert copy.stamped.kind == FileKind.STAMPED_COPY


def test_originals_stay_untouched(submission) -> None:
    copy = copy_with(submission)
    page = scan(copy, 1, RED, turned=True)
    before = page.file.stored.file.open("rb").read()
    make(sent(copy))
    assert page.file.stored.file.open("rb").read() == before


def test_a_page_carried_over_is_in_it_and_told_behind_it(submission) -> None:
    older = copy_with(submission)
    kept = scan(older, 2, GREEN)
    sent(older)
    copy = SealedCopyFactory(
        submission=SubmissionFactory(response=submission.response, version=2, print_pages=2), number=1
    )
    scan(copy, 1, RED)
    copy.carried_pages.add(kept)
    pdf = make(sent(copy))
    assert uppermost_colours(pdf)[:2] == [RED, GREEN]
    behind = squeezed(page_texts(pdf)[2])
    today = format_date(now(), "zh-hans")
    assert f"第1页第2版{today}本版盖章" in behind
    assert f"第2页第1版{today}沿用原盖章件，本页内容未变" in behind


def test_nothing_is_made_before_the_copy_is_sent(submission) -> None:
    copy = copy_with(submission, 1, 2)
    assert (copies.request_stamped(copy), stamped_of(copy)) == (None, None)


def test_sending_asks_for_it_once(submission, li) -> None:
    copy_with(submission, 1, 2)
    copy = copies.send_for_review(response=submission.response, by=li)
    copies.request_stamped(copy)
    run = Run.objects.get(handler="surveys.stamp_copy")
    assert (run.state, stamped_of(copy).making) == (RunState.QUEUED, Making.WAITING)


def test_a_page_settled_by_staff_asks_for_it_anew(submission, office) -> None:
    copy = copy_with(submission, 1)
    page = left_to_staff(copy)
    first = copies.request_stamped(sent(copy, stage=Stage.IN_REVIEW))
    copies.settle_page_by_staff(page=page, number=2, by=office)
    latest = Run.objects.latest("pk")
    assert (first.pk != latest.pk, stamped_of(copy).pages) == (True, 2)


def test_a_document_overtaken_by_a_settled_page_is_thrown_away(submission, office) -> None:
    copy = copy_with(submission, 1)
    page = left_to_staff(copy)
    run = copies.request_stamped(sent(copy, stage=Stage.IN_REVIEW))
    copies.settle_page_by_staff(page=page, number=2, by=office)
    stamped._store(copy, run.parameters["key"], b"%PDF-old")
    copy.refresh_from_db()
    assert (copy.stamped, StoredFile.objects.filter(kind=FileKind.STAMPED_COPY).count()) == (None, 0)


def test_run_again_after_a_worker_was_lost_it_is_made_once(submission) -> None:
    copy = copy_with(submission)
    scan(copy, 1, RED)
    run = copies.request_stamped(sent(copy))
    for _attempt in range(2):
        stamped.make_stamped(run)
    assert StoredFile.objects.filter(kind=FileKind.STAMPED_COPY).count() == 1


def test_a_copy_without_pictures_has_no_document(submission) -> None:
    copy = sent(copy_with(submission))
    assert (copies.request_stamped(copy), stamped_of(copy).making) == (None, Making.NOTHING)


# --- on the page ----------------------------------------------------------------------------------------


def address(copy, name="copy_stamped"):
    return reverse(f"surveys:{name}", args=[copy.response.reference, copy.pk])


def receipt(client, copy):
    return client.get(reverse("surveys:receipt", args=[copy.response.reference])).content.decode()


def test_the_receipt_waits_for_it_and_then_offers_it(client, submission, li) -> None:
    client.force_login(li)
    copy = copy_with(submission)
    scan(copy, 1, RED)
    copies.request_stamped(sent(copy))
    assert "正在合成完整盖章件" in receipt(client, copy)
    make(copy)
    assert address(copy) in receipt(client, copy)


def test_given_up_it_is_made_again_by_a_button(client, submission, li) -> None:
    client.force_login(li)
    copy = sent(copy_with(submission, 1))
    copies.request_stamped(copy)
    Run.objects.update(state=RunState.FAILED, finished_at=now())
    assert "没能合成完整盖章件" in receipt(client, copy)
    client.post(address(copy, "copy_stamped_again"))
    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "queued"]
    client.post(address(copy, "copy_stamped_again"))
    assert Run.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("li", 200),
        ("office", 200),
        ("wang", 403),
        ("expert", 403),
        ("leadership", 403),
        ("zhao", 404),
        ("stranger", 404),
    ],
)
def test_who_may_have_it(client, submission, who, status, request) -> None:
    copy = sent(copy_with(submission))
    copy.stamped = StoredFileFactory(kind=FileKind.STAMPED_COPY)
    copy.stamped.file.save("copy.pdf", io.BytesIO(b"%PDF-"))
    copy.save()
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(copy)).status_code == status


def test_a_document_of_another_unit_is_not_reached_through_ones_own(
    client, submission, elsewhere, li
) -> None:
    foreign = sent(copy_with(submitted(elsewhere), 1))
    client.force_login(li)
    url = reverse("surveys:copy_stamped", args=[submission.response.reference, foreign.pk])
    assert client.get(url).status_code == 404


# --- its name -------------------------------------------------------------------------------------------


def test_it_is_named_after_place_number_unit_and_version(client, submission, li) -> None:
    programme = Programme.objects.get()
    RegisterEntryFactory(community=submission.response.community, programme=programme, number=362)
    copy = copy_with(submission)
    scan(copy, 1, RED)
    make(sent(copy))
    assert copy.stamped.original_name == "福建省_厦门市_362_筼筜街道_v1.pdf"


def test_a_unit_without_a_number_goes_by_its_reference(submission) -> None:
    assert stamped_name(submission, None) == f"福建省_厦门市_{submission.response.reference}_筼筜街道_v1.pdf"


def test_a_long_name_costs_neither_number_nor_version(db) -> None:
    community = CommunityFactory(name_zh="街" * 100, province_name="省" * 40, city_name="市" * 40)
    name = stamped_name(submitted(community), 12345)
    assert name == f"{'省' * 10}_{'市' * 10}_12345_{'街' * 24}_v1.pdf"
    assert len(name.encode()) <= 180


def test_no_name_leads_out_of_its_folder(db) -> None:
    community = CommunityFactory(name_zh="../甲:乙", province_name="..", city_name="厦门市")
    assert stamped_name(submitted(community), 7) == "厦门市_7_甲 乙_v1.pdf"
