"""What people say of a page that the machine could not read."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.errors import Reason, Refused
from surveys.enums import PageMatch, SettledBy
from surveys.models import CopyPage, SealedCopy
from surveys.selectors import copies as selectors
from surveys.services.copies.locks import locked_copy_under_review, locked_open_copy
from surveys.services.copies.matching import match_again
from surveys.services.copies.stamping import request_stamped


@transaction.atomic
def settle_page(*, page: CopyPage, reference: str, version: int, number: int, by: Any) -> CopyPage:
    """The liaison types what is printed at the foot of a page that could not be read.

    ``reference`` in its one spelling (``codes.parse_reference``). Another form or version is refused, not stored.
    """
    copy = locked_open_copy(page.file.sealed_copy, by)
    submission, response = copy.submission, copy.response
    reasons = []
    if selectors.codes_of(page):
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
    copy = locked_copy_under_review(page, by)
    return _settle(copy, page, number, settled_by=SettledBy.STAFF, reasons=[], by=by)


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
    page.match, page.page, page.settled_by = PageMatch.WAITING, number, settled_by
    page.save(update_fields=["match", "page", "settled_by"])
    audit.record(
        "copy.settle_page",
        by=by,
        target=page,
        community_id=copy.response.community_id,
        changes={"page": number, "settled_by": str(settled_by)},
    )
    match_again(copy)
    request_stamped(copy)
    page.refresh_from_db()
    return page


@transaction.atomic
def leave_page_to_staff(*, page: CopyPage, by: Any) -> CopyPage:
    """Hand over a page nobody could read here as it is. A recognised page stays what it is."""
    copy = locked_open_copy(page.file.sealed_copy, by)
    page.refresh_from_db()
    if page.match == PageMatch.UNREADABLE and page.settled_by != SettledBy.STAFF:
        page.settled_by = SettledBy.STAFF
        page.save(update_fields=["settled_by"])
        audit.record("copy.leave_page", by=by, target=page, community_id=copy.response.community_id)
    return page
