"""A section filled in by link: nobody is signed in, what is saved waits beside the answers until the unit takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import now
from core.errors import Reason, Refused
from surveys import tokens
from surveys.answers import Entry, clean_shape, problems_of
from surveys.enums import HandoutState
from surveys.models import SectionHandout
from surveys.questionnaires import Question, Section
from surveys.selectors import handouts as selectors
from surveys.selectors import responses
from surveys.services.handouts import tell_unit
from surveys.tokens import Purpose

NO_SUCH_LINK = Reason(
    _("This link is not right. Please open it once more from the message you got, or scan the code."),
    code="no_such_link",
)
OVER = {
    HandoutState.EXPIRED: Reason(
        _("The time for this section is over. Ask whoever sent you the link for a new one."), code="expired"
    ),
    HandoutState.REVOKED: Reason(
        _("This link has been called back. If that surprises you, ask whoever sent it to you."),
        code="revoked",
    ),
    HandoutState.HANDED_BACK: Reason(
        _(
            "This section has been handed back. Thank you. To change something, ask whoever sent you the link."
        ),
        code="handed_back",
    ),
    HandoutState.ACCEPTED: Reason(
        _("This section has been handed back and taken over. Thank you."), code="accepted"
    ),
}
CLOSED = Reason(_("This form can no longer be filled in. Thank you all the same."), code="closed")
NOTHING = Reason(_("Nothing has been filled in yet."), code="nothing")
NO_NAME = Reason(_("Please say who you are."), code="required", field="filled_by")
OVERTAKEN = Reason(
    _(
        "Somebody else has just written here through the same link. Yours is not saved; save once more to keep it."
    ),
    code="conflict",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One section as its page shows it. ``values``: by question, what the page begins with."""

    handout: SectionHandout
    section: Section
    questions: list[Question]
    values: dict[str, Any]


@dataclass(slots=True)
class Kept:
    """One press of the button. ``refused``: by question, also ``filled_by`` or empty for the whole page."""

    desk: Desk
    refused: dict[str, Reason] = field(default_factory=dict)


def open_desk(token: str) -> Desk:
    """Raises Refused with the one reason that matters: code ``no_such_link`` for what we never made."""
    found = tokens.read(Purpose.SECTION, token)
    handout = _handouts().filter(pk=found[0]).first() if found else None
    if handout is None:
        raise Refused(NO_SUCH_LINK)
    return _desk(handout)


def _handouts() -> Any:
    return SectionHandout.objects.select_related(
        "response__round__edition", "response__invitation__round", "response__community"
    )


def _desk(handout: SectionHandout) -> Desk:
    if reason := OVER.get(selectors.state_of(handout)):
        raise Refused(reason)
    section = selectors.section_of(handout)
    questions = selectors.open_questions(handout.response, section) if section else []
    if section is None or not questions or responses.writing_refusals(handout.response):
        raise Refused(CLOSED)
    rows = responses.answer_rows(handout.response)
    return Desk(handout, section, questions, selectors.shown_values(handout, questions, rows))


def note_opened(*, token: str) -> None:
    """The page is in front of somebody: told by its script or by the first saving, never by a mere request, because
    chat apps look at every link that is sent.
    """
    desk = open_desk(token)
    SectionHandout.objects.filter(pk=desk.handout.pk, opened_at__isnull=True).update(opened_at=now())


@transaction.atomic
def save_section(*, token: str, entries: Mapping[str, Entry], filled_by: str, hands_back: bool) -> Kept:
    """Keep what can be kept; with ``hands_back`` and nothing in the way, close the section and tell the unit.

    Two people may hold the same link: an answer that the other has written meanwhile is not overwritten unseen.
    Raises Refused when the link is over.
    """
    pk = open_desk(token).handout.pk
    handout = _handouts().select_for_update(of=("self",)).get(pk=pk)
    desk = _desk(handout)
    kept = Kept(desk, _write(desk, entries))
    handout.filled_by = filled_by.strip()[:100]
    handout.opened_at = handout.opened_at or now()
    if hands_back:
        kept.refused = {**_reasons_against(desk, handout), **kept.refused}
        if not kept.refused:
            _hand_back(desk)
    handout.save()
    return kept


def _write(desk: Desk, entries: Mapping[str, Entry]) -> dict[str, Reason]:
    refused = {}
    for question in desk.questions:
        entry = entries.get(question.id)
        if entry is None:
            continue
        try:
            value = clean_shape(question, entry.raw)
        except Refused as error:
            refused[question.id] = error.reasons[0]
            continue
        held, seen = desk.values.get(question.id), responses.parse_token(entry.seen)[1]
        if value == held or responses.digest(value) == seen:
            continue
        if responses.digest(held) != seen:
            refused[question.id] = OVERTAKEN
            continue
        desk.handout.answers[question.id] = desk.values[question.id] = value
    return refused


def _reasons_against(desk: Desk, handout: SectionHandout) -> dict[str, Reason]:
    """A section may come back with gaps, the other office need not know everything; but not with faults."""
    reasons: dict[str, Reason] = {}
    filled = {name: value for name, value in desk.values.items() if value is not None}
    if not filled:
        reasons[""] = NOTHING
    if not handout.filled_by:
        reasons["filled_by"] = NO_NAME
    for question in desk.questions:
        if question.id in filled and (found := problems_of(question, filled[question.id])):
            reasons[question.id] = found[0]
    return reasons


def _hand_back(desk: Desk) -> None:
    """What was shown and left as it is has been seen too: it comes back with the rest."""
    handout = desk.handout
    handout.answers = {q.id: desk.values[q.id] for q in desk.questions if q.id in desk.values}
    handout.filled_at = now()
    audit.record(
        "handout.hand_back",
        by=None,
        target=handout,
        community_id=handout.response.community_id,
        changes={"section": handout.section, "questions": sorted(handout.answers)},
        personal={"filled_by": (None, handout.filled_by)},
    )
    tell_unit(handout, desk.section)
