"""An Annex 2 that came by post or e-mail: staff type what the paper says, and it counts like any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from core.clock import now, today
from core.dates import format_date
from core.errors import Reason, Refused
from surveys import figures, lifecycle, scans
from surveys.answers import clean_shape, handed_in
from surveys.codes import content_hash
from surveys.enums import Arrival, Origin
from surveys.models import Answer, Response, SealedCopy, Submission
from surveys.questionnaires import Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.copies.files import keep_file
from surveys.services.responses import lock_answers

NO_SCAN = Reason(_("Add a scan or a photograph of the paper."), code="no_scan", field="scans")
IN_THE_FUTURE = Reason(_("The day of receipt lies in the future."), code="future", field="received_on")
CHANGED = Reason(
    _("Somebody else has worked on this response meanwhile. Look at it again before you enter the paper."),
    code="changed",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """``answers``: what the paper says, as typed, by question; ``scans``: files of it, at least one."""

    arrival: Arrival
    received_on: dt.date
    answers: Mapping[str, Sequence[str]]
    scans: Sequence[File]


@transaction.atomic
def enter_paper(*, response: Response, paper: Paper, seen: str, by: Any) -> Submission:
    """Store answers and scans of a paper as handed in on the day it was received, ready for review.

    ``seen``: ``state_seen`` of the response when the form was shown. Only shapes are refused: a paper says what
    it says, and what is missing on it is returned by the review like anything else.
    Raises Refused with every reason (``field`` is a question's id, ``received_on`` or ``scans``).
    """
    if not can(by, Permission.RESPONSE_REVIEW, response.community):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)
    locked, rows = lock_answers(response, fresh=True)
    lifecycle.LIFECYCLE.check("enter_paper", locked)
    if state_seen(locked) != seen:
        raise Refused(CHANGED)
    form = questionnaire(locked.round.edition)
    values, reasons = _read(form, paper)
    types, unusable = _inspected(paper.scans)
    if reasons := [*reasons, *unusable]:
        raise Refused(reasons)
    _write(locked, rows, values, note=_note(paper), by=by)
    locked.arrival, locked.received_on = paper.arrival, paper.received_on
    if locked.submissions.filter(version=locked.version).exists():
        locked.version += 1
    locked.save(update_fields=["arrival", "received_on", "version"])
    answers = handed_in(form, {name: value for name, value in values.items() if value is not None})
    change = figures.change_to(locked, form, answers)
    lifecycle.advance(locked, "enter_paper", by=by, note=_note(paper), change=change)
    submission = _submission(locked, answers, by)
    figures.keep(change)
    _keep_scans(submission, paper.scans, types, by)
    response.refresh_from_db()
    return submission


def state_seen(response: Response) -> str:
    """What a form remembers, so that nobody enters a paper over something that changed meanwhile."""
    since = response.stage_since.astimezone(dt.UTC)
    return f"{response.stage}.{response.version}.{since:%Y%m%d%H%M%S%f}"


def _read(form: Questionnaire, paper: Paper) -> tuple[dict[str, Any], list[Reason]]:
    values, reasons = {}, []
    if paper.received_on > today():
        reasons.append(IN_THE_FUTURE)
    for question in form.questions:
        try:
            values[question.id] = clean_shape(question, paper.answers.get(question.id, ()))
        except Refused as refused:
            reasons += [Reason(refused.reasons[0].message, code="shape", field=question.id)]
    return values, reasons


def _inspected(uploads: Sequence[File]) -> tuple[list[str], list[Reason]]:
    if not uploads:
        return [], [NO_SCAN]
    types, reasons = [], []
    for upload in uploads:
        try:
            types.append(scans.inspect_upload(upload).content_type)
        except Refused as refused:
            said = format_lazy(_("{name}: {reason}"), name=str(upload.name), reason=str(refused))
            reasons.append(Reason(said, code="scan", field="scans"))
    return types, reasons


def _note(paper: Paper) -> str:
    said = _("{how}, received {day}")
    return str(format_lazy(said, how=paper.arrival.label, day=format_date(paper.received_on)))


def _write(
    response: Response, rows: Mapping[str, Answer], values: Mapping[str, Any], *, note: str, by: Any
) -> None:
    """Only what the paper says otherwise; an answer that is the same keeps its history."""
    changed = {
        "origin": Origin.STAFF,
        "origin_note": note[:200],
        "confirmed": True,
        "updated_at": now(),
        "updated_by": by,
    }
    for question, value in values.items():
        row = rows.get(question)
        if row is None and value is not None:
            Answer.objects.create(response=response, question=question, value=value, **changed)
        elif row is not None and row.value != value:
            Answer.objects.filter(pk=row.pk).update(value=value, revision=row.revision + 1, **changed)
        elif row is not None and not row.confirmed:
            Answer.objects.filter(pk=row.pk).update(confirmed=True, updated_at=now(), updated_by=by)


def _submission(response: Response, answers: dict[str, Any], by: Any) -> Submission:
    submission = Submission(
        response=response,
        version=response.version,
        answers=answers,
        content_hash=content_hash(answers),
        submitted_by=by,
    )
    submission.clean_fields(exclude={"response", "submitted_by", "print_file"})
    submission.save()
    selectors.open_remarks().filter(response=response).update(resolved_at=now())
    return submission


def _keep_scans(submission: Submission, uploads: Sequence[File], types: Sequence[str], by: Any) -> None:
    copy = SealedCopy.objects.create(response=submission.response, submission=submission, sent_at=now())
    for upload, content_type in zip(uploads, types, strict=True):
        keep_file(copy=copy, upload=upload, content_type=content_type, by=by)
