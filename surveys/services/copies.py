"""The sealed copy: files come in, pages are recognised in the background, the unit sends it for review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.clock import now
from core.errors import Reason, Refused
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from surveys import lifecycle, scans
from surveys.codes import PageCode, digest_of, match_pages
from surveys.enums import AWAITING_COPY, AWAITING_REVIEW, PageMatch, SettledBy
from surveys.models import CopyPage, Response, SealedCopy, UploadedFile
from surveys.selectors import copies as selectors
from surveys.services.review_notices import confirm_receipt

HANDLER = "surveys.read_copy"
FILES_PER_COPY = 40
NOT_NOW = Reason(_("The sealed copy cannot be changed in the present state."), code="stage")


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file of an upload: kept, already there, or refused with its reasons."""

    name: str
    file: UploadedFile | None = None
    was_there: bool = False
    reasons: tuple[Reason, ...] = ()


def receive_files(*, response: Response, uploads: list[File], by: Any) -> list[Received]:
    """Take each file by itself: one that is refused does not cost the others."""
    _may_fill(response, by)
    return [_receive(response, upload, by) for upload in uploads]


def _receive(response: Response, upload: File, by: Any) -> Received:
    name = str(upload.name)
    try:
        inspected = scans.inspect_upload(upload)
        file, is_new = add_file(response=response, upload=upload, content_type=inspected.content_type, by=by)
    except Refused as refused:
        return Received(name, reasons=tuple(refused.reasons))
    return Received(name, file=file, was_there=not is_new)


@transaction.atomic
def add_file(*, response: Response, upload: File, content_type: str, by: Any) -> tuple[UploadedFile, bool]:
    """Keep an inspected file and ask for its reading. The same content again gives the row that is there."""
    copy = _begun_copy(response)
    digest = _sha256(upload)
    standing = copy.files.filter(withdrawn_at__isnull=True)
    same = standing.filter(stored__sha256=digest).select_related("stored").order_by("pk").first()
    if same is not None:
        return same, False
    if standing.count() >= FILES_PER_COPY:
        raise Refused(
            Reason(
                format_lazy(
                    _("There are {count} files already; take back some first."), count=FILES_PER_COPY
                ),
                code="too_many_files",
            )
        )
    stored = documents.store_file(
        kind=FileKind.SEALED_SCAN,
        content=upload,
        original_name=str(upload.name),
        content_type=content_type,
        by=by,
    )
    file = UploadedFile(sealed_copy=copy, stored=stored, uploaded_by=by)
    file.full_clean()
    file.save()
    audit.record(
        "copy.add_file",
        by=by,
        target=file,
        community_id=response.community_id,
        changes={"sha256": stored.sha256, "size": stored.size, "copy": copy.number},
    )
    _ask_for_reading(file, by)
    return file, True


@transaction.atomic
def withdraw_file(*, file: UploadedFile, by: Any) -> UploadedFile:
    """Hide a file uploaded by mistake; it is kept. Twice is harmless."""
    copy = _locked_open_copy(file.sealed_copy, by)
    file.refresh_from_db(fields=["withdrawn_at"])
    if file.withdrawn_at is not None:
        return file
    file.withdrawn_at = now()
    file.save(update_fields=["withdrawn_at"])
    audit.record("copy.withdraw_file", by=by, target=file, community_id=copy.response.community_id)
    _match_again(copy)
    return file


@transaction.atomic
def read_file_again(*, file: UploadedFile, by: Any) -> Run:
    """After a reading that failed for good."""
    _locked_open_copy(file.sealed_copy, by)
    return _ask_for_reading(file, by)


