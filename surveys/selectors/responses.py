"""What a unit owes, what it has written, and whether it may still write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from communities.enums import REACHING
from core.errors import Reason
from surveys.answers import Progress, progress
from surveys.enums import PRINTED, WRITABLE, Arrival, Decision, Stage
from surveys.models import Answer, Remark, Response, Review, StageChange, Submission
from surveys.questionnaires import Questionnaire
from surveys.selectors.rounds import questionnaire

Rows = Mapping[str, Answer]
_REVISION = re.compile(r"[0-9]{1,9}")

# Returned work comes first, then what is to be written, then paper, then what waits for the association.
URGENCY = (Stage.RETURNED, Stage.COPY_RETURNED, Stage.DRAFT, Stage.NOT_STARTED, Stage.SUBMITTED)
OWED = frozenset(URGENCY)


def of_members(user: Any) -> QuerySet[Response]:
    """The responses of the communities the user works for: a portal shows nobody else's, not even to staff."""
    return (
        Response.objects.standing()
        .filter(
            community__memberships__user=user,
            community__memberships__state__in=REACHING,
        )
        .select_related("round__edition", "community", "invitation__round")
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed, or waiting at the association (``is_owed`` False). ``remarked``: label and remark."""

    response: Response
    progress: Progress
    saved_at: Any
    remarked: tuple[tuple[str, str], ...]

    @property
    def due_on(self) -> date | None:
        """What was returned has a day of its own, or none; so has what was opened again."""
        response = self.response
        if response.stage in {Stage.RETURNED, Stage.COPY_RETURNED}:
            return response.return_due_on
        own = response.return_due_on if response.stage in WRITABLE else None
        return own or response.invitation.deadline_on

    @property
    def is_owed(self) -> bool:
        return self.response.stage in OWED and not self.is_shut

    @property
    def is_shut(self) -> bool:
        """Nothing can be handed in any more: the round closed before a first submission, or the return's day passed."""
        return self.response.stage in WRITABLE and not self.response.may_hand_in


def duties_of(user: Any) -> list[Duty]:
    """Three queries, whatever the number of communities."""
    returned = Review.objects.filter(response=OuterRef("pk"), decision=Decision.COPY_RETURNED)
    last = returned.order_by("-decided_at", "-pk")
    responses = (
        of_members(user)
        .annotate(
            copy_note=Subquery(last.values("note")[:1]), bad_pages=Subquery(last.values("bad_pages")[:1])
        )
        .prefetch_related(
            Prefetch("answers", queryset=Answer.objects.order_by("pk")),
            Prefetch("remarks", queryset=open_remarks(), to_attr="open_remarks"),
        )
        .order_by("round__deadline_on", "pk")
    )
    duties = [_duty(response) for response in responses]
    return sorted(duties, key=lambda duty: (not duty.is_owed, _rank(duty.response.stage)))


def _rank(stage: str) -> int:
    return URGENCY.index(Stage(stage)) if stage in OWED else len(URGENCY)


def _duty(response: Response) -> Duty:
    form = questionnaire(response.round.edition)
    rows = {answer.question: answer for answer in response.answers.all()}
    typed = [row.updated_at for row in rows.values() if row.updated_by_id]
    remarked = [
        (form.by_id[remark.question].full_label, remark.text)
        for remark in getattr(response, "open_remarks", [])
        if remark.question in form.by_id
    ]
    return Duty(response, progress_of(form, rows), max(typed, default=None), tuple(remarked))


def open_remarks() -> QuerySet[Remark]:
    return Remark.objects.filter(resolved_at__isnull=True).order_by("pk")


# --- answers --------------------------------------------------------------------------------------------


def answer_rows(response: Response) -> dict[str, Answer]:
    return {row.question: row for row in response.answers.select_related("updated_by").order_by("pk")}


def values_of(rows: Rows) -> dict[str, Any]:
    """The answers as rules see them: unanswered is an absent key."""
    return {question: row.value for question, row in rows.items() if row.value is not None}


def unconfirmed(rows: Rows) -> frozenset[str]:
    """Prefilled answers that still wait for 仍属实 or a change."""
    return frozenset(row.question for row in rows.values() if not row.confirmed and row.value is not None)


def progress_of(form: Questionnaire, rows: Rows, refused: frozenset[str] = frozenset()) -> Progress:
    """``refused``: questions whose boxes hold something that could not be stored."""
    return progress(form, values_of(rows), unconfirmed(rows), refused)


def token(row: Answer | None) -> str:
    """What a page remembers of an answer it showed: the revision, and a digest to see whether it was touched."""
    return f"{row.revision if row else 0}.{digest(row.value if row else None)}"


def digest(value: Any) -> str:
    """Keyed: a page may carry it for a telephone number that its reader must not work out."""
    said = json.dumps(value, sort_keys=True)
    return salted_hmac("surveys.answer", said, algorithm="sha256").hexdigest()[:12]


def parse_token(text: str) -> tuple[int, str]:
    """A token that was tampered with or lost counts as a page that saw nothing."""
    revision, _dot, seen = text.partition(".")
    return (int(revision), seen) if _REVISION.fullmatch(revision) else (0, digest(None))


# --- may it be written ----------------------------------------------------------------------------------

HANDED_IN = Reason(_("These answers have been handed in and can no longer be changed."), code="handed_in")
CLOSED = Reason(
    _("This survey round is closed. What you have written is kept; please call the association."),
    code="round_closed",
)
REVOKED = Reason(_("The invitation of this unit has been revoked."), code="invitation_revoked")
NOT_RETURNED = Reason(
    _("This answer was not returned; only those with a remark can be changed."), code="not_returned"
)


def writing_refusals(response: Response) -> list[Reason]:
    """Everything that forbids writing now. ``round`` and ``invitation`` should be loaded."""
    if response.stage not in WRITABLE:
        return [HANDED_IN]
    reasons = [] if response.may_hand_in else [CLOSED]
    if response.first_submitted_at is not None:
        return reasons
    return reasons if response.invitation.revoked_at is None else [*reasons, REVOKED]


def remarks_by_question(response: Response) -> dict[str, Remark]:
    """The open remarks of a returned response; a response in any other stage is not asked."""
    if response.stage != Stage.RETURNED:
        return {}
    return {remark.question: remark for remark in open_remarks().filter(response=response)}


def may_write(question: str, response: Response, remarks: Iterable[str]) -> bool:
    return response.stage != Stage.RETURNED or question in remarks


# --- after handing in -----------------------------------------------------------------------------------


def last_submission(response: Response) -> Submission | None:
    return response.submissions.select_related("print_file", "submitted_by").order_by("-version").first()


def has_print(response: Response) -> bool:
    """Whether it is printed here: not while it is checked first, never without a seal or from a paper."""
    return response.needs_sealed_copy and response.arrival == Arrival.ONLINE and response.stage in PRINTED


def is_print_due(response: Response, submission: Submission) -> bool:
    """Whether this very version is to be printed; an older one is void for sealing."""
    return has_print(response) and submission.version == response.version


def steps_taken(response: Response) -> list[StageChange]:
    return list(response.stage_changes.select_related("by").order_by("at", "pk"))
