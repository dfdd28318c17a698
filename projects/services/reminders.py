"""What the outbox knows about reports: one reminder plan a kind, and whether a reminder is still wanted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import kinds, plans
from notices import services as notices
from notices.enums import Kind, Unit
from projects.models import ReportRule
from projects.selectors import report_people as people

# Proposed by us; no official source names any.
STEPS = (-7, -1, 3)
ESCALATES_FROM = 3


def register() -> None:
    plans.register(
        people.NAME,
        plans.Source(
            kind=Kind.REPORT_REMINDER,
            told_kind=Kind.REPORT_OVERDUE,
            unit=Unit.DAYS,
            steps=STEPS,
            escalates_from=ESCALATES_FROM,
            origin=_("proposal of the platform, no official source"),
            due_days=people.due_days,
            duties=people.duties,
            exists=people.exists,
            label=people.label,
            back=people.back,
        ),
    )
    kinds.register(Kind.REPORT_REMINDER, still_wanted=people.is_still_wanted, is_reminder=True)
    kinds.register(Kind.REPORT_OVERDUE, still_wanted=people.is_still_missing, is_reminder=True)


def start(rule: ReportRule) -> None:
    """With the first reports of a kind; a plan that staff made or changed stays as they left it."""
    notices.ensure_plan(name=people.NAME, key=rule.pk, by=None, is_active=True)
