"""What the outbox knows about rounds: their reminder plan, and whether a reminder is still wanted when it leaves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from notices import kinds, plans
from notices import services as notices
from notices.enums import Kind, Unit
from surveys.models import Round
from surveys.selectors import reminders

# Proposed by us; the association has not published any.
STEPS = (-14, -7, -3, -1, 1, 7)
ESCALATES_FROM = 7


def register() -> None:
    plans.register(
        reminders.NAME,
        plans.Source(
            kind=Kind.ROUND_REMINDER,
            told_kind=Kind.ROUND_OVERDUE,
            unit=Unit.DAYS,
            steps=STEPS,
            escalates_from=ESCALATES_FROM,
            origin=_("proposal of the platform, no official source"),
            due_days=reminders.due_days,
            duties=reminders.duties,
            exists=reminders.exists,
            label=reminders.label,
            back=reminders.back,
        ),
    )
    kinds.register(Kind.ROUND_REMINDER, wanted_among=reminders.still_reminded, is_reminder=True)
    kinds.register(Kind.ROUND_OVERDUE, wanted_among=reminders.still_overdue, is_reminder=True)
    kinds.register(Kind.ROUND_URGED, wanted_among=reminders.still_urged)


def start(survey_round: Round, *, by: Any | None) -> None:
    """With the opening of a round; a plan that staff made before stays as they left it."""
    notices.ensure_plan(name=reminders.NAME, key=survey_round.pk, by=by, is_active=True)
