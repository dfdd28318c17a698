"""Responses on their way through paper and review, laid out in a line each."""

from __future__ import annotations

import itertools
from typing import Any

from communities.models import Community
from core.clock import now
from surveys.codes import PageCode, digest_of
from surveys.enums import PageMatch, SettledBy, Stage
from surveys.models import CopyPage, Response, Round, SealedCopy, Submission
from tests.factories import (
    CopyPageFactory,
    ResponseFactory,
    RoundFactory,
    SealedCopyFactory,
    SubmissionFactory,
    UploadedFileFactory,
)
from tests.surveys.prints import ANSWERS

HASH = "9f3c61ad7e02b84d" * 4


_numbers = itertools.count(1)


def submitted(community: Community, *, pages: int = 2, version: int = 1, **fields: Any) -> Submission:
    """Handed in, printed on so many pages, the sealed copy awaited."""
    answers = {**ANSWERS, **fields.pop("answers", {})}
    given = {"stage": Stage.SUBMITTED, "reference": f"AQ24-{next(_numbers):04d}-7KHM", **fields}
    response = ResponseFactory(community=community, version=version, **given)
    return SubmissionFactory(
        response=response, version=version, answers=answers, content_hash=HASH, print_pages=pages
    )


def code(submission: Submission, page: int, **fields: Any) -> PageCode:
    given = {
        "reference": submission.response.reference,
        "version": submission.version,
        "page": page,
        "pages": submission.print_pages,
        "digest": digest_of(submission.content_hash),
    }
    return PageCode(**{**given, **fields})


def copy_with(submission: Submission, *pages: int | None) -> SealedCopy:
    """An open copy with one picture for each printed page named; None is a page nobody could read."""
    copy = SealedCopyFactory(submission=submission)
    for number in pages:
        picture(copy, number)
    return copy


def picture(copy: SealedCopy, number: int | None, **fields: Any) -> CopyPage:
    payload = code(copy.submission, number).payload if number else ""
    file = UploadedFileFactory(sealed_copy=copy)
    return CopyPageFactory(**{"file": file, "page": number, "code_read": payload, **fields})


def left_to_staff(copy: SealedCopy) -> CopyPage:
    return picture(copy, None, match=PageMatch.UNREADABLE, settled_by=SettledBy.STAFF)


def awaiting_review(community: Community, **fields: Any) -> Response:
    """Sealed, uploaded page by page and sent; nobody has taken it up."""
    submission = submitted(community, **{"stage": Stage.UPLOADED, **fields})
    copy = copy_with(submission, *range(1, submission.print_pages + 1))
    copy.sent_at = now()
    copy.save(update_fields=["sent_at"])
    return submission.response


def to_check(community: Community, **fields: Any) -> Response:
    """Handed in where staff read the answers before anything is printed, or where no seal is needed."""
    if "round" not in fields:
        fields["round"] = checked_first()
    return submitted(community, **{"stage": Stage.TO_CHECK, "pages": 0, **fields}).response


def checked_first(**fields: Any) -> Round:
    return RoundFactory(**{"code": "checked-first", "has_precheck": True, **fields})


def without_seal(**fields: Any) -> Round:
    edition = {"edition__code": "unsealed", "edition__needs_sealed_copy": False}
    return RoundFactory(**{"code": "unsealed", **edition, **fields})


def looked_at_twice(**fields: Any) -> Round:
    return RoundFactory(**{"code": "twice", "needs_second_look": True, **fields})


def sent(copy: SealedCopy, stage: Stage = Stage.UPLOADED) -> SealedCopy:
    """Handed to staff as it is."""
    copy.sent_at = now()
    copy.save(update_fields=["sent_at"])
    Response.objects.filter(pk=copy.response_id).update(stage=stage)
    copy.response.refresh_from_db()
    return copy
