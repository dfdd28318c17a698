"""Writing answers: each by itself, at once, and never over what another device wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from core.clock import now
from core.errors import Reason, Refused
from surveys import figures, lifecycle
from surveys.answers import Entry, Progress, clean_shape
from surveys.enums import Origin, Stage
from surveys.models import Answer, Response
from surveys.questionnaires import Question, Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire


class Conflict(Exception):  # noqa: N818 - two people wrote: nobody made a mistake
    """Another device wrote this answer after the page had read it. ``row`` holds what stands there now."""

    def __init__(self, row: Answer) -> None:
        self.row = row
        super().__init__(row.question)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where answers come from that the writer has not typed; ``note`` as ``selectors.origins`` stores it."""

    origin: Origin = Origin.TYPED
    note: str = ""


TYPED = Provenance()


@dataclass(frozen=True, slots=True)
class Saved:
    row: Answer | None
    progress: Progress


@dataclass(slots=True)
class FormOutcome:
    """One press of 保存: what was stored, what could not be, and where another device was first."""

    saved: int = 0
    confirmed: int = 0
    refused: dict[str, Reason] = field(default_factory=dict)
    conflicts: dict[str, Answer] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not self.refused and not self.conflicts


@transaction.atomic
def save_answer(*, response: Response, question: str, entry: Entry, by: Any) -> Saved:
    """Store one answer. Sending the same again is harmless.

    ``response`` comes through the door, which has asked whether ``by`` may fill it in.
    Raises Refused (a shape that cannot be stored, or writing is over) and Conflict.
    """
    page = _open_page(response, by)
    row = page.store(page.question(question), entry)
    return Saved(row, selectors.progress_of(page.form, page.rows))


@transaction.atomic
def save_answers(
    *, response: Response, entries: Mapping[str, Entry], by: Any, provenance: Provenance = TYPED
) -> FormOutcome:
    """Store a whole page sent without scripts: what stands in no way of anything else is kept.

    An answer that the page did not touch is left alone, even if another device changed it.
    """
    page = _open_page(response, by, provenance)
    outcome = FormOutcome()
    for name, entry in entries.items():
        question = page.form.by_id.get(name)
        if question is None or not selectors.may_write(name, page.response, page.remarks):
            continue
        try:
            if page.touches(question, entry):
                page.store(question, entry)
                outcome.saved += 1
                outcome.confirmed += entry.keep
        except Refused as refused:
            outcome.refused[name] = refused.reasons[0]
        except Conflict as conflict:
            outcome.conflicts[name] = conflict.row
    return outcome


def note_form_opened(*, response: Response, by: Any) -> None:
    """The unit has the form before it: told by the page's script or by the first answer, never by a mere request.

    Who of the association looks in is not the unit.
    """
    may_fill(response, by)
    if response.first_opened_at is None and not by.is_staff:
        _open_form(response)


@transaction.atomic
def _open_form(response: Response) -> None:
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if locked.first_opened_at is None:
        stood, locked.first_opened_at = figures.standing_of(locked), now()
        locked.save(update_fields=["first_opened_at"])
        figures.moved(locked, stood)
    response.first_opened_at = locked.first_opened_at


def may_fill(response: Response, by: Any) -> None:
    if not can(by, Permission.RESPONSE_FILL, response.community):
        raise PermissionDenied(Permission.RESPONSE_FILL)


def lock_answers(response: Response, *, fresh: bool = False) -> tuple[Response, dict[str, Answer]]:
    """The response, locked against everybody else who writes or hands in, and its answers: one query as a rule.

    ``fresh``: the answers are locked too, so that those written while the lock was waited for are read anew, and round
    and invitation are those of this moment.
    """
    related = ("response__round", "response__invitation") if fresh else ("response",)
    rows = list(
        Answer.objects.select_for_update(of=("self", "response") if fresh else ("response",))
        .filter(response=response.pk)
        .select_related(*related)
        .order_by("pk")
    )
    locked = rows[0].response if rows else Response.objects.select_for_update().get(pk=response.pk)
    if fresh:
        locked.round.edition = response.round.edition
        locked.invitation.round = locked.round
    else:
        locked.round, locked.invitation = response.round, response.invitation
    locked.community = response.community
    return locked, {row.question: row for row in rows}


def _open_page(response: Response, by: Any, provenance: Provenance = TYPED) -> _Page:
    may_fill(response, by)
    locked, rows = lock_answers(response)
    if reasons := selectors.writing_refusals(locked):
        raise Refused(reasons)
    form = questionnaire(locked.round.edition)
    return _Page(locked, form, rows, frozenset(selectors.remarks_by_question(locked)), by, provenance)


@dataclass(slots=True)
class _Page:
    """A locked response while answers are written into it."""

    response: Response
    form: Questionnaire
    rows: dict[str, Answer]
    remarks: frozenset[str]
    by: Any
    provenance: Provenance

    def question(self, name: str) -> Question:
        question = self.form.by_id.get(name)
        if question is None:
            raise Refused(Reason(_("There is no such question."), code="no_such_question"))
        if not selectors.may_write(name, self.response, self.remarks):
            raise Refused(selectors.NOT_RETURNED)
        return question

    def touches(self, question: Question, entry: Entry) -> bool:
        """Whether the page changed what it had shown."""
        row = self.rows.get(question.id)
        if entry.keep:
            return row is not None and not row.confirmed
        return selectors.digest(clean_shape(question, entry.raw)) != selectors.parse_token(entry.seen)[1]

    def store(self, question: Question, entry: Entry) -> Answer | None:
        row = self.rows.get(question.id)
        value = row.value if entry.keep and row else clean_shape(question, entry.raw)
        if row is None and value is None:
            return None
        if row is not None and row.value == value and row.confirmed:
            return row
        revision = selectors.parse_token(entry.seen)[0]
        if row is not None and row.revision != revision and row.value != value:
            raise Conflict(row)
        note_form_opened(response=self.response, by=self.by)
        if self.response.stage == Stage.NOT_STARTED:
            lifecycle.advance(self.response, "start", by=self.by)
        self.rows[question.id] = self._write(question, row, value)
        return self.rows[question.id]

    def _write(self, question: Question, row: Answer | None, value: Any) -> Answer:
        """PostgreSQL reads the rows first and waits for the lock then, so what was read may have been overtaken:
        only the revision that was read is overwritten.
        """
        changes = {"value": value, "confirmed": True, "updated_at": now(), "updated_by": self.by}
        mine = Answer.objects.filter(response=self.response, question=question.id)
        if row is None or row.value != value:
            changes |= {"origin": self.provenance.origin, "origin_note": self.provenance.note}
        if row is None:
            try:
                with transaction.atomic():
                    return Answer.objects.create(response=self.response, question=question.id, **changes)
            except IntegrityError as error:
                raise Conflict(mine.select_related("updated_by").get()) from error
        changes["revision"] = row.revision + 1
        if not mine.filter(revision=row.revision).update(**changes):
            raise Conflict(mine.select_related("updated_by").get())
        for name, changed in changes.items():
            setattr(row, name, changed)
        return row
