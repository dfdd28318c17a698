"""A counted question over the rounds, carried through re-worded editions by concepts and cross-walks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reports.selectors.answers import INTENDS, NEEDS, PLANNED_YEAR, latest_submissions
from surveys.crosswalks import Source, sources, value_now
from surveys.enums import RoundStage
from surveys.models import Round
from surveys.questionnaires import Question, Questionnaire, parse
from surveys.selectors.last_answers import published_forms

MOST_ROUNDS = 5
CONCEPTS = (INTENDS, PLANNED_YEAR, NEEDS)


@dataclass(frozen=True, slots=True)
class Column:
    """One round. ``units``: how many have handed in; ``is_asked``: whether its edition asked this at all."""

    round: Round
    units: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Columns from the oldest round to this one; a count is None where the question was not asked."""

    question: Question
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def rounds_in_series(survey_round: Round) -> list[Round]:
    """This round and those before it of the same programme and audience, the oldest first."""
    earlier = (
        Round.objects.filter(
            programme=survey_round.programme_id,
            asks=survey_round.asks,
            opens_on__lte=survey_round.opens_on,
        )
        .exclude(stage=RoundStage.PREPARING)
        .exclude(pk=survey_round.pk)
        .select_related("edition")
        .order_by("-opens_on", "-pk")[: MOST_ROUNDS - 1]
    )
    return [*reversed(earlier), survey_round]


def series(survey_round: Round) -> list[Series]:
    """One query for each round, whatever the number of units."""
    rounds = rounds_in_series(survey_round)
    form = parse(survey_round.edition.definition)
    questions = [question for concept in CONCEPTS if (question := form.by_concept(concept)) is not None]
    known = published_forms()
    counted = [_count(one, form, questions, known) for one in rounds]
    return [
        _series(question, rounds, [found[question.id] for found in counted], [found[""] for found in counted])
        for question in questions
    ]


Counts = dict[str, Any]


def _count(
    survey_round: Round, form: Questionnaire, questions: list[Question], known: dict[str, Questionnaire]
) -> Counts:
    """By question id: a Counter of codes, or None where it was not asked; under "" the units."""
    theirs = parse(survey_round.edition.definition)
    walk = {question.id: _sources(form, question, theirs, known) for question in questions}
    keys = list(dict.fromkeys(source.question.id for found in walk.values() for source in found))
    result: Counts = {question.id: Counter() if walk[question.id] else None for question in questions}
    result[""] = 0
    for answers in _answers(survey_round, keys):
        result[""] += 1
        for question in questions:
            for code in _codes(value_now(question, walk[question.id], answers)):
                result[question.id][code] += 1
    return result


def _sources(
    form: Questionnaire, question: Question, theirs: Questionnaire, known: dict[str, Questionnaire]
) -> list[Source]:
    return [Source(question)] if theirs.code == form.code else sources(form, question, theirs, known)


def _answers(survey_round: Round, keys: list[str]) -> Iterator[dict[str, Any]]:
    fields = [f"answers__{key}" for key in keys] or ["pk"]
    for row in latest_submissions(survey_round).order_by().values_list(*fields).iterator():
        yield dict(zip(keys, row, strict=False))


def _codes(value: Any) -> Iterable[str]:
    if value is None:
        return ()
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def _series(question: Question, rounds: list[Round], counts: list[Any], units: list[int]) -> Series:
    known = [(choice.code, str(choice.label)) for choice in question.choices]
    seen = sorted({code for found in counts if found for code in found} - {code for code, _label in known})
    lines = (
        Line(label, tuple(None if found is None else found[code] for found in counts))
        for code, label in [*known, *((code, code) for code in seen)]
    )
    columns = (
        Column(one, number, found is not None)
        for one, number, found in zip(rounds, units, counts, strict=True)
    )
    return Series(question, tuple(columns), tuple(lines))
