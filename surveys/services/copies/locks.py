"""Who may touch a sealed copy, and the rows locked while somebody does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from core.errors import Reason, Refused
from surveys.enums import AWAITING_COPY, AWAITING_DECISION
from surveys.models import CopyPage, Response, SealedCopy
from surveys.selectors import copies as selectors

NOT_NOW = Reason(_("The sealed copy cannot be changed in the present state."), code="stage")


def may_fill(response: Response, by: Any) -> None:
    if not can(by, Permission.RESPONSE_FILL, response.community):
        raise PermissionDenied(Permission.RESPONSE_FILL)


def locked_response(response_id: int) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("community__supervisor")
        .get(pk=response_id)
    )


def begun_copy(response: Response) -> SealedCopy:
    """The copy being put together, begun if there is none."""
    locked = locked_response(response.pk)
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


def locked_open_copy(copy: SealedCopy, by: Any) -> SealedCopy:
    """The copy with its response locked; refused once it is sent, or when the answers went on."""
    response = locked_response(copy.response_id)
    may_fill(response, by)
    fresh = SealedCopy.objects.select_related("submission").get(pk=copy.pk)
    is_current = response.stage in AWAITING_COPY and fresh.submission.version == response.version
    if fresh.sent_at is not None or not is_current:
        raise Refused(NOT_NOW)
    fresh.response = response
    return fresh


def locked_copy_under_review(page: CopyPage, by: Any) -> SealedCopy:
    """The copy of this page with its response locked, if it is the one that staff decide on now."""
    response = locked_response(page.file.sealed_copy.response_id)
    if not can(by, Permission.RESPONSE_REVIEW, response.community):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)
    copy = selectors.copy_under_review(response)
    if response.stage not in AWAITING_DECISION or copy is None or copy.pk != page.file.sealed_copy_id:
        raise Refused(NOT_NOW)
    copy.response = response
    return copy
