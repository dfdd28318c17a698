"""How far the work is: what is answered of what is asked, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.answers.rules import REQUIRED, Answers, problems, shown
from surveys.questionnaires import Question, Questionnaire, Section


@dataclass(frozen=True, slots=True)
class SectionProgress:
    section: Section
    done: int
    total: int

    @property
    def ring(self) -> str:
        return "passed" if self.done == self.total else ("draft" if self.done else "empty")


@dataclass(frozen=True, slots=True)
class Progress:
    """Questions answered of those asked now; ``missing`` is what is still to be done, in the order of the form:
    required ones, prefilled ones to be confirmed, and those whose answer breaks a rule.
    """

    sections: tuple[SectionProgress, ...]
    missing: tuple[Question, ...]

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def progress(
    questionnaire: Questionnaire,
    answers: Answers,
    unconfirmed: frozenset[str] = frozenset(),
    refused: frozenset[str] = frozenset(),
) -> Progress:
    """``unconfirmed``: prefilled answers that still wait for 仍属实. ``refused``: what was typed could not be stored.

    Neither of them counts as answered, and an answer that breaks a rule does not either: it will not be taken.
    """
    faulty = {str(reason.field) for reason in problems(questionnaire, answers) if reason.code != REQUIRED}
    open_ones = unconfirmed | refused | faulty
    settled = {key for key, value in answers.items() if value is not None} - open_ones
    asked = shown(questionnaire, answers)
    sections = []
    for section in questionnaire.sections:
        here = [question for question in section.questions if question in asked]
        sections.append(SectionProgress(section, sum(q.id in settled for q in here), len(here)))
    missing = tuple(
        question
        for question in asked
        if question.id not in settled and (question.rules.required or question.id in open_ones)
    )
    return Progress(tuple(sections), missing)
