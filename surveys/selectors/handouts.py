"""Sections handed out: where each stands, what its page shows, and what came back beside what is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.clock import now
from surveys.enums import HandoutState
from surveys.models import Answer, Response, SectionHandout
from surveys.questionnaires import Kind, Question, Section
from surveys.selectors import responses
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.register_values import masked
from surveys.selectors.rounds import questionnaire

# Kinds of question in whose answer no person can stand. A link travels from hand to hand: names, numbers and running
# text of the unit stay at home, what is ticked or dated may help whoever fills the section in.
IMPERSONAL = frozenset(
    {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.YEAR, Kind.PARTIAL_DATE, Kind.PARTIAL_DATES}
)


def state_of(handout: SectionHandout) -> HandoutState:
    if handout.accepted_at is not None:
        return HandoutState.ACCEPTED
    if handout.revoked_at is not None:
        return HandoutState.REVOKED
    if handout.filled_at is not None:
        return HandoutState.HANDED_BACK
    if now() >= handout.expires_at:
        return HandoutState.EXPIRED
    return HandoutState.OPENED if handout.opened_at is not None else HandoutState.NOT_OPENED


@dataclass(frozen=True, slots=True)
class Listed:
    """A hand-out with what a list says of it. ``is_live``: the link works, as far as it goes."""

    handout: SectionHandout
    state: HandoutState
    title: str

    @property
    def is_live(self) -> bool:
        return self.state in {HandoutState.NOT_OPENED, HandoutState.OPENED}

    @property
    def is_back(self) -> bool:
        return self.state == HandoutState.HANDED_BACK


def listed(handout: SectionHandout) -> Listed:
    """``handout.response`` should be loaded with its round and edition."""
    section = section_of(handout)
    return Listed(handout, state_of(handout), str(section.title) if section else handout.section)


def handouts_of(response: Response) -> list[Listed]:
    """Newest first; one query."""
    found = list(response.handouts.select_related("accepted_by").order_by("-pk"))
    form = questionnaire(response.round.edition) if found else None
    titles = {section.id: str(section.title) for section in form.sections} if form else {}
    return [Listed(one, state_of(one), titles.get(one.section, one.section)) for one in found]


def handouts_visible_to(user: Any) -> QuerySet[SectionHandout]:
    return SectionHandout.objects.visible_to(user).select_related("accepted_by", "created_by").order_by("pk")


def section_of(handout: SectionHandout) -> Section | None:
    sections = questionnaire(handout.response.round.edition).sections
    return next((section for section in sections if section.id == handout.section), None)


def open_questions(response: Response, section: Section) -> list[Question]:
    """Those of a section that may be written now: all of them, or after a return those with a remark."""
    remarks = responses.remarks_by_question(response)
    return [question for question in section.questions if responses.may_write(question.id, response, remarks)]


def shown_values(
    handout: SectionHandout, questions: list[Question], rows: Mapping[str, Answer]
) -> dict[str, Any]:
    """What the page of a section begins with: what was saved there, else what is there and names nobody."""
    known = {
        question.id: rows[question.id].value
        for question in questions
        if question.kind in IMPERSONAL and question.id in rows
    }
    return {**known, **handout.answers}


@dataclass(frozen=True, slots=True)
class Difference:
    """One question of a section that came back: what the unit has, and what was filled in for it."""

    question: Question
    ours: str
    theirs: str
    token: str
    is_same: bool
    may_take: bool


def differences(
    handout: SectionHandout, rows: Mapping[str, Answer], hidden: Collection[str] = ()
) -> list[Difference]:
    """In the order of the form; a question that was left out of the hand-out is left out here.

    ``hidden``: questions whose present answer this reader sees masked.
    """
    section = section_of(handout)
    if section is None:
        return []
    remarks = responses.remarks_by_question(handout.response)
    return [
        Difference(
            question,
            ours=masked(question.feeds, text) if question.id in hidden else text,
            theirs=answer_text(question, handout.answers[question.id]),
            token=responses.token(row),
            is_same=(row.value if row else None) == handout.answers[question.id],
            may_take=responses.may_write(question.id, handout.response, remarks),
        )
        for question in section.questions
        if question.id in handout.answers
        for row in [rows.get(question.id)]
        for text in [answer_text(question, row.value if row else None)]
    ]
