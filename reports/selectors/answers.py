"""What units answered, counted by concept and not by wording, so that a re-worded edition is counted on."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language

from surveys import figures
from surveys.enums import Stage
from surveys.models import Round, Submission
from surveys.questionnaires import YES, Kind

PLANNED_YEAR, INTENDS, NEEDS = "survey.planned_year", "survey.intends", "survey.needs"


def latest_submissions(survey_round: Round) -> QuerySet[Submission]:
    """What each unit last handed in; drafts and void responses do not count."""
    newer = Submission.objects.filter(response=OuterRef("response"), version__gt=OuterRef("version"))
    return (
        Submission.objects.filter(response__round=survey_round)
        .exclude(response__stage=Stage.VOID)
        .filter(~Exists(newer))
        .order_by("response_id")
    )


def questions_by_concept(survey_round: Round) -> dict[str, dict]:
    """Concept id → the question as the edition defines it."""
    sections = survey_round.edition.definition["sections"]
    return {
        question["concept"]: question
        for section in sections
        for question in section["questions"]
        if question.get("concept")
    }


def count_answers(survey_round: Round, concept: str) -> list[tuple[object, int]]:
    """(answer, units) of a counted question, in the question's own order; several choices count once each."""
    return counts_of(survey_round, concept).get(concept, [])


def counts_of(survey_round: Round, *concepts: str) -> dict[str, list[tuple[object, int]]]:
    """``count_answers`` of several concepts in one query; a concept the edition does not ask is absent."""
    known = questions_by_concept(survey_round)
    asked = {concept: known[concept] for concept in concepts if concept in known}
    found: dict[str, Counter[str]] = {concept: Counter() for concept in asked}
    for concept, value, units in figures.of_round(survey_round, *asked):
        found[concept][value] = units
    return {concept: _in_order(question, found[concept]) for concept, question in asked.items()}


def units_with_answer(survey_round: Round, concept: str, value: str) -> int:
    return sum(
        units for _concept, _value, units in figures.of_round(survey_round, concept).filter(value=value)
    )


def _in_order(question: dict[str, Any], found: Counter[str]) -> list[tuple[object, int]]:
    if choices := [choice["code"] for choice in question.get("choices", [])]:
        return [(code, found[code]) for code in choices]
    return [(_as_given(question, value), units) for value, units in sorted(found.items()) if units]


def _as_given(question: dict[str, Any], value: str) -> object:
    if question["kind"] == Kind.YES_NO:
        return value == YES
    return int(value) if question["kind"] == Kind.YEAR and value.isdecimal() else value


def counted_answers(survey_round: Round) -> list[dict[str, Any]]:
    """Every counted question with its answers in words: question, key, answers of label, answer and units."""
    known = questions_by_concept(survey_round)
    english = (get_language() or "").startswith("en")
    label = "label_en" if english else "label_zh"
    keys = {INTENDS: "intends", PLANNED_YEAR: "planned_year", NEEDS: "need"}
    entries = []
    for concept, counts in counts_of(survey_round, *keys).items():
        question = known[concept]
        labels = {
            choice["code"]: choice.get(label) or choice["label_zh"] for choice in question.get("choices", [])
        }
        answers = [
            {"label": labels.get(str(answer), answer), "answer": answer, "units": units}
            for answer, units in counts
        ]
        entries.append(
            {
                "question": question.get(label) or question["label_zh"],
                "key": keys[concept],
                "answers": answers,
            }
        )
    return entries
