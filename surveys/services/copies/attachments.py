"""Own attachments (另附页): pages without a code of ours that belong to the form and come after it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.errors import Reason, Refused
from surveys.enums import PageMatch, SettledBy
from surveys.models import CopyPage, SealedCopy
from surveys.selectors.copies import attachment_order, codes_of
from surveys.services.copies.locks import locked_copy_under_review, locked_open_copy
from surveys.services.copies.matching import match_again
from surveys.services.copies.stamping import request_stamped

HAS_CODE = Reason(_("The code of this page has been read; what it says counts."), code="recognised")


@transaction.atomic
def set_attachment(*, page: CopyPage, is_attachment: bool, by: Any) -> CopyPage:
    """The unit says whether a page without a code is an attachment of its own. Twice is harmless."""
    copy = locked_open_copy(page.file.sealed_copy, by)
    return _set(copy, page, is_attachment=is_attachment, settled_by=SettledBy.UNIT, by=by)


@transaction.atomic
def set_attachment_by_staff(*, page: CopyPage, is_attachment: bool, by: Any) -> CopyPage:
    """The same by staff, while the copy waits for their decision; the document is put together anew."""
    copy = locked_copy_under_review(page, by)
    return _set(copy, page, is_attachment=is_attachment, settled_by=SettledBy.STAFF, by=by)


def _set(
    copy: SealedCopy, page: CopyPage, *, is_attachment: bool, settled_by: SettledBy, by: Any
) -> CopyPage:
    page.refresh_from_db()
    if codes_of(page):
        raise Refused(HAS_CODE)
    if (page.match == PageMatch.ATTACHMENT) == is_attachment:
        return page
    page.match = PageMatch.ATTACHMENT if is_attachment else PageMatch.UNREADABLE
    page.page, page.settled_by = None, settled_by if is_attachment else ""
    page.save(update_fields=["match", "page", "settled_by"])
    audit.record(
        "copy.attach_page" if is_attachment else "copy.detach_page",
        by=by,
        target=page,
        community_id=copy.response.community_id,
    )
    match_again(copy)
    request_stamped(copy)
    page.refresh_from_db()
    return page


@transaction.atomic
def move_attachment_up(*, page: CopyPage, by: Any) -> CopyPage:
    """One place further to the front; the first one stays where it is."""
    copy = locked_open_copy(page.file.sealed_copy, by)
    pages = sorted(
        CopyPage.objects.select_for_update(of=("self",)).filter(
            file__sealed_copy=copy, file__withdrawn_at__isnull=True, match=PageMatch.ATTACHMENT
        ),
        key=attachment_order,
    )
    places = {each.pk: place for place, each in enumerate(pages)}
    place = places.get(page.pk, 0)
    if place == 0:
        return page
    pages[place - 1].page, pages[place].page = pages[place].page, pages[place - 1].page
    CopyPage.objects.bulk_update(pages[place - 1 : place + 1], ["page"])
    audit.record("copy.order_attachments", by=by, target=page, community_id=copy.response.community_id)
    page.refresh_from_db()
    return page
