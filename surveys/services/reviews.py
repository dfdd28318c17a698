"""What staff decide about a response: take it up, accept it, return answers, ask for a new sealed copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from core.dates import format_moment
from core.errors import Reason, Refused
from surveys import lifecycle
from surveys.enums import AWAITING_REVIEW, Decision, Stage
from surveys.models import Remark, Response, Review, SealedCopy, Submission
from surveys.selectors import copies, reviews
from surveys.services.register_changes import list_differences
from surveys.services.review_notices import tell_unit

MOVES = {
    Decision.ACCEPTED: "accept",
    Decision.ANSWERS_RETURNED: "return_answers",
    Decision.COPY_RETURNED: "return_copy",
}
REMARK_LENGTH = 1000
OTHER_COPY = Reason(
    _("The unit has sent another sealed copy meanwhile. Please look at that one."), code="other_copy"
)


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
    """What the reviewer says: the decision, the ticks, a remark for each marked question, a note on the copy."""

    decision: Decision
    ticks: Ticks = field(default_factory=Ticks)
    remarks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def take_up(*, response: Response, by: Any) -> Response:
    """Begin the review, so that colleagues see who has it. Taking one's own again changes nothing."""
    locked = _locked(response)
    _may_review(locked, by)
    if locked.stage == Stage.IN_REVIEW and locked.reviewer_id in {None, by.pk}:
        _set_reviewer(locked, by)
    elif locked.stage == Stage.IN_REVIEW:
        raise Refused(
            Reason(format_lazy(_("{who} is reviewing this one."), who=str(locked.reviewer)), code="taken")
        )
    else:
        _refuse_if_decided(locked)
        lifecycle.advance(locked, "begin_review", by=by)
        _set_reviewer(locked, by)
    response.refresh_from_db(fields=["stage", "stage_since", "reviewer"])
    return response


@transaction.atomic
def decide(*, response: Response, seen_copy: int | None, verdict: Verdict, by: Any) -> Review:
    """Decide once. Of two reviewers the second is refused and told who decided when.

    ``seen_copy``: the sealed copy the reviewer looked at; a newer one is not decided unseen.
    """
    locked = _locked(response)
    _may_review(locked, by)
    _refuse_if_decided(locked)
    copy, submission = copies.copy_under_review(locked), reviews.submission_under_review(locked)
    if (copy.pk if copy else None) != seen_copy:
        raise Refused(OTHER_COPY)
    if reasons := _reasons_against(locked, submission, copy, verdict):
        raise Refused(reasons)
    if locked.stage == Stage.UPLOADED:
        lifecycle.advance(locked, "begin_review", by=by)
    _set_reviewer(locked, by)
    review = Review(
        response=locked,
        submission=submission,
        sealed_copy=copy,
        decision=verdict.decision,
        note=verdict.note.strip(),
        decided_by=by,
        **asdict(verdict.ticks),
    )
    review.full_clean()
    review.save()
    if verdict.decision == Decision.ANSWERS_RETURNED:
        _store_remarks(review, verdict.remarks)
    lifecycle.advance(locked, MOVES[verdict.decision], by=by, note=review.note)
    if verdict.decision == Decision.ACCEPTED:
        list_differences(response=locked, submission=submission)
    tell_unit(review)
    response.refresh_from_db(fields=["stage", "stage_since", "version", "reviewer"])
    return review


def _reasons_against(
    response: Response, submission: Submission, copy: SealedCopy | None, verdict: Verdict
) -> list[Reason]:
    if verdict.decision == Decision.ACCEPTED:
        missing = copies.state_of(response, submission, copy).missing
        return _against_accepting(verdict, missing)
    if verdict.decision == Decision.ANSWERS_RETURNED:
        return _against_returning(response, verdict.remarks)
    if not verdict.note.strip():
        return [Reason(_("Say what is wrong with the sealed copy."), code="no_note", field="note")]
    return []


def _against_accepting(verdict: Verdict, missing: tuple[int, ...]) -> list[Reason]:
    reasons = []
    if not verdict.ticks.are_all_set:
        sentence = _("Accepting needs all five ticks: signed, sealed, dated, same version, legible.")
        reasons.append(Reason(sentence, code="ticks"))
    if verdict.remarks:
        reasons.append(Reason(_("Answers are marked to be returned."), code="marked"))
    not_seen = _("No uploaded page has been assigned to page {number}.")
    reasons.extend(Reason(format_lazy(not_seen, number=number), code="missing_page") for number in missing)
    return reasons


def _against_returning(response: Response, remarks: Mapping[str, str]) -> list[Reason]:
    if not remarks:
        return [Reason(_("Mark at least one answer."), code="nothing_marked")]
    known = reviews.question_ids(response)
    reasons = []
    for question, text in remarks.items():
        if question not in known:
            reasons.append(Reason(_("There is no such question."), code="no_such_question"))
        elif not text.strip():
            reasons.append(
                Reason(_("Write what should be changed."), code="no_remark", field=f"remark-{question}")
            )
        elif len(text) > REMARK_LENGTH:
            reasons.append(
                Reason(_("A remark has at most 1,000 characters."), code="long", field=f"remark-{question}")
            )
    return reasons


def _store_remarks(review: Review, remarks: Mapping[str, str]) -> None:
    answers = review.submission.answers
    for question, text in remarks.items():
        remark = Remark(
            response=review.response,
            review=review,
            question=question,
            text=text.strip(),
            old_value=answers.get(question),
        )
        remark.full_clean()
        remark.save()


def _refuse_if_decided(response: Response) -> None:
    if response.stage in AWAITING_REVIEW:
        return
    raise Refused(decided_reason(response))


def decided_reason(response: Response) -> Reason:
    """Who was quicker, what they decided and when; or only that there is nothing to decide."""
    last = reviews.last_review(response)
    if last is None or response.stage not in reviews.DECIDED:
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


def _set_reviewer(response: Response, by: Any) -> None:
    response.reviewer = by
    response.save(update_fields=["reviewer"])


def _may_review(response: Response, by: Any) -> None:
    if not can(by, Permission.RESPONSE_REVIEW, response.community):
        raise PermissionDenied(Permission.RESPONSE_REVIEW)


def _locked(response: Response) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("community__supervisor", "round__edition", "round__programme", "round__notice")
        .get(pk=response.pk)
    )
