"""Taking back what was handed in, before anybody of the association has looked at it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from surveys import lifecycle
from surveys.enums import AWAITING_DECISION, WITHDRAWABLE, WRITABLE
from surveys.models import Response
from surveys.services.responses import may_fill

UNDER_REVIEW = Reason(
    _("The association has begun to review this form. To change something, please call the association."),
    code="under_review",
)
ON_PAPER = Reason(
    _(
        "This form came on paper and was entered by the association. To change it, please call the association."
    ),
    code="on_paper",
)
NOT_NOW = Reason(_("There is nothing to take back in the present state."), code="stage")


def reasons_against(response: Response) -> list[Reason]:
    """Everything that forbids taking it back now, in words that say what happened meanwhile."""
    if response.stage in AWAITING_DECISION - WITHDRAWABLE:
        return [UNDER_REVIEW]
    if response.stage not in WITHDRAWABLE:
        return [NOT_NOW]
    if response.is_on_paper:
        return [ON_PAPER]
    return lifecycle.LIFECYCLE.find("withdraw").refusals(response)


@transaction.atomic
def withdraw(*, response: Response, seen_version: int, by: Any) -> Response:
    """Make a draft of it again, with another version; papers and pictures stay in the history and count no more.

    ``seen_version``: the version that the page offered to take back. Pressed twice, the second press changes
    nothing. Raises Refused when a reviewer was quicker, when the round is closed, or in any other state.
    """
    may_fill(response, by)
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("round__edition", "invitation__round", "community__supervisor")
        .get(pk=response.pk)
    )
    is_done = locked.version == seen_version + 1 and locked.stage in WRITABLE
    if not is_done:
        if reasons := reasons_against(locked):
            raise Refused(reasons)
        if locked.version != seen_version:
            raise Refused(NOT_NOW)
        lifecycle.advance(locked, "withdraw", by=by)
    response.refresh_from_db(fields=["stage", "stage_since", "version", "first_submitted_at", "is_late"])
    return response
