"""Letters for the units of a round: asked for by staff, made in the background, every printed code in the trail.

What is printed is recorded once for each unit, when the file is made, under the unit's invitation: so the history of
an invitation tells who printed its code and when. ``round.letters`` tells who asked, for how many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from core.errors import Reason, Refused
from documents import services as documents
from documents.models import Run
from surveys.models import Invitation, Round
from surveys.selectors.letters import why_no_letter
from surveys.services.editions import may_manage

ONE_FILE, ONE_EACH = "surveys.letters", "surveys.letter_files"
# So many are made within the time that one piece of work may take.
MOST_AT_ONCE = 1000
LEFT_OUT = "left_out"

NOBODY = Reason(
    _("No letter can be printed for these units: their codes are used, revoked or no longer valid."),
    code="nobody",
)
TOO_MANY = Reason(_("At most 1,000 letters at once. Choose fewer units."), code="too_many")


@transaction.atomic
def request_letters(*, invitations: Iterable[Invitation], handler: str, by: Any) -> Run:
    """Queue the letters of these units as one file or one each. Pressed twice it is one run.

    Raises Refused when none of them can be printed; those that cannot are named on the page of the run.
    """
    may_manage(by)
    chosen = sorted(invitations, key=lambda row: row.pk)
    if not any(not why_no_letter(row) for row in chosen):
        raise Refused(NOBODY)
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(TOO_MANY)
    said = ",".join(f"{row.pk}.{row.generation}" for row in chosen)
    run = documents.request_run(
        handler=handler,
        parameters={"invitations": [row.pk for row in chosen], "round": chosen[0].round_id},
        by=by,
        key=f"{handler}:{by.pk}:{hashlib.sha256(said.encode()).hexdigest()[:32]}",
        total=len(chosen),
    )
    audit.record(
        "round.letters",
        by=by,
        target=chosen[0].round,
        changes={"units": len(chosen), "file": handler, "run": run.pk},
    )
    return run


def may_have_letters(user: Any, run: Run) -> bool:
    """Letters carry codes: whoever may no longer manage rounds may no longer open them."""
    return bool(user.has_perm(Permission.ROUND_MANAGE))


def page_of(run: Run) -> str:
    """Where the letters of this run were asked for."""
    survey_round = Round.objects.filter(pk=run.parameters.get("round")).first()
    return reverse("surveys:letters", args=[survey_round.code]) if survey_round else ""


def left_out(run: Run) -> list[str]:
    """Whom the finished run has no letter for, and why."""
    return list(run.parameters.get(LEFT_OUT, []))


def record_printed(*, run: Run, invitations: Iterable[Invitation], by: Any | None) -> None:
    for invitation in invitations:
        audit.record(
            "invitation.print_letter",
            by=by,
            target=invitation,
            changes={"issue": invitation.generation, "run": run.pk},
        )
