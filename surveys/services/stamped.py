"""Making the stamped PDF of a sealed copy: the work of the run that ``copies.request_stamped`` asks for.

A module of its own, so that web workers, which only ask for it, never load the PDF engine.
"""

from __future__ import annotations

from contextlib import ExitStack

from django.db import transaction

from core.dates import format_date
from documents import services as documents
from documents.enums import FileKind
from documents.models import Run, StoredFile
from surveys import scans
from surveys.models import SealedCopy
from surveys.pdfs import ListedPage, render_page_list
from surveys.selectors.file_names import designation_number, stamped_name
from surveys.selectors.stamped import Leaf, key_of, leaves

PDF = "application/pdf"


def make_stamped(run: Run) -> StoredFile | None:
    """The handler of the run: upright A4 pages in the order of the form. Harmless when run again.

    The slow part holds no lock. If somebody settled a page meanwhile, what was made is thrown away: the settling
    has asked for a document of its own.
    """
    copy = _copy(run.parameters["copy"])
    pages = leaves(copy)
    if key_of(pages) != run.parameters["key"] or _is_there(copy, run.parameters["key"]):
        return None
    _store(copy, run.parameters["key"], _assembled(copy, pages))
    return None


def _copy(pk: int) -> SealedCopy:
    return SealedCopy.objects.select_related(
        "submission__response__community", "submission__response__round"
    ).get(pk=pk)


def _is_there(copy: SealedCopy, key: str) -> bool:
    return copy.stamped_id is not None and copy.stamped_key == key


@transaction.atomic
def _store(copy: SealedCopy, key: str, content: bytes) -> None:
    locked = SealedCopy.objects.select_for_update().get(pk=copy.pk)
    if key_of(leaves(locked)) != key or _is_there(locked, key):
        return
    locked.stamped = documents.store_file(
        kind=FileKind.STAMPED_COPY,
        content=content,
        original_name=stamped_name(copy.submission, designation_number(copy.submission)),
        content_type=PDF,
        by=None,
    )
    locked.stamped_key = key
    locked.save(update_fields=["stamped", "stamped_key"])


def _assembled(copy: SealedCopy, pages: list[Leaf]) -> bytes:
    title = title_of(copy)
    with ExitStack() as stack:
        files = {
            leaf.picture.file_id: stack.enter_context(leaf.picture.file.stored.file.open("rb"))
            for leaf in pages
        }
        parts = [
            scans.Part(
                files[leaf.picture.file_id], leaf.picture.index, leaf.picture.rotation, leaf.picture.corners
            )
            for leaf in pages
        ]
        document = scans.assemble(parts, title)
    if not any(leaf.carried for leaf in pages):
        return document
    with scans.join([document, render_page_list(title, _listed(copy, pages))], title) as whole:
        return whole.read()


def title_of(copy: SealedCopy) -> str:
    submission = copy.submission
    response = submission.response
    return f"{response.community.name_zh} {response.reference} v{submission.version}"


def _listed(copy: SealedCopy, pages: list[Leaf]) -> list[ListedPage]:
    rows, place = [], 0
    for leaf in pages:
        place += leaf.number is None
        rows.append(
            ListedPage(
                number=leaf.number,
                place=place if leaf.number is None else None,
                version=leaf.carried.version if leaf.carried else copy.submission.version,
                day=format_date(leaf.carried.sent_at if leaf.carried else copy.sent_at, "zh-hans"),
                is_carried=leaf.carried is not None,
            )
        )
    return rows
