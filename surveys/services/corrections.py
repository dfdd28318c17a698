"""What staff set right outside the usual way: a response made void or opened again, another day for a return."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from surveys import lifecycle
from surveys.enums import WRITABLE, Decision, Stage
from surveys.models import Response
from surveys.selectors import reviews
from surveys.services.review_notices import tell_unit
from surveys.services.reviews import locked_for_review, set_due_day
from surveys.services.verdicts import LED_TO, against_due_day

WHY = Reason(_("Write the reason; it is kept with the response."), code="no_reason", field="reason")
NOT_RETURNED = Reason(_("This response is not with the unit for changes."), code="not_returned")


@transaction.atomic
def void_response(*, response: Response, reason: str, by: Any) -> Response:
    """It counts no more; answers and papers are kept. The unit can be asked again, or this one opened again."""
    _say_why(reason)
    return lifecycle.advance(response, "void", by=by, note=reason.strip())


@transaction.atomic
def reopen_response(*, response: Response, reason: str, by: Any, due_on: dt.date | None = None) -> Response:
    """Let the unit write on where it stood. ``due_on``: it may be handed in until then, even after closing."""
    _say_why(reason)
    if reasons := against_due_day(due_on):
        raise Refused(reasons)
    lifecycle.advance(response, "reopen", by=by, note=reason.strip())
    if due_on is not None:
        set_due_day(locked_for_review(response, by), due_on, by=by)
        response.refresh_from_db(fields=["return_due_on"])
    return response


@transaction.atomic
def move_due_day(*, response: Response, due_on: dt.date, by: Any, reason: str = "") -> Response:
    """Another day for what was returned or opened again; whoever fills it in is told by mail."""
    locked = locked_for_review(response, by)
    if not has_due_day(locked):
        raise Refused(NOT_RETURNED)
    if reasons := against_due_day(due_on):
        raise Refused(reasons)
    set_due_day(locked, due_on, by=by, reason=reason.strip())
    _tell_of_new_day(locked)
    response.refresh_from_db(fields=["return_due_on"])
    return response


def has_due_day(response: Response) -> bool:
    """Whether a day of its own holds for it now: returned, or opened again with one."""
    if response.stage in {Stage.RETURNED, Stage.COPY_RETURNED}:
        return True
    return response.stage in WRITABLE and response.return_due_on is not None


def _tell_of_new_day(response: Response) -> None:
    last = reviews.last_review(response)
    if last is None or response.stage not in LED_TO[Decision(last.decision)]:
        return
    last.response = response
    tell_unit(last, step=f"due {response.return_due_on}")


def _say_why(reason: str) -> None:
    if not reason.strip():
        raise Refused(WHY)
