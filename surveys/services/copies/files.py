"""Files of a sealed copy: taken one by one, kept as they are, taken back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import now
from core.errors import Reason, Refused
from documents import services as documents
from documents.enums import FileKind
from surveys import scans
from surveys.enums import FilePurpose
from surveys.models import Response, SealedCopy, UploadedFile
from surveys.services.copies.locks import begun_copy, locked_open_copy, may_fill
from surveys.services.copies.matching import match_again
from surveys.services.copies.reading import ask_for_reading

FILES_PER_COPY = 40


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file of an upload: kept, already there, or refused with its reasons."""

    name: str
    file: UploadedFile | None = None
    was_there: bool = False
    reasons: tuple[Reason, ...] = ()


def receive_files(
    *, response: Response, uploads: list[File], by: Any, purpose: FilePurpose = FilePurpose.PAGES
) -> list[Received]:
    """Take each file by itself: one that is refused does not cost the others."""
    may_fill(response, by)
    return [_receive(response, upload, purpose, by) for upload in uploads]


def _receive(response: Response, upload: File, purpose: FilePurpose, by: Any) -> Received:
    name = str(upload.name)
    try:
        file, is_new = add_file(
            response=response,
            upload=upload,
            content_type=_content_type(upload, purpose),
            by=by,
            purpose=purpose,
        )
    except Refused as refused:
        return Received(name, reasons=tuple(refused.reasons))
    return Received(name, file=file, was_there=not is_new)


def _content_type(upload: File, purpose: FilePurpose) -> str:
    if purpose == FilePurpose.E_SEALED:
        return scans.inspect_esealed(upload).content_type
    return scans.inspect_upload(upload).content_type


@transaction.atomic
def add_file(
    *,
    response: Response,
    upload: File,
    content_type: str,
    by: Any,
    purpose: FilePurpose = FilePurpose.PAGES,
) -> tuple[UploadedFile, bool]:
    """Keep an inspected file and ask for its reading. The same content again gives the row that is there."""
    copy = begun_copy(response)
    digest = _sha256(upload)
    standing = copy.files.filter(withdrawn_at__isnull=True)
    same = (
        standing.filter(stored__sha256=digest, purpose=purpose)
        .select_related("stored")
        .order_by("pk")
        .first()
    )
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
    return keep_file(copy=copy, upload=upload, content_type=content_type, by=by, purpose=purpose), True


def keep_file(
    *,
    copy: SealedCopy,
    upload: File,
    content_type: str,
    by: Any,
    purpose: FilePurpose = FilePurpose.PAGES,
) -> UploadedFile:
    """Store an inspected file with the copy and ask for its reading. The caller holds the lock and the right.

    An electronically sealed file is kept as it is: nothing reads it, so that its seal stays what it was.
    """
    stored = documents.store_file(
        kind=FileKind.E_SEALED if purpose == FilePurpose.E_SEALED else FileKind.SEALED_SCAN,
        content=upload,
        original_name=str(upload.name),
        content_type=content_type,
        by=by,
    )
    file = UploadedFile(sealed_copy=copy, stored=stored, purpose=purpose, uploaded_by=by)
    file.full_clean()
    file.save()
    audit.record(
        "copy.add_file",
        by=by,
        target=file,
        community_id=copy.response.community_id,
        changes={"sha256": stored.sha256, "size": stored.size, "copy": copy.number},
    )
    if purpose == FilePurpose.PAGES:
        ask_for_reading(file, by)
    return file


def _sha256(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


@transaction.atomic
def withdraw_file(*, file: UploadedFile, by: Any) -> UploadedFile:
    """Hide a file uploaded by mistake; it is kept. Twice is harmless."""
    copy = locked_open_copy(file.sealed_copy, by)
    file.refresh_from_db(fields=["withdrawn_at"])
    if file.withdrawn_at is not None:
        return file
    file.withdrawn_at = now()
    file.save(update_fields=["withdrawn_at"])
    audit.record("copy.withdraw_file", by=by, target=file, community_id=copy.response.community_id)
    match_again(copy)
    return file
