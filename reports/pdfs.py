"""The round's summary on paper, for the leadership: figures by place, plans and needs."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.clock import now
from documents import pdfs
from reports import selectors
from reports.enums import Column
from surveys.models import Round


def round_summary(survey_round: Round) -> bytes:
    with translation.override("zh-hans"):
        html = render_to_string("reports/print/summary.html", summary_context(survey_round))
    return pdfs.write(pdfs.lay_out(html, stylesheets=["reports/print/summary.css"]))


def summary_context(survey_round: Round) -> dict[str, Any]:
    figures = selectors.board(survey_round)
    return {
        "round": survey_round,
        "board": figures,
        "places": [
            (_("Province"), figures.provinces),
            (_("Kind"), selectors.by_kind(survey_round)),
            (_("Supervising authority"), selectors.by_authority(survey_round)),
        ],
        "reasons": selectors.return_reasons(survey_round),
        "columns": list(Column),
        "as_of": now(),
        "counted": [entry for entry in selectors.counted_answers(survey_round) if entry["answers"]],
    }
