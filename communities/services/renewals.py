"""What the outbox knows about re-designations: the plan of a programme, and whether a reminder is still wanted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.selectors import renewals
from notices import kinds, plans
from notices.enums import Kind, Unit

# Proposed by us; the association has not published any.
STEPS = (-18, -12, -6, -3, -1)


def register() -> None:
    """A programme's plan is made with its page and sends nothing before somebody switches it on."""
    plans.register(
        renewals.NAME,
        plans.Source(
            kind=Kind.RENEWAL_REMINDER,
            unit=Unit.MONTHS,
            steps=STEPS,
            origin=_("proposal of the platform, no official source"),
            due_days=renewals.due_days,
            duties=renewals.duties,
            exists=renewals.exists,
            label=renewals.label,
            back=renewals.back,
        ),
    )
    kinds.register(Kind.RENEWAL_REMINDER, still_wanted=renewals.is_still_wanted, is_reminder=True)
