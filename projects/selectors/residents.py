"""Surveys of residents: which are open, and what their answers add up to, always with how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.links import absolute
from projects.models import ResidentAnswer, ResidentSurvey
from surveys.models import QuestionnaireEdition
from surveys.questionnaires import NO, YES, Kind, Question, Questionnaire
from surveys.selectors.rounds import questionnaire

SHORTEST_TOKEN = 16
# The newest; a page of thousands nobody reads.
MOST_TEXTS = 200
# Below this a share says less than the figures themselves; both are shown, the share is left out.
FEWEST_FOR_SHARES = 20

# 知晓率, 参与率, 满意度 (安监总政法〔2009〕11号, point 15) and 安全感 (成都市锦江区 2014): which answers of which
# concept count. ``NEITHER``: answers that say nothing either way are left out of the whole.
RATES: dict[str, tuple[Any, frozenset[str]]] = {
    "residents.aware": (_("awareness"), frozenset({YES})),
    "residents.took_part": (_("participation"), frozenset({YES})),
    "residents.satisfied": (_("satisfaction"), frozenset({"very", "rather"})),
    "residents.feels_safe": (_("sense of safety"), frozenset({"very", "rather"})),
}
NEITHER = frozenset({"unknown"})


@dataclass(frozen=True, slots=True)
class Rate:
    """``part`` of ``whole`` who answered this question one way or the other."""

    label: str
    part: int
    whole: int

    @property
    def has_share(self) -> bool:
        return self.whole >= FEWEST_FOR_SHARES


@dataclass(frozen=True, slots=True)
class Counted:
    """One question with how often each answer was given."""

    question: Question
    answered: int
    rows: list[tuple[str, int]]

    @property
    def has_share(self) -> bool:
        return self.answered >= FEWEST_FOR_SHARES


@dataclass(frozen=True, slots=True)
class Results:
    number: int
    rates: list[Rate]
    counted: list[Counted]
    texts: list[tuple[Question, list[str]]]


def surveys_of(community: Community) -> QuerySet[ResidentSurvey]:
    rows = ResidentSurvey.objects.filter(community=community).annotate(number=Count("answers"))
    return rows.select_related("edition").order_by("-opens_on", "-pk")


def by_token(token: str) -> ResidentSurvey | None:
    rows = ResidentSurvey.objects.select_related("community", "edition")
    return rows.filter(token=token).first() if len(token) >= SHORTEST_TOKEN else None


def address_of(survey: ResidentSurvey) -> str:
    return absolute(f"/r/{survey.token}/")


def published_editions() -> QuerySet[QuestionnaireEdition]:
    from_residents = QuestionnaireEdition.objects.filter(asks="residents", published_at__isnull=False)
    return from_residents.order_by("-pk")


def results(survey: ResidentSurvey) -> Results:
    """Two queries, however many answered."""
    form = questionnaire(survey.edition)
    rows: list[dict[str, Any]] = list(
        ResidentAnswer.objects.filter(survey=survey).order_by("pk").values_list("answers", flat=True)
    )
    return Results(
        number=len(rows),
        rates=list(_rates(form, rows)),
        counted=[_counted(one, rows) for one in form.questions if one.codes],
        texts=[
            (one, [row[one.id] for row in reversed(rows) if row.get(one.id)][:MOST_TEXTS])
            for one in form.questions
            if one.kind in {Kind.TEXT, Kind.LONG_TEXT}
        ],
    )


def _rates(form: Questionnaire, rows: list[dict[str, Any]]) -> Iterable[Rate]:
    for concept, (label, codes) in RATES.items():
        question = form.by_concept(concept)
        if question is None:
            continue
        given = [code for row in rows for code in _codes(row.get(question.id)) if code not in NEITHER]
        yield Rate(str(label), sum(code in codes for code in given), len(given))


def _counted(question: Question, rows: list[dict[str, Any]]) -> Counted:
    given = [_codes(row.get(question.id)) for row in rows]
    times = Counter(code for codes in given for code in codes)
    if question.kind == Kind.YES_NO:
        labels = [(YES, str(_("Yes"))), (NO, str(_("No")))]
    else:
        labels = [(choice.code, str(choice.label)) for choice in question.choices]
    return Counted(
        question, sum(bool(codes) for codes in given), [(label, times[code]) for code, label in labels]
    )


def _codes(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return [YES if value else NO]
    return list(value) if isinstance(value, list) else [value]
