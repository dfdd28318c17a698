"""Looking at the pages of a file, in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.clock import now
from core.errors import Refused
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from surveys import scans
from surveys.enums import FilePurpose, PageMatch, SettledBy
from surveys.models import CopyPage, UploadedFile
from surveys.selectors import copies as selectors
from surveys.services.copies.locks import NOT_NOW, locked_open_copy, locked_response
from surveys.services.copies.matching import match_again
from surveys.services.copies.stamping import request_stamped

HANDLER = "surveys.read_copy"


def ask_for_reading(file: UploadedFile, by: Any) -> Run:
    return documents.request_run(
        handler=HANDLER, parameters={"file": file.pk}, by=by, key=selectors.run_key(file)
    )


@transaction.atomic
def read_file_again(*, file: UploadedFile, by: Any) -> Run:
    """After a reading that failed for good. An electronically sealed file is never read."""
    locked_open_copy(file.sealed_copy, by)
    if file.purpose != FilePurpose.PAGES:
        raise Refused(NOT_NOW)
    return ask_for_reading(file, by)


def read_copy(run: Run) -> StoredFile | None:
    """Handler of the run: look at every page of one file. Harmless when run again after a worker was lost.

    The slow part holds no lock; what was seen is then written in one short transaction, or not at all.
    """
    file = UploadedFile.objects.select_related("stored").filter(pk=run.parameters["file"]).first()
    if file is None or file.read_at is not None or file.purpose != FilePurpose.PAGES:
        return None
    try:
        with file.stored.file.open("rb") as content:
            seen = scans.read_pages(content)
    except Refused as refused:
        record_failure(file, str(refused)[:200])
        return None
    record_pages(file, seen)
    return None


@transaction.atomic
def record_pages(file: UploadedFile, seen: list[scans.ScannedPage]) -> None:
    locked_response(file.sealed_copy.response_id)
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
            match=PageMatch.BLANK if page.is_blank else PageMatch.WAITING,
            code_read=_payloads(page),
            settled_by=SettledBy.CODE if page.codes else "",
            rotation=page.turn,
            corners=page.corners,
            advice=[str(one) for one in page.advice],
            thumbnail=thumbnail,
        )
    file.read_at = now()
    file.save(update_fields=["read_at"])
    match_again(file.sealed_copy)
    request_stamped(file.sealed_copy)


def _payloads(page: scans.ScannedPage) -> str:
    """As many codes as are needed to tell one sheet from several."""
    return " ".join(code.payload for code in page.codes[:2])


@transaction.atomic
def record_failure(file: UploadedFile, sentence: str) -> None:
    file.error, file.read_at = sentence, now()
    file.save(update_fields=["error", "read_at"])
