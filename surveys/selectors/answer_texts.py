"""An answer as people read it on a page, in their language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.dates import format_date
from surveys.questionnaires import Kind, Question


def answer_text(question: Question, value: Any) -> str:
    """Empty for an unanswered question; dates as precise as known; choices by their labels."""
    if value in (None, ""):
        return ""
    match question.kind:
        case Kind.CHOICE:
            return _label(question, value)
        case Kind.CHOICES:
            return "　".join(_label(question, code) for code in value)
        case Kind.YES_NO:
            return _("Yes") if value else _("No")
        case Kind.PARTIAL_DATES:
            return "、".join(format_date(date) for date in value) or _("None yet")
        case Kind.PARTIAL_DATE | Kind.YEAR:
            return format_date(value)
        case _:
            return str(value)


def _label(question: Question, code: Any) -> str:
    choice = question.choice(str(code))
    return str(choice.label) if choice else str(code)
