"""Pages of an earlier sealed copy that count in a later one, so that nobody seals the same sheet twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.enums import Decision, PageMatch, Stage
from surveys.models import CopyPage, Response, Review, SealedCopy, Submission


@dataclass(frozen=True, slots=True)
class Carried:
    """From which paper a page comes: the version it was printed from, and when that copy was sent."""

    version: int
    sent_at: dt.datetime


def origin_of(picture: CopyPage) -> Carried:
    copy = picture.file.sealed_copy
    return Carried(copy.submission.version, copy.sent_at or copy.created_at)


def carried_pages(response: Response, submission: Submission, copy: SealedCopy | None) -> list[CopyPage]:
    """Pages of earlier copies that count in ``copy`` (None: not begun yet), form pages and own attachments.

    Of a copy that was sent it is what was written down then. Before, it follows from the last review: pages of a
    returned copy that were not found bad, or, where the round allows it, pages that say the same as before.
    """
    if copy is not None and copy.sent_at is not None:
        return list(_with_origin(copy.carried_pages.all()))
    last = _last_sent(response)
    review = _last_word(last) if last is not None else None
    if last is None or review is None:
        return []
    bad = set(review.bad_pages)
    if last.submission_id == submission.pk:
        if review.decision != Decision.COPY_RETURNED or not bad:
            return []
        return [page for page in pages_of(last) if page.match == PageMatch.ATTACHMENT or page.page not in bad]
    if review.decision != Decision.ANSWERS_RETURNED or not response.round.allows_page_reseal:
        return []
    same = same_pages(last.submission, submission) - bad
    return [page for page in pages_of(last) if page.match == PageMatch.MATCHED and page.page in same]


def returned_copy(response: Response) -> Review | None:
    """Why a new copy is wanted, and which pages (none named: all of them). None in every other stage."""
    if response.stage != Stage.COPY_RETURNED:
        return None
    returns = response.reviews.filter(decision=Decision.COPY_RETURNED)
    return returns.order_by("-decided_at", "-pk").first()


def same_pages(before: Submission, after: Submission) -> set[int]:
    """Numbers of the pages that say the same in both versions; none when the number of pages is another."""
    old, new = before.page_hashes, after.page_hashes
    if not old or len(old) != len(new):
        return set()
    return {number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] == pair[1]}


def pages_of(copy: SealedCopy) -> list[CopyPage]:
    """Form pages and own attachments of a copy that was sent, with those carried into it. A page of its own wins."""
    own = list(
        _with_origin(
            CopyPage.objects.filter(
                file__sealed_copy=copy,
                file__withdrawn_at__isnull=True,
                match__in=[PageMatch.MATCHED, PageMatch.ATTACHMENT],
            )
        )
    )
    covered = {page.page for page in own if page.match == PageMatch.MATCHED}
    carried = [
        page
        for page in _with_origin(copy.carried_pages.all())
        if page.match == PageMatch.ATTACHMENT or page.page not in covered
    ]
    return [*carried, *own]


def _with_origin(pages: QuerySet[CopyPage]) -> QuerySet[CopyPage]:
    return pages.select_related("thumbnail", "file__stored", "file__sealed_copy__submission").order_by(
        "file_id", "index"
    )


def _last_sent(response: Response) -> SealedCopy | None:
    return (
        response.sealed_copies.filter(sent_at__isnull=False)
        .select_related("submission")
        .order_by("-sent_at", "-pk")
        .first()
    )


def _last_word(copy: SealedCopy) -> Review | None:
    """The last decision on a copy; none when the unit took it back before anybody looked."""
    return copy.reviews.order_by("-decided_at", "-pk").first()
