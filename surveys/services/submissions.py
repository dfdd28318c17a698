"""Handing in: every rule, one unchangeable row, one print, one receipt; pressed twice it is still one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.dates import format_moment
from core.errors import Reason, Refused
from documents import services as documents
from documents.enums import RunState
from documents.models import Run
from notices import services as notices
from notices.enums import Kind
from surveys import figures, lifecycle
from surveys.answers import handed_in, problems
from surveys.codes import content_hash
from surveys.enums import WRITABLE, Stage
from surveys.models import Answer, Remark, Response, Submission
from surveys.questionnaires import Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.rounds import questionnaire
from surveys.services.responses import lock_answers, may_fill

PRINT = "surveys.print_form"

CHANGED = Reason(
    _("The answers have changed since you checked them. Please check them once more."), code="changed"
)


def content_of(form: Questionnaire, rows: dict[str, Answer]) -> tuple[dict[str, Any], str]:
    """What would be handed in now, and its hash: the check page shows the one and remembers the other."""
    answers = handed_in(form, selectors.values_of(rows))
    return answers, content_hash(answers)


def reasons_against(form: Questionnaire, rows: dict[str, Answer]) -> list[Reason]:
    """Everything that keeps these answers from being handed in, in the order of the form."""
    answers = selectors.values_of(rows)
    reasons = problems(form, answers)
    named = {reason.field for reason in reasons}
    reasons += [
        Reason(_("Please confirm that this still holds, or change it."), code="unconfirmed", field=question)
        for question in selectors.unconfirmed(rows) & handed_in(form, answers).keys() - named
    ]
    order = list(form.by_id)
    return sorted(reasons, key=lambda reason: order.index(str(reason.field)))


@transaction.atomic
def submit_response(*, response: Response, by: Any, submission_key: str, seen_hash: str) -> Submission:
    """Hand in what the check page showed (``seen_hash``). The same key again returns the same submission.

    Raises Refused with every reason; code ``changed`` when the content is not the one that was checked.
    """
    may_fill(response, by)
    locked, rows = lock_answers(response, fresh=True)
    if locked.stage not in WRITABLE:
        return _handed_in_already(locked, submission_key, seen_hash)
    form = questionnaire(locked.round.edition)
    answers, digest = content_of(form, rows)
    if reasons := [*selectors.writing_refusals(locked), *reasons_against(form, rows)]:
        raise Refused(reasons)
    if seen_hash != digest:
        raise Refused(CHANGED)
    if locked.stage == Stage.NOT_STARTED:
        lifecycle.advance(locked, "start", by=by)
    if locked.stage == Stage.RETURNED:
        Remark.objects.filter(response=locked, resolved_at__isnull=True).update(resolved_at=now())
    change = figures.change_to(locked, form, answers)
    lifecycle.advance(locked, lifecycle.submitting_move(locked), by=by, change=change, is_locked=True)
    submission = Submission(
        response=locked,
        version=locked.version,
        answers=answers,
        content_hash=digest,
        submitted_at=locked.stage_since,
        submitted_by=by,
        submission_key=submission_key,
    )
    submission.clean_fields(exclude={"response", "submitted_by", "print_file"})
    submission.save()
    figures.keep(change)
    if not locked.is_checked_first:
        request_print(submission=submission, is_first=True)
    _queue_receipt(submission, by)
    return submission


def _handed_in_already(response: Response, key: str, seen_hash: str) -> Submission:
    """A second press or a press after Back: the same paper, the same receipt."""
    same = response.submissions.filter(submission_key=key).first() if key else None
    if same is None:
        raise Refused(selectors.HANDED_IN)
    if same.content_hash != seen_hash:
        raise Refused(CHANGED)
    return same


def _queue_receipt(submission: Submission, by: Any) -> None:
    response = submission.response
    notices.queue(
        kind=Kind.RESPONSE_SUBMITTED,
        subject=submission,
        is_first=True,
        recipient=by,
        community_id=response.community_id,
        context={
            "community": str(response.community),
            "round": str(response.round),
            "reference": response.reference,
            "version": submission.version,
            "submitted_at": format_moment(submission.submitted_at),
            "deadline": response.invitation.deadline_on.isoformat(),
            "is_late": response.is_late,
            "is_checked_first": response.is_checked_first,
            "without_seal": not response.needs_sealed_copy,
            "path": reverse("surveys:receipt", args=[response.reference]),
        },
    )


# --- the print ------------------------------------------------------------------------------------------


def print_key(submission: Submission) -> str:
    return f"{PRINT}:{submission.pk}"


def request_print(*, submission: Submission, is_first: bool = False) -> Run:
    return documents.request_run(
        handler=PRINT,
        parameters={"submission": submission.pk},
        by=None,
        key=print_key(submission),
        is_first=is_first,
    )


def has_lost_print(submission: Submission) -> bool:
    """Nobody works on it any more: it was given up, or its run is gone. What only waits is found by the reaper."""
    if submission.print_file_id:
        return False
    last = Run.objects.filter(key=print_key(submission)).order_by("-pk").first()
    return last is None or last.state == RunState.FAILED


def ask_for_print_again(*, submission: Submission) -> None:
    """A lost print is queued once more; one that exists is never made again, nor one that nobody may seal yet."""
    if selectors.is_print_due(submission.response, submission) and has_lost_print(submission):
        request_print(submission=submission)
