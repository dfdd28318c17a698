"""The review queue, and everything the desk shows of one response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.authz import can
from communities.models import RegisterEntry
from surveys.answers import is_shown
from surveys.enums import AWAITING_REVIEW, ChangeState, Stage
from surveys.models import CopyPage, RegisterChange, Remark, Response, Review, SealedCopy, Submission
from surveys.questionnaires import Question, Questionnaire
from surveys.selectors import copies
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.register_values import (
    Agreement,
    RegisterValues,
    is_personal,
    masked,
    register_values,
)
from surveys.selectors.responses import digest
from surveys.selectors.rounds import questionnaire

# A response in one of these was decided; what it waits for now is not the reviewer.
DECIDED = frozenset({Stage.ACCEPTED, Stage.ARCHIVED, Stage.RETURNED, Stage.COPY_RETURNED, Stage.VOID})
LONG = 120  # characters; longer answers are folded on the desk


class QueueFilter(models.TextChoices):
    """The lists of the queue, in the order of their links."""

    AWAITING = "awaiting", _("Awaiting review")
    NEW = "new", _("Not taken up")
    MINE = "mine", _("Taken up by me")
    LATE = "late", _("Late")
    CHANGES = "changes", _("Differences to the register")


def _conditions(user: Any) -> dict[str, Q]:
    awaiting = Q(stage__in=AWAITING_REVIEW)
    open_change = RegisterChange.objects.filter(response=OuterRef("pk"), state=ChangeState.OPEN)
    return {
        QueueFilter.AWAITING: awaiting,
        QueueFilter.NEW: Q(stage=Stage.UPLOADED),
        QueueFilter.MINE: Q(stage=Stage.IN_REVIEW, reviewer=user),
        QueueFilter.LATE: awaiting & Q(is_late=True),
        QueueFilter.CHANGES: Q(Exists(open_change)),
    }


def _reviewable(user: Any) -> QuerySet[Response]:
    seen = Response.objects.visible_to(user).order_by().values("pk")
    return Response.objects.filter(pk__in=seen)


def queue(user: Any, chosen: str = QueueFilter.AWAITING, round_code: str = "") -> QuerySet[Response]:
    """Responses of one list, the longest waiting first. ``sent_at``: when the sealed copy came."""
    sent = SealedCopy.objects.filter(response=OuterRef("pk"), sent_at__isnull=False).order_by("-sent_at")
    number = RegisterEntry.objects.filter(
        community=OuterRef("community"), programme=OuterRef("round__programme")
    )
    rows = _reviewable(user).filter(_conditions(user)[chosen])
    if round_code:
        rows = rows.filter(round__code=round_code)
    return (
        rows.select_related("community", "round", "reviewer")
        .annotate(
            sent_at=Subquery(sent.values("sent_at")[:1]),
            number=Subquery(number.values("number")[:1]),
            open_changes=Count(
                "register_changes", filter=Q(register_changes__state=ChangeState.OPEN), distinct=True
            ),
        )
        .order_by("sent_at", "pk")
    )


def queue_counts(user: Any, round_code: str = "") -> dict[str, int]:
    """How many stand in each list, in one query."""
    rows = _reviewable(user)
    if round_code:
        rows = rows.filter(round__code=round_code)
    conditions = _conditions(user)
    return rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions.items()})


def waiting_count(user: Any) -> int:
    """The figure beside the word 审核 in the navigation."""
    return _reviewable(user).filter(stage__in=AWAITING_REVIEW).count()


def references_in_queue(user: Any) -> list[str]:
    return list(queue(user).values_list("reference", flat=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response stands in the queue; ``position`` is None once it has left it."""

    position: int | None
    total: int
    previous: str | None
    next: str | None


def place_in_queue(user: Any, reference: str) -> Place:
    waiting = references_in_queue(user)
    if reference not in waiting:
        return Place(None, len(waiting), None, waiting[0] if waiting else None)
    index = waiting.index(reference)
    return Place(
        index + 1,
        len(waiting),
        waiting[index - 1] if index else None,
        waiting[index + 1] if index + 1 < len(waiting) else None,
    )


def next_after(before: list[str], reference: str, user: Any) -> str | None:
    """The next one of the queue as it stood ``before``, skipping what colleagues decided meanwhile."""
    waiting = references_in_queue(user)
    later = before[before.index(reference) + 1 :] if reference in before else []
    return next((other for other in [*later, *waiting] if other in set(waiting) and other != reference), None)


def desk_responses(user: Any) -> QuerySet[Response]:
    """What the desk may open for this user: everything that was handed in at least once."""
    return (
        _reviewable(user)
        .filter(first_submitted_at__isnull=False)
        .select_related(
            "community__supervisor", "round__edition", "round__programme", "round__notice", "reviewer"
        )
        .order_by("pk")
    )


def submission_under_review(response: Response) -> Submission:
    """The last one handed in. While returned answers are being rewritten this is the one that came back."""
    return response.submissions.select_related("print_file").order_by("-version")[:1].get()


def last_review(response: Response) -> Review | None:
    return response.reviews.select_related("decided_by").order_by("-decided_at", "-pk").first()


def questionnaire_of(response: Response) -> Questionnaire:
    return questionnaire(response.round.edition)


