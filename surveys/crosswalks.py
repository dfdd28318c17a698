"""From one edition to the next: which earlier question a question goes on with, and what the earlier answer says now.

Two editions are joined by a concept of the same name, and where a question was re-worded, split, joined or counted
otherwise by what it ``continues``. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Refused
from surveys.answers import NONE_YET, clean_shape
from surveys.questionnaires import DATED, NO, YES, Kind, Question, Questionnaire

Forms = Mapping[str, Questionnaire]
Step = Mapping[str, str]

PICKS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.YES_NO})
YEAR_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Source:
    """An earlier question. ``steps``: code then → code later, one for each edition in between, oldest first."""

    question: Question
    steps: tuple[Step, ...] = ()

    def code_now(self, code: str) -> str:
        for step in self.steps:
            code = step.get(code, code)
        return code


Crosswalk = tuple[tuple[Question, tuple[Source, ...]], ...]


def sources(form: Questionnaire, question: Question, earlier: Questionnaire, known: Forms) -> list[Source]:
    """The questions of ``earlier`` that ``question`` goes on with, by the shortest way through the ``known`` editions.

    Two where questions were joined, the same one for both halves of a question that was split, none for a new one.
    """
    editions = {**known, form.code: form, earlier.code: earlier}
    ways: list[tuple[str, str, tuple[Step, ...]]] = [(form.code, question.concept, ())]
    seen = {ways[0][:2]}
    while ways:
        found = [
            Source(target, steps)
            for code, concept, steps in ways
            if code == earlier.code and (target := earlier.by_concept(concept))
        ]
        if found:
            return found
        following = []
        for way in ways:
            for after in _one_edition_back(editions, *way):
                if after[:2] not in seen:
                    seen.add(after[:2])
                    following.append(after)
        ways = following
    return []


def _one_edition_back(
    editions: Forms, code: str, concept: str, steps: tuple[Step, ...]
) -> Iterable[tuple[str, str, tuple[Step, ...]]]:
    """What is said to continue; for every other edition the concept of the same name."""
    question = editions[code].by_concept(concept)
    if question is None:
        return
    named = [one for one in question.continues if one.edition in editions]
    for one in named:
        yield one.edition, one.concept, (dict(one.choices), *steps)
    for other in editions.keys() - {code} - {one.edition for one in named}:
        if editions[other].by_concept(concept):
            yield other, concept, steps


def crosswalk(form: Questionnaire, earlier: Questionnaire, known: Forms) -> Crosswalk:
    """Every question of ``form`` that goes on with something of ``earlier``: asked once for all units of a round."""
    pairs = ((question, sources(form, question, earlier, known)) for question in form.questions)
    return tuple((question, tuple(found)) for question, found in pairs if found)


def carried(walk: Crosswalk, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Earlier answers as answers now, by the question's id; what cannot be carried over is left out."""
    values = ((question.id, value_now(question, found, answers)) for question, found in walk)
    return {name: value for name, value in values if value is not None}


def value_now(question: Question, found: Sequence[Source], answers: Mapping[str, Any]) -> Any:
    """What the earlier answers say to ``question``, in the shape of its kind, or None."""
    given = [
        (source, answers[source.question.id])
        for source in found
        if _family(source.question) == _family(question) and answers.get(source.question.id) is not None
    ]
    if not given:
        return None
    if question.kind in PICKS:
        return _picked(question, given)
    try:
        return clean_shape(question, _raw(question, [value for _source, value in given]))
    except Refused:
        return None


def _family(question: Question) -> str:
    """Texts never become dates, nor dates choices: a guess would look like an answer."""
    if question.kind in PICKS:
        return "pick"
    return "date" if question.kind in DATED else "text"


def _picked(question: Question, given: Sequence[tuple[Source, Any]]) -> Any:
    said = {source.code_now(code) for source, value in given for code in codes_of(value)} & question.codes
    if question.kind == Kind.CHOICES:
        return [choice.code for choice in question.choices if choice.code in said] or None
    if len(said) != 1:
        return None
    code = said.pop()
    return code == YES if question.kind == Kind.YES_NO else code


def codes_of(value: Any) -> list[str]:
    """A picked answer as codes, whatever kind it was."""
    if isinstance(value, bool):
        return [YES if value else NO]
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def _raw(question: Question, values: Sequence[Any]) -> list[str]:
    """As a page would send it. Joined texts stand below each other; of several short ones the first counts."""
    if question.kind == Kind.PARTIAL_DATES:
        dates = [str(date) for value in values for date in (value if isinstance(value, list) else [value])]
        return list(dict.fromkeys(dates)) or [NONE_YET]
    singles = [str(part) for value in values for part in (value if isinstance(value, list) else [value])]
    if question.kind == Kind.LONG_TEXT:
        return ["\n".join(dict.fromkeys(singles))]
    if question.kind == Kind.YEAR:
        return [single[:YEAR_LENGTH] for single in singles[:1]]
    return singles[:1]