@transaction.atomic
def settle_page(*, page: CopyPage, reference: str, version: int, number: int, by: Any) -> CopyPage:
    """The liaison types what is printed at the foot of a page that could not be read.

    ``reference`` in its one spelling (``codes.parse_reference``). Another form or version is refused, not stored.
    """
    copy = _locked_open_copy(page.file.sealed_copy, by)
    submission, response = copy.submission, copy.response
    reasons = []
    if PageCode.parse(page.code_read) is not None:
        reasons.append(
            Reason(_("The code of this page has been read; what it says counts."), code="recognised")
        )
    elif reference != response.reference:
        reasons.append(
            Reason(
                format_lazy(
                    _(
                        "This form has the number {reference}. A page with another number does not belong to it."
                    ),
                    reference=response.reference,
                ),
                code="other_form",
                field="reference",
            )
        )
    elif version != submission.version:
        reasons.append(
            Reason(
                format_lazy(
                    _(
                        "Version {version} counts. Please print it, have it signed and sealed, and upload that."
                    ),
                    version=submission.version,
                ),
                code="other_version",
                field="version",
            )
        )
    return _settle(copy, page, number, settled_by=SettledBy.TYPED, reasons=reasons, by=by)


@transaction.atomic
def settle_page_by_staff(*, page: CopyPage, number: int, by: Any) -> CopyPage:
    """Staff see with their own eyes which printed page it is. Only while the copy is under review."""
    response = _locked(page.file.sealed_copy.response_id)
    if not can(by, Permission.RESPONSE_REVIEW, response.community):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)
    copy = SealedCopy.objects.select_related("submission").get(pk=page.file.sealed_copy_id)
    copy.response = response
    reasons = [] if response.stage in AWAITING_REVIEW else [NOT_NOW]
    return _settle(copy, page, number, settled_by=SettledBy.STAFF, reasons=reasons, by=by)


def _settle(
    copy: SealedCopy, page: CopyPage, number: int, *, settled_by: SettledBy, reasons: list[Reason], by: Any
) -> CopyPage:
    pages = copy.submission.print_pages
    if not 1 <= number <= pages:
        reasons.append(
            Reason(
                format_lazy(_("The form has pages 1 to {pages}."), pages=pages),
                code="no_such_page",
                field="number",
            )
        )
    if reasons:
        raise Refused(reasons)
    page.refresh_from_db()
    page.page, page.settled_by = number, settled_by
    page.save(update_fields=["page", "settled_by"])
    audit.record(
        "copy.settle_page",
        by=by,
        target=page,
        community_id=copy.response.community_id,
        changes={"page": number, "settled_by": str(settled_by)},
    )
    _match_again(copy)
    page.refresh_from_db()
    return page


@transaction.atomic
def leave_page_to_staff(*, page: CopyPage, by: Any) -> CopyPage:
    """Hand over a page nobody could read here as it is. A recognised page stays what it is."""
    copy = _locked_open_copy(page.file.sealed_copy, by)
    page.refresh_from_db()
    if page.match == PageMatch.UNREADABLE and page.settled_by != SettledBy.STAFF:
        page.settled_by = SettledBy.STAFF
        page.save(update_fields=["settled_by"])
        audit.record("copy.leave_page", by=by, target=page, community_id=copy.response.community_id)
    return page


@transaction.atomic
def send_for_review(*, response: Response, by: Any) -> SealedCopy:
    """Close the copy and hand it to staff; refused with every page that is missing."""
    _may_fill(response, by)
    locked = _locked(response.pk)
    submission = selectors.current_submission(locked)
    copy = selectors.open_copy(submission) if submission is not None else None
    if locked.stage not in AWAITING_COPY or submission is None:
        raise Refused(NOT_NOW)
    if reasons := selectors.state_of(locked, submission, copy).reasons:
        raise Refused(reasons)
    if copy is None:  # never: without one there would have been a reason
        raise Refused(NOT_NOW)
    lifecycle.advance(response, "send_copy", by=by)
    copy.sent_at = now()
    copy.save(update_fields=["sent_at"])
    copy.response = response
    confirm_receipt(copy)
    return copy


def read_copy(run: Run) -> StoredFile | None:
    """Handler of the run: look at every page of one file. Harmless when run again after a worker was lost.

    The slow part holds no lock; what was seen is then written in one short transaction, or not at all.
    """
    file = UploadedFile.objects.select_related("stored").filter(pk=run.parameters["file"]).first()
    if file is None or file.read_at is not None:
        return None
    try:
        with file.stored.file.open("rb") as content:
            seen = scans.read_pages(content)
    except Refused as refused:
        _record_failure(file, str(refused)[:200])
        return None
    _record_pages(file, seen)
    return None


