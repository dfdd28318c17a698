"""Why things came back: reasons counted over the returned answers and sealed copies of a round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.enums import Decision, ReasonAbout
from surveys.models import Remark, Review, Round
from surveys.questionnaires import parse


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """``about``: the question's label, or the sealed copy. ``units``: different responses, ``times``: returns."""

    about: str
    reason: str
    times: int
    units: int


def return_reasons(survey_round: Round) -> list[ReasonCount]:
    """First what is said of answers, question by question, then of sealed copies; the most frequent first."""
    labels = {
        question.id: question.full_label for question in parse(survey_round.edition.definition).questions
    }
    order = {question: place for place, question in enumerate(labels)}
    remarks = Remark.objects.filter(response__round=survey_round)
    of_answers = sorted(
        _counted(remarks, "question"), key=lambda row: (order.get(row["question"], 0), -row["times"])
    )
    copies = Review.objects.filter(response__round=survey_round, decision=Decision.COPY_RETURNED)
    of_copies = sorted(_counted(copies), key=lambda row: -row["times"])
    return [
        *(_line(labels.get(row["question"], row["question"]), row) for row in of_answers),
        *(_line(str(ReasonAbout.COPY.label), row) for row in of_copies),
    ]


def _counted(rows: QuerySet[Any], *fields: str) -> Iterable[dict[str, Any]]:
    grouped = (*fields, "reason__text_zh", "reason__text_en", "reason__position")
    return (
        rows.values(*grouped)
        .annotate(times=Count("pk"), units=Count("response", distinct=True))
        .order_by(*grouped)
    )


def _line(about: str, row: dict[str, Any]) -> ReasonCount:
    english = (get_language() or "").startswith("en")
    text = (english and row["reason__text_en"]) or row["reason__text_zh"] or _("in the reviewer's own words")
    return ReasonCount(about, text, row["times"], row["units"])
