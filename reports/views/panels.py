"""What the staff home page shows of the open rounds: numbers that lead to the work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from documents.models import Run
from reports import selectors
from reports.enums import RINGS, Column
from surveys.enums import RoundStage
from surveys.models import Round
from surveys.selectors.reminders import overdue_untold


def open_rounds(request: HttpRequest) -> dict[str, Any] | None:
    """The newest open round's columns; None when nothing is open or the reader may not see rounds."""
    if not request.user.has_perm(Permission.ROUND_VIEW):
        return None
    survey_round = Round.objects.filter(stage=RoundStage.OPEN).order_by("-opens_on", "-pk").first()
    if survey_round is None:
        return None
    return {
        "title": survey_round.title,
        "alert": _untold(survey_round),
        "items": column_items(survey_round, selectors.totals(survey_round)),
        "url": reverse("reports:board", args=[survey_round.code]),
        "action": _("Board of the round"),
    }


def _untold(survey_round: Round) -> str:
    count = overdue_untold(survey_round)
    sentence = ngettext(
        "%(count)d unit is overdue and no authority with a mailbox is on record. Please telephone.",
        "%(count)d units are overdue and no authority with a mailbox is on record. Please telephone.",
        count,
    )
    return sentence % {"count": count} if count else ""


def column_items(survey_round: Round, total: selectors.Tally) -> list[dict[str, Any]]:
    """One figure a column, and the late ones, each a link to its list."""
    items = [
        {
            "label": column.label,
            "value": total.counts[column],
            "url": units_url(survey_round, column=column.value),
            "kind": RINGS[column],
        }
        for column in Column
    ]
    late = {"label": _("Late"), "value": total.late, "url": units_url(survey_round, late="1"), "kind": "late"}
    return [*items, late]


def units_url(survey_round: Round, **wanted: Any) -> str:
    path = reverse("reports:units", args=[survey_round.code])
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{path}?{query}" if query else path


def board_url(run: Run) -> str:
    survey_round = Round.objects.filter(pk=run.parameters.get("round")).first()
    return (
        reverse("reports:board", args=[survey_round.code]) if survey_round else reverse("reports:round_list")
    )
