"""Walking the rules of a form: what is never asked, what nobody could answer, what continues nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import Refused
from surveys.answers import NONE_YET, clean_shape, problems, problems_of
from surveys.crosswalks import codes_of
from surveys.questionnaires import Question, Questionnaire
from surveys.rehearsals.findings import Finding, Level, Style
from surveys.rehearsals.respondents import NoAnswer, Respondents


def unreachable(form: Questionnaire) -> list[Question]:
    """Questions whose condition can never come true, and those that hang on them."""
    lost: dict[str, Question] = {}
    for question in form.questions:
        condition = question.rules.shown_if
        if condition is None:
            continue
        earlier = form.by_id[condition.question]
        if earlier.id in lost or not could_be(earlier, condition.equals):
            lost[question.id] = question
    return list(lost.values())


def could_be(question: Question, value: Any) -> bool:
    """Whether a form could store just this value, and whether the rules would let it be handed in."""
    if value is None:
        return False
    raw = [str(part) for part in value] or [NONE_YET] if isinstance(value, list) else codes_of(value)
    try:
        stored = clean_shape(question, raw)
    except Refused:
        return False
    # 1 == True, and a year is no yes.
    return type(stored) is type(value) and stored == value and not problems_of(question, stored)


def loose_continuations(form: Questionnaire, known: Mapping[str, Questionnaire]) -> Iterator[Finding]:
    for question in form.questions:
        for one in question.continues:
            values = {"question": question.full_label, "edition": one.edition, "concept": one.concept}
            if one.edition not in known:
                yield Finding(Level.WARNING, "loose_edition", values)
            elif known[one.edition].by_concept(one.concept) is None:
                yield Finding(Level.WARNING, "loose_concept", values)


def way_to(form: Questionnaire, question: Question) -> dict[str, Any]:
    """The answers by which a unit comes to this question."""
    condition = question.rules.shown_if
    if condition is None:
        return {}
    return {**way_to(form, form.by_id[condition.question]), condition.question: condition.equals}


def rule_findings(form: Questionnaire, units: Respondents, count: int) -> Iterator[Finding]:
    """Every branch is walked by a unit of its own, the extremes by one each, the rest as it comes."""
    lost = unreachable(form)
    for question in lost:
        yield Finding(Level.ERROR, "unreachable", {"question": question.full_label})
    if not lost:
        yield Finding(Level.FINE, "all_reachable", {"count": len(form.questions)})
    reachable = [question for question in form.questions if question not in lost]
    walks = [(Style.USUAL, way_to(form, question)) for question in reachable if question.rules.shown_if]
    walks += [(style, {}) for style in Style]
    walks += [(Style.USUAL, {})] * max(0, count - len(walks))
    faults = {
        (fault.code, fault.values["question"]): fault for walk in walks for fault in _walk(form, units, *walk)
    }
    yield from faults.values()
    if not faults:
        yield Finding(Level.FINE, "respondents", {"count": len(walks)})


def _walk(
    form: Questionnaire, units: Respondents, style: Style, forced: Mapping[str, Any]
) -> Iterator[Finding]:
    try:
        answers = units.fill_in(style, forced)
    except NoAnswer as fault:
        said = {"question": fault.question.full_label, "reason": fault.reason}
        yield Finding(Level.ERROR, "no_answer", said)
        return
    for reason in problems(form, answers):
        question = form.by_id[str(reason.field)]
        said = {"question": question.full_label, "reason": str(reason)}
        yield Finding(Level.ERROR, "not_handed_in", said)