def question_ids(response: Response) -> frozenset[str]:
    return frozenset(questionnaire_of(response).by_id)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer on the desk: its text, how it stands to the register, and what was remarked on it before."""

    question: Question
    text: str
    agreement: Agreement | None
    in_register: str
    earlier: Remark | None
    earlier_text: str

    @property
    def is_long(self) -> bool:
        return self.question.kind == "long_text"

    @property
    def is_folded(self) -> bool:
        return len(self.text) > LONG

    @property
    def length(self) -> int:
        return len(self.text)


@dataclass(frozen=True, slots=True)
class AnswerSection:
    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class ScanPage:
    """One page in the order of the print; ``number`` is None for what is none of the printed pages."""

    picture: CopyPage
    number: int | None
    other: copies.OtherPage | None


@dataclass(frozen=True, slots=True)
class Desk:
    response: Response
    submission: Submission
    copy: SealedCopy | None
    entry: RegisterEntry | None
    sections: tuple[AnswerSection, ...]
    pages: tuple[ScanPage, ...]
    missing: tuple[int, ...]
    may_see_contacts: bool
    last_review: Review | None

    @property
    def awaits_review(self) -> bool:
        return self.response.stage in AWAITING_REVIEW

    @property
    def page_numbers(self) -> range:
        return range(1, self.submission.print_pages + 1)


def desk(response: Response, user: Any) -> Desk:
    submission = submission_under_review(response)
    copy = copies.copy_under_review(response)
    register = register_values(response.community, response.round.programme)
    state = copies.state_of(response, submission, copy)
    may_see = can(user, Permission.CONTACT_VIEW, response.community)
    return Desk(
        response=response,
        submission=submission,
        copy=copy,
        entry=register.entry,
        sections=_sections(response, submission, register, unmasked=may_see),
        pages=_scan_pages(state) if may_see else (),
        missing=state.missing,
        may_see_contacts=may_see,
        last_review=last_review(response),
    )


def _scan_pages(state: copies.CopyState) -> tuple[ScanPage, ...]:
    printed = [ScanPage(page.picture, page.number, None) for page in state.printed if page.picture]
    return (*printed, *(ScanPage(other.picture, None, other) for other in state.others))


def _sections(
    response: Response, submission: Submission, register: RegisterValues, *, unmasked: bool
) -> tuple[AnswerSection, ...]:
    earlier = _earlier_remarks(response, submission)
    sections = []
    for section in questionnaire_of(response).sections:
        rows = tuple(
            _row(question, submission.answers, register, earlier.get(question.id), unmasked=unmasked)
            for question in section.questions
            if is_shown(question, submission.answers)
        )
        sections.append(AnswerSection(str(section.title), rows))
    return tuple(sections)


def _row(
    question: Question,
    answers: Mapping[str, Any],
    register: RegisterValues,
    earlier: Remark | None,
    *,
    unmasked: bool,
) -> AnswerRow:
    def shown(value: Any) -> str:
        text = answer_text(question, value)
        return text if unmasked else str(masked(question.feeds, text))

    feed, answer = question.feeds, answers.get(question.id)
    return AnswerRow(
        question=question,
        text=shown(answer),
        agreement=register.agreement(feed, answer) if feed else None,
        in_register=shown(register.values.get(feed)) if register.values.get(feed) else "",
        earlier=earlier,
        earlier_text=shown(earlier.old_value) if earlier else "",
    )


def _earlier_remarks(response: Response, submission: Submission) -> dict[str, Remark]:
    """The last remark on each question of an earlier version: was it heeded?"""
    remarks = response.remarks.filter(review__submission__version__lt=submission.version)
    return {remark.question: remark for remark in remarks.select_related("review__submission").order_by("pk")}


def register_changes(response: Response) -> QuerySet[RegisterChange]:
    return response.register_changes.select_related("decided_by").order_by("pk")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference as the page shows it: old → new, masked where the reader may not see contacts.

    An open one shows what the register holds now, and ``seen`` remembers it.
    """

    change: RegisterChange
    label: str
    old: str
    new: str
    seen: str

    @property
    def is_open(self) -> bool:
        return self.change.state == ChangeState.OPEN


def change_rows(response: Response, user: Any) -> list[ChangeRow]:
    unmasked = can(user, Permission.CONTACT_VIEW, response.community)
    questions = questionnaire_of(response).by_id
    held = register_values(response.community, response.round.programme).values
    rows = []
    for change in register_changes(response):
        question = questions[change.question]
        is_open = change.state == ChangeState.OPEN
        old = (held.get(change.field) or None) if is_open else change.old_value
        texts = [answer_text(question, value) for value in (old, change.new_value)]
        if not unmasked and is_personal(change.field):
            texts = [str(masked(change.field, text)) for text in texts]
        rows.append(ChangeRow(change, question.full_label, texts[0], texts[1], seen=digest(old)))
    return rows


def open_change_count(response: Response) -> int:
    return response.register_changes.filter(state=ChangeState.OPEN).count()


def changes_visible_to(user: Any) -> QuerySet[RegisterChange]:
    """Differences the user may see, with what applying one needs."""
    return (
        RegisterChange.objects.visible_to(user)
        .select_related("response__community", "response__round__programme", "response__round__notice")
        .order_by("pk")
    )
