"""What staff decide about a response: take it up, clear it for sealing, propose, accept, return answers or copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.authz import can
from core.errors import Reason, Refused
from surveys import lifecycle
from surveys.enums import AWAITING_DECISION, Decision, Stage
from surveys.models import Remark, Response, ReturnReason, Review, SealedCopy, Submission
from surveys.selectors import reviews
from surveys.services.register_changes import list_differences
from surveys.services.review_notices import tell_unit
from surveys.services.submissions import request_print
from surveys.services.verdicts import (
    MOVES,
    RETURNS,
    Ticks,
    Verdict,
    decided_reason,
    possible_decisions,
    reasons_against,
    usual_due_day,
)

__all__ = ["Ticks", "Verdict", "decide", "possible_decisions", "set_due_day", "take_up"]

OTHER_COPY = Reason(
    _("The unit has sent another sealed copy meanwhile. Please look at that one."), code="other"
)
OTHER_ANSWERS = Reason(
    _("The unit has changed its answers meanwhile. Please look at the new ones."), code="other"
)


@transaction.atomic
def take_up(*, response: Response, by: Any) -> Response:
    """Begin the review, so that colleagues see who has it. Taking one's own again changes nothing."""
    locked = locked_for_review(response, by)
    if locked.stage == Stage.IN_REVIEW and locked.reviewer_id in {None, by.pk}:
        _set_reviewer(locked, by)
    elif locked.stage == Stage.IN_REVIEW:
        raise Refused(
            Reason(format_lazy(_("{who} is reviewing this one."), who=str(locked.reviewer)), code="taken")
        )
    elif locked.stage == Stage.UPLOADED:
        lifecycle.advance(locked, "begin_review", by=by)
        _set_reviewer(locked, by)
    else:
        raise Refused(decided_reason(locked))
    response.refresh_from_db(fields=["stage", "stage_since", "reviewer"])
    return response


@transaction.atomic
def decide(
    *, response: Response, seen_version: int | None, seen_copy: int | None, verdict: Verdict, by: Any
) -> Review:
    """Decide once. Of two reviewers the second is refused and told who decided when.

    ``seen_version`` and ``seen_copy``: what the reviewer looked at; newer answers or papers are not decided unseen.
    """
    locked = locked_for_review(response, by)
    if locked.stage not in AWAITING_DECISION:
        raise Refused(decided_reason(locked))
    submission = reviews.submission_under_review(locked)
    copy = reviews.copy_of(submission)
    if (copy.pk if copy else None) != seen_copy:
        raise Refused(OTHER_COPY)
    if submission.version != seen_version:
        raise Refused(OTHER_ANSWERS)
    submission.response = locked
    if reasons := reasons_against(locked, submission, copy, verdict, by):
        raise Refused(reasons)
    review = _store(locked, submission, copy, verdict, by)
    _move(locked, review, verdict, by)
    tell_unit(review)
    response.refresh_from_db(fields=["stage", "stage_since", "version", "reviewer", "return_due_on"])
    return review


def _store(
    response: Response, submission: Submission, copy: SealedCopy | None, verdict: Verdict, by: Any
) -> Review:
    is_copy = verdict.decision == Decision.COPY_RETURNED
    review = Review(
        response=response,
        submission=submission,
        sealed_copy=copy,
        decision=verdict.decision,
        note=verdict.note.strip() if is_copy else "",
        reason=verdict.note_reason if is_copy else None,
        bad_pages=sorted(set(verdict.bad_pages)) if is_copy else [],
        decided_by=by,
        **asdict(verdict.ticks),
    )
    review.full_clean()
    review.save()
    if verdict.decision == Decision.ANSWERS_RETURNED:
        _store_remarks(review, verdict.remarks, verdict.reasons)
    return review


def _store_remarks(review: Review, remarks: Mapping[str, str], reasons: Mapping[str, ReturnReason]) -> None:
    answers = review.submission.answers
    for question, text in remarks.items():
        remark = Remark(
            response=review.response,
            review=review,
            question=question,
            reason=reasons.get(question),
            text=text.strip(),
            old_value=answers.get(question),
        )
        remark.full_clean()
        remark.save()


def _move(response: Response, review: Review, verdict: Verdict, by: Any) -> None:
    if response.stage == Stage.UPLOADED:
        lifecycle.advance(response, "begin_review", by=by)
    _set_reviewer(response, by)
    if verdict.decision in RETURNS:
        set_due_day(response, verdict.due_on or usual_due_day(response), by=by)
    lifecycle.advance(response, MOVES[verdict.decision], by=by, note=review.note)
    if verdict.decision == Decision.ACCEPTED:
        list_differences(response=response, submission=review.submission)
    if verdict.decision == Decision.CLEARED:
        request_print(submission=review.submission)


def set_due_day(response: Response, due_on: dt.date, *, by: Any, reason: str = "") -> None:
    """Until when what was returned may be handed in again; the response is locked by the caller."""
    before, response.return_due_on = response.return_due_on, due_on
    if before == due_on:
        return
    response.save(update_fields=["return_due_on"])
    audit.record(
        "response.set_due_day",
        by=by,
        target=response,
        changes={"return_due_on": [before.isoformat() if before else None, due_on.isoformat()]},
        reason=reason,
    )


def _set_reviewer(response: Response, by: Any) -> None:
    response.reviewer = by
    response.save(update_fields=["reviewer"])


def locked_for_review(response: Response, by: Any) -> Response:
    """The response with what deciding needs, locked. Raises PermissionDenied for whoever may not review it."""
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related(
            "community__supervisor",
            "invitation__round",
            "reviewer",
            "round__edition",
            "round__programme",
            "round__notice",
        )
        .get(pk=response.pk)
    )
    if not can(by, Permission.RESPONSE_REVIEW, locked.community):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)
    return locked
