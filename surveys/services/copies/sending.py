"""Handing a sealed copy to the staff."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.clock import now
from core.errors import Refused
from surveys import lifecycle
from surveys.enums import AWAITING_COPY
from surveys.models import Response, SealedCopy
from surveys.selectors import copies as selectors
from surveys.services.copies.locks import NOT_NOW, begun_copy, locked_response, may_fill
from surveys.services.copies.stamping import request_stamped
from surveys.services.review_notices import confirm_receipt


@transaction.atomic
def send_for_review(*, response: Response, by: Any) -> SealedCopy:
    """Close the copy and hand it to staff; refused with every page that is missing.

    Pages of an earlier copy that count here are written down now: no later setting changes what was sent.
    """
    may_fill(response, by)
    locked = locked_response(response.pk)
    submission = selectors.current_submission(locked)
    if locked.stage not in AWAITING_COPY or submission is None:
        raise Refused(NOT_NOW)
    state = selectors.state_of(locked, submission, selectors.open_copy(submission))
    if reasons := state.reasons:
        raise Refused(reasons)
    copy = state.copy or begun_copy(response)
    lifecycle.advance(response, "send_copy", by=by)
    copy.sent_at = now()
    copy.save(update_fields=["sent_at"])
    copy.carried_pages.set(state.kept_pictures)
    copy.response = response
    request_stamped(copy)
    confirm_receipt(copy)
    return copy