@transaction.atomic
def _record_pages(file: UploadedFile, seen: list[scans.ScannedPage]) -> None:
    _locked(file.sealed_copy.response_id)
    file.refresh_from_db(fields=["read_at"])
    if file.read_at is not None:
        return
    for page in seen:
        thumbnail = documents.store_file(
            kind=FileKind.PAGE_THUMBNAIL,
            content=page.thumbnail,
            original_name=f"{file.pk}-{page.index + 1}.jpg",
            content_type="image/jpeg",
            by=None,
        )
        CopyPage.objects.create(
            file=file,
            index=page.index,
            code_read=page.code.payload if page.code else "",
            settled_by=SettledBy.CODE if page.code else "",
            thumbnail=thumbnail,
        )
    file.read_at = now()
    file.save(update_fields=["read_at"])
    _match_again(file.sealed_copy)


@transaction.atomic
def _record_failure(file: UploadedFile, sentence: str) -> None:
    file.error, file.read_at = sentence, now()
    file.save(update_fields=["error", "read_at"])


def _match_again(copy: SealedCopy) -> None:
    """Compare all pages with the print once more, the newest file first: a page taken again replaces the older."""
    pages = list(
        CopyPage.objects.select_for_update(of=("self",))
        .filter(file__sealed_copy=copy, file__withdrawn_at__isnull=True)
        .order_by("-file_id", "index")
    )
    submission = copy.submission
    matched = match_pages(
        [_code_of(page, copy) for page in pages],
        reference=copy.response.reference,
        version=submission.version,
        pages=submission.print_pages,
        digest=submission.content_hash,
    )
    for page, result in zip(pages, matched.results, strict=True):
        page.match = result
        if page.settled_by in {SettledBy.CODE, ""}:
            code = PageCode.parse(page.code_read)
            page.page = code.page if code and result in {PageMatch.MATCHED, PageMatch.DUPLICATE} else None
    CopyPage.objects.bulk_update(pages, ["match", "page"])


def _code_of(page: CopyPage, copy: SealedCopy) -> PageCode | None:
    """What the page says of itself, or what somebody said of it who read the printed number."""
    if page.settled_by in {SettledBy.TYPED, SettledBy.STAFF} and page.page is not None:
        submission = copy.submission
        return PageCode(
            copy.response.reference,
            submission.version,
            page.page,
            submission.print_pages,
            digest_of(submission.content_hash),
        )
    return PageCode.parse(page.code_read)


def _sha256(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _ask_for_reading(file: UploadedFile, by: Any) -> Run:
    return documents.request_run(
        handler=HANDLER, parameters={"file": file.pk}, by=by, key=selectors.run_key(file)
    )


def _may_fill(response: Response, by: Any) -> None:
    if not can(by, Permission.RESPONSE_FILL, response.community):
        raise PermissionDenied(Permission.RESPONSE_FILL)


def _locked(response_id: int) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("community__supervisor")
        .get(pk=response_id)
    )


def _begun_copy(response: Response) -> SealedCopy:
    """The copy being put together, begun if there is none."""
    locked = _locked(response.pk)
    submission = selectors.current_submission(locked)
    if locked.stage not in AWAITING_COPY or submission is None:
        raise Refused(NOT_NOW)
    if not submission.print_pages:
        raise Refused(
            Reason(_("The form to be printed is not ready yet. Please wait a moment."), code="no_print")
        )
    copy = selectors.open_copy(submission)
    if copy is None:
        last = submission.sealed_copies.order_by("-number").first()
        copy = SealedCopy.objects.create(
            response=locked, submission=submission, number=last.number + 1 if last else 1
        )
    copy.submission, copy.response = submission, locked
    return copy


def _locked_open_copy(copy: SealedCopy, by: Any) -> SealedCopy:
    """The copy with its response locked; refused once it is sent, or when the answers went on."""
    response = _locked(copy.response_id)
    _may_fill(response, by)
    fresh = SealedCopy.objects.select_related("submission").get(pk=copy.pk)
    is_current = response.stage in AWAITING_COPY and fresh.submission.version == response.version
    if fresh.sent_at is not None or not is_current:
        raise Refused(NOT_NOW)
    fresh.response = response
    return fresh
