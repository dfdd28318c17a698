"""Handing a section to another office by a link, and taking over what comes back. Nothing counts before that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import local, now
from core.errors import Reason, Refused
from core.links import absolute
from notices import services as notices
from notices.enums import Kind
from surveys import tokens
from surveys.answers import Entry, raw_of
from surveys.enums import HandoutState, Origin
from surveys.models import Response, SectionHandout
from surveys.questionnaires import Section
from surveys.selectors import handouts as selectors
from surveys.selectors.origins import origin_note
from surveys.selectors.responses import answer_rows, writing_refusals
from surveys.selectors.rounds import questionnaire
from surveys.services.responses import FormOutcome, Provenance, may_fill, save_answers
from surveys.services.review_notices import people_who_fill_in
from surveys.tokens import Purpose

NO_SUCH_SECTION = Reason(_("There is no such section."), code="no_such_section")
NOBODY = Reason(_("Say to whom the section goes."), code="required", field="sent_to")
NOT_BACK = Reason(_("This section has not been handed back."), code="not_back")
SETTLED = Reason(_("This section has been taken over or called back already."), code="settled")
IS_BACK = Reason(_("This section has been handed back. Look at it first."), code="is_back")
NOTHING_CHOSEN = Reason(_("Choose at least one answer to take over."), code="nothing_chosen")


def valid_until() -> dt.datetime:
    return now() + dt.timedelta(days=settings.SECTION_LINK_DAYS)


def link_of(handout: SectionHandout) -> str:
    return absolute(reverse("surveys:section", args=[tokens.make(Purpose.SECTION, handout.pk)]))


@transaction.atomic
def hand_out(*, response: Response, section: str, sent_to: str, by: Any) -> SectionHandout:
    """Make a link for one section. Raises Refused when nothing may be written, or nothing of this section."""
    may_fill(response, by)
    found = _open_section(response, section)
    if reasons := [*writing_refusals(response), *([] if sent_to.strip() else [NOBODY])]:
        raise Refused(reasons)
    return _create(response, found.id, sent_to.strip(), {}, by)


def _open_section(response: Response, name: str) -> Section:
    form = questionnaire(response.round.edition)
    section = next((section for section in form.sections if section.id == name), None)
    if section is None or not selectors.open_questions(response, section):
        raise Refused(NO_SUCH_SECTION)
    return section


def _create(
    response: Response, section: str, sent_to: str, answers: dict[str, Any], by: Any
) -> SectionHandout:
    handout = SectionHandout(
        response=response,
        section=section,
        sent_to=sent_to,
        answers=answers,
        expires_at=valid_until(),
        created_by=by,
    )
    handout.clean_fields(exclude={"response", "created_by", "accepted_by"})
    handout.save()
    _record("handout.create", handout, by=by, personal={"sent_to": (None, sent_to)})
    return handout


@transaction.atomic
def revoke(*, handout: SectionHandout, by: Any) -> SectionHandout:
    """End the link, or leave what came back unused. Twice is harmless; what was taken over stays."""
    locked = _locked(handout, by)
    if locked.accepted_at is not None:
        raise Refused(SETTLED)
    if locked.revoked_at is None:
        locked.revoked_at = now()
        locked.save(update_fields=["revoked_at"])
        _record("handout.revoke", locked, by=by)
    return locked


@transaction.atomic
def send_again(*, handout: SectionHandout, by: Any) -> SectionHandout:
    """A new link to the same people, with what they have saved so far; the old link ends."""
    locked = _locked(handout, by)
    if locked.filled_at is not None:
        raise Refused(SETTLED if locked.accepted_at or locked.revoked_at else IS_BACK)
    _open_section(locked.response, locked.section)
    if reasons := writing_refusals(locked.response):
        raise Refused(reasons)
    revoke(handout=locked, by=by)
    return _create(locked.response, locked.section, locked.sent_to, locked.answers, by)


@transaction.atomic
def open_again(*, handout: SectionHandout, by: Any) -> SectionHandout:
    """Let those who handed it back change something: the same link works anew."""
    locked = _locked(handout, by)
    if locked.accepted_at is not None or locked.revoked_at is not None:
        raise Refused(SETTLED)
    if locked.filled_at is None:
        raise Refused(NOT_BACK)
    if reasons := writing_refusals(locked.response):
        raise Refused(reasons)
    locked.filled_at, locked.expires_at = None, valid_until()
    locked.save(update_fields=["filled_at", "expires_at"])
    _record("handout.open_again", locked, by=by)
    return locked


@transaction.atomic
def accept(*, handout: SectionHandout, seen: Mapping[str, str], by: Any) -> FormOutcome:
    """Write the chosen answers into the response. ``seen``: question → token of the answer that stood beside it.

    An answer that somebody changed meanwhile is left as it is and comes back as a conflict; the others are stored.
    """
    locked = _locked(handout, by)
    if locked.filled_at is None or locked.revoked_at is not None:
        raise Refused(NOT_BACK if locked.filled_at is None else SETTLED)
    chosen = {name: token for name, token in seen.items() if name in locked.answers}
    if not chosen:
        return _settle_equal(locked, by)
    entries = {name: Entry(raw_of(locked.answers[name]), token) for name, token in chosen.items()}
    outcome = save_answers(
        response=locked.response,
        entries=entries,
        by=by,
        provenance=Provenance(Origin.SECTION, note_of(locked)),
    )
    if outcome.saved:
        _settle(locked, by, sorted(chosen.keys() - outcome.conflicts.keys() - outcome.refused.keys()))
    return outcome


def _settle(handout: SectionHandout, by: Any, taken: list[str]) -> None:
    if handout.accepted_at is None:
        handout.accepted_at, handout.accepted_by = now(), by
        handout.save(update_fields=["accepted_at", "accepted_by"])
    _record("handout.accept", handout, by=by, changes={"questions": taken})


def _settle_equal(handout: SectionHandout, by: Any) -> FormOutcome:
    """Nothing is chosen: right only where what came back says what the unit says already."""
    if not all(one.is_same for one in selectors.differences(handout, answer_rows(handout.response))):
        raise Refused(NOTHING_CHOSEN)
    _settle(handout, by, [])
    return FormOutcome()


def note_of(handout: SectionHandout) -> str:
    """派出所 王警官 填写，2024年3月2日: to whom it went and who says to have filled it in, once where they are one."""
    sent_to, filled_by = handout.sent_to, handout.filled_by
    names = [sent_to, filled_by]
    if filled_by in sent_to or sent_to in filled_by:
        names = [max(names, key=len)]
    return origin_note("section", " ".join(names), local(handout.filled_at or now()).date().isoformat())


def _locked(handout: SectionHandout, by: Any) -> SectionHandout:
    """The row against two hands at once, with the response it came with, whose door has been passed."""
    may_fill(handout.response, by)
    locked = SectionHandout.objects.select_for_update().get(pk=handout.pk)
    locked.response = handout.response
    return locked


def _record(
    action: str, handout: SectionHandout, *, by: Any, changes: Any = None, personal: Any = None
) -> None:
    audit.record(
        action,
        by=by,
        target=handout,
        community_id=handout.response.community_id,
        changes={"section": handout.section, **(changes or {})},
        personal=personal,
    )


# --- the mail when it has come back -------------------------------------------------------------------------


def tell_unit(handout: SectionHandout, section: Section) -> None:
    """To whoever handed it out, or to all who fill in if that person no longer does. No answer, no name in a mail."""
    response = handout.response
    people = people_who_fill_in(response.community)
    for user in [one for one in people if one.pk == handout.created_by_id] or people:
        notices.tell(
            kind=Kind.SECTION_FILLED,
            subject=handout,
            recipient=user,
            community_id=response.community_id,
            context={
                "community": str(response.community),
                "reference": response.reference,
                "round": str(response.round.title),
                "section": section.title_zh,
                "path": reverse("surveys:handout", args=[response.reference, handout.pk]),
            },
            # Handed back once more after it was opened again: another mail.
            step=str(int((handout.filled_at or now()).timestamp())),
        )


def is_still_wanted(notice: Any) -> bool:
    """Asked when the mail leaves: not once somebody has looked after it, nor to somebody who has left the unit."""
    pk = notice.subject.rpartition(":")[2]
    handout = SectionHandout.objects.select_related("response__community").filter(pk=pk).first()
    if handout is None or selectors.state_of(handout) != HandoutState.HANDED_BACK:
        return False
    return notice.recipient in people_who_fill_in(handout.response.community)
