"""What a reviewer says, and everything that stands against saying it now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.dates import format_moment
from core.errors import Reason
from surveys.enums import Decision, ReasonAbout, Stage
from surveys.lifecycle import LIFECYCLE
from surveys.models import Response, ReturnReason, SealedCopy, Submission
from surveys.selectors import copies, reviews

# In the order of the buttons.
MOVES = {
    Decision.COPY_RETURNED: "return_copy",
    Decision.ANSWERS_RETURNED: "return_answers",
    Decision.CLEARED: "clear",
    Decision.PROPOSED: "propose",
    Decision.ACCEPTED: "accept",
}
RETURNS = frozenset({Decision.ANSWERS_RETURNED, Decision.COPY_RETURNED})
# A decision is the last word as long as the response stands where it led.
LED_TO = {
    Decision.CLEARED: {Stage.SUBMITTED},
    Decision.PROPOSED: {Stage.SECOND_LOOK},
    Decision.ACCEPTED: {Stage.ACCEPTED, Stage.ARCHIVED},
    Decision.ANSWERS_RETURNED: {Stage.RETURNED},
    Decision.COPY_RETURNED: {Stage.COPY_RETURNED},
}
REMARK_LENGTH, NOTE_LENGTH = 1000, 2000
LONGEST_TERM = dt.timedelta(days=366)  # beyond it somebody mistyped the year


@dataclass(frozen=True, slots=True)
class Ticks:
    """签字 盖章 日期 版本一致 清晰."""

    signed: bool = False
    sealed: bool = False
    dated: bool = False
    same_version: bool = False
    legible: bool = False

    @property
    def are_all_set(self) -> bool:
        return all(asdict(self).values())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reviewer says: the decision, the ticks, a remark for each marked question, a note on the copy.

    ``reasons``: which reason of the list a remark begins with, by question; ``note_reason`` the same for the note.
    ``bad_pages``: printed pages of the copy wanted again, none: all of it. ``due_on``: last day to answer a return,
    None: as many days as the round gives.
    """

    decision: Decision
    ticks: Ticks = field(default_factory=Ticks)
    remarks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    reasons: Mapping[str, ReturnReason] = field(default_factory=dict)
    note_reason: ReturnReason | None = None
    bad_pages: tuple[int, ...] = ()
    due_on: dt.date | None = None


def possible_decisions(response: Response) -> tuple[Decision, ...]:
    """What may be decided of this response now, whoever decides."""
    return tuple(decision for decision, move in MOVES.items() if not LIFECYCLE.find(move).refusals(response))


def usual_due_day(response: Response) -> dt.date:
    """The day proposed when something is returned today."""
    return today() + dt.timedelta(days=max(response.round.return_days, 1))


def against_due_day(due_on: dt.date | None, field: str = "due_on") -> list[Reason]:
    """The unit needs at least a day; the round may close before it."""
    if due_on is None:
        return []
    if due_on <= today():
        return [Reason(_("Choose a day after today."), code="past_due", field=field)]
    if due_on > today() + LONGEST_TERM:
        return [Reason(_("Choose a day within a year."), code="far_due", field=field)]
    return []


def reasons_against(
    response: Response, submission: Submission, copy: SealedCopy | None, verdict: Verdict, by: Any
) -> list[Reason]:
    """Every reason that forbids this verdict by this person; the response is locked."""
    if reasons := _against_move(response, verdict.decision, by):
        return reasons
    if verdict.decision in RETURNS:
        return [*_against_returning(submission, copy, verdict), *against_due_day(verdict.due_on)]
    return _against_going_on(response, submission, copy, verdict)


def _against_move(response: Response, decision: Decision, by: Any) -> list[Reason]:
    refusals = LIFECYCLE.find(MOVES[decision]).refusals(response)
    if any(reason.code == "stage" for reason in refusals):
        return [decided_reason(response)]
    if not refusals and decision == Decision.ACCEPTED and reviews.has_proposed(response, by):
        return [
            Reason(_("You have proposed this one yourself; another person confirms it."), code="same_person")
        ]
    return refusals


def _against_going_on(
    response: Response, submission: Submission, copy: SealedCopy | None, verdict: Verdict
) -> list[Reason]:
    """Whatever leads towards acceptance needs unmarked answers, and a whole copy with five ticks if there is one."""
    reasons = []
    if copy is not None and not verdict.ticks.are_all_set:
        sentence = _("Accepting needs all five ticks: signed, sealed, dated, same version, legible.")
        reasons.append(Reason(sentence, code="ticks"))
    if verdict.remarks:
        reasons.append(Reason(_("Answers are marked to be returned."), code="marked"))
    missing = copies.state_of(response, submission, copy).missing if copy is not None else ()
    not_seen = _("No uploaded page has been assigned to page {number}.")
    reasons.extend(Reason(format_lazy(not_seen, number=number), code="missing_page") for number in missing)
    return reasons


def _against_returning(submission: Submission, copy: SealedCopy | None, verdict: Verdict) -> list[Reason]:
    if verdict.decision == Decision.ANSWERS_RETURNED:
        return _against_remarks(submission.response, verdict)
    reasons = _against_note(verdict)
    pages = submission.print_pages if copy is not None else 0
    if any(not 1 <= number <= pages for number in verdict.bad_pages):
        sentence = format_lazy(_("The form has pages 1 to {pages}."), pages=pages)
        reasons.append(Reason(sentence, code="no_such_page", field="bad_pages"))
    return reasons


def _against_note(verdict: Verdict) -> list[Reason]:
    if not verdict.note.strip():
        return [Reason(_("Say what is wrong with the sealed copy."), code="no_note", field="note")]
    if len(verdict.note) > NOTE_LENGTH:
        return [Reason(_("A note has at most 2,000 characters."), code="long", field="note")]
    if verdict.note_reason is not None and verdict.note_reason.about != ReasonAbout.COPY:
        return [Reason(_("This reason is not about sealed copies."), code="reason", field="note_reason")]
    return []


def _against_remarks(response: Response, verdict: Verdict) -> list[Reason]:
    if not verdict.remarks:
        return [Reason(_("Mark at least one answer."), code="nothing_marked")]
    known = reviews.question_ids(response)
    return [
        reason
        for question, text in verdict.remarks.items()
        if (reason := _against_remark(question, text, verdict.reasons.get(question), known)) is not None
    ]


def _against_remark(
    question: str, text: str, chosen: ReturnReason | None, known: frozenset[str]
) -> Reason | None:
    place = f"remark-{question}"
    if question not in known:
        return Reason(_("There is no such question."), code="no_such_question")
    if not text.strip():
        return Reason(_("Write what should be changed."), code="no_remark", field=place)
    if len(text) > REMARK_LENGTH:
        return Reason(_("A remark has at most 1,000 characters."), code="long", field=place)
    if chosen is not None and chosen.about != ReasonAbout.ANSWERS:
        return Reason(_("This reason is not about answers."), code="reason", field=place)
    return None


def decided_reason(response: Response) -> Reason:
    """Who was quicker, what they decided and when; or only that there is nothing to decide."""
    last = reviews.last_review(response)
    if last is None or response.stage not in LED_TO[Decision(last.decision)]:
        return Reason(_("This response does not wait for a review."), code="stage")
    return Reason(
        format_lazy(
            _("{who} decided this on {when}: {decision}. Your decision was not stored."),
            who=str(last.decided_by),
            when=format_moment(last.decided_at),
            decision=last.get_decision_display(),
        ),
        code="decided",
    )
