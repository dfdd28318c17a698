"""Which printed page each uploaded page is."""

from __future__ import annotations

from surveys.codes import PageCode, digest_of, match_pages
from surveys.enums import PageMatch, SettledBy
from surveys.models import CopyPage, SealedCopy
from surveys.selectors.copies import attachment_order, codes_of


def match_again(copy: SealedCopy) -> None:
    """Compare all pages with the print once more, the newest file first: a page taken again replaces the older."""
    pages = list(
        CopyPage.objects.select_for_update(of=("self",))
        .filter(file__sealed_copy=copy, file__withdrawn_at__isnull=True)
        .order_by("-file_id", "index")
    )
    if copy.response.is_on_paper:
        # Nobody printed it here: there is no code to look for, staff see what it is.
        for page in pages:
            page.match, page.settled_by = PageMatch.ATTACHMENT, SettledBy.STAFF
        CopyPage.objects.bulk_update(pages, ["match", "settled_by"])
        return
    told = [(page, _code_of(page, copy)) for page in pages if not _is_settled_otherwise(page)]
    submission = copy.submission
    matched = match_pages(
        [code for _page, code in told],
        reference=copy.response.reference,
        version=submission.version,
        pages=submission.print_pages,
        digest=submission.content_hash,
    )
    for (page, code), result in zip(told, matched.results, strict=True):
        page.match = result
        if page.settled_by in {SettledBy.CODE, ""}:
            page.page = code.page if code and result in {PageMatch.MATCHED, PageMatch.DUPLICATE} else None
    _put_attachments_in_order(pages, submission.print_pages)
    CopyPage.objects.bulk_update(pages, ["match", "page"])


def _is_settled_otherwise(page: CopyPage) -> bool:
    """An own attachment, a blank page or a picture of two sheets is compared with no printed page."""
    if page.match == PageMatch.ATTACHMENT:
        return True
    if _said_by_people(page):
        return False
    if len(codes_of(page)) > 1:
        page.match, page.page = PageMatch.TWO_PAGES, None
    return page.match in {PageMatch.BLANK, PageMatch.TWO_PAGES}


def _code_of(page: CopyPage, copy: SealedCopy) -> PageCode | None:
    """What the page says of itself, or what somebody said of it who read the printed number."""
    if _said_by_people(page):
        submission = copy.submission
        return PageCode(
            copy.response.reference,
            submission.version,
            page.page or 0,
            submission.print_pages,
            digest_of(submission.content_hash),
        )
    return next(iter(codes_of(page)), None)


def _said_by_people(page: CopyPage) -> bool:
    return page.settled_by in {SettledBy.TYPED, SettledBy.STAFF} and page.page is not None


def _put_attachments_in_order(pages: list[CopyPage], print_pages: int) -> None:
    """A new attachment goes behind the form and behind those that are there, in the order of upload."""
    attachments = sorted((page for page in pages if page.match == PageMatch.ATTACHMENT), key=attachment_order)
    for place, page in enumerate(attachments, start=print_pages + 1):
        page.page = place
