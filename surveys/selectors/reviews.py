"""Everything the desk shows of one response: answers, papers, what was decided before, differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Permission
from communities.authz import can
from communities.models import RegisterEntry
from surveys.answers import is_shown
from surveys.enums import AWAITING_DECISION, ChangeState, Decision, FilePurpose, Origin, Stage
from surveys.models import (
    Answer,
    CopyPage,
    RegisterChange,
    Remark,
    Response,
    ReturnReason,
    Review,
    SealedCopy,
    Submission,
    UploadedFile,
)
from surveys.questionnaires import Question, Questionnaire
from surveys.selectors import copies
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.carried import Carried
from surveys.selectors.origins import confirmation, given_answers
from surveys.selectors.register_values import (
    Agreement,
    RegisterValues,
    is_personal,
    masked,
    register_values,
)
from surveys.selectors.responses import digest
from surveys.selectors.rounds import questionnaire

LONG = 120  # characters; longer answers are folded on the desk


def any_responses(user: Any) -> QuerySet[Response]:
    """Every response within reach, with what a decision about it needs."""
    return (
        Response.objects.visible_to(user)
        .select_related(
            "community__supervisor",
            "invitation__round",
            "round__edition",
            "round__programme",
            "round__notice",
            "reviewer",
        )
        .order_by("pk")
    )


def desk_responses(user: Any) -> QuerySet[Response]:
    """What the desk may open for this user: everything that was handed in at least once."""
    return any_responses(user).filter(first_submitted_at__isnull=False)


def submission_under_review(response: Response) -> Submission:
    """The last one handed in. While returned answers are being rewritten this is the one that came back."""
    return response.submissions.select_related("print_file").order_by("-version")[:1].get()


def copy_of(submission: Submission) -> SealedCopy | None:
    """The copy of these very answers that was last sent for review; papers of an older version say nothing of them."""
    return submission.sealed_copies.filter(sent_at__isnull=False).order_by("-sent_at", "-pk").first()


def last_review(response: Response) -> Review | None:
    return response.reviews.select_related("decided_by").order_by("-decided_at", "-pk").first()


def has_proposed(response: Response, user: Any, last: Review | None = None) -> bool:
    """Whether it was this person who wants it accepted, where another one has to confirm that."""
    if response.stage != Stage.SECOND_LOOK or not response.round.needs_second_look:
        return False
    proposal = last or last_review(response)
    return (
        proposal is not None and proposal.decision == Decision.PROPOSED and proposal.decided_by_id == user.pk
    )


def return_reasons() -> list[ReturnReason]:
    """All of them, in the order of the list; a hidden one may still stand on a page that is open somewhere."""
    return list(ReturnReason.objects.order_by("about", "position", "pk"))


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
    said_by: str = ""
    is_kept: bool = False

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
    """One page in the order of the print; ``number`` is None for what is none of the printed pages.

    ``carried``: whence a page comes that was sealed for an earlier copy.
    """

    picture: CopyPage
    number: int | None
    other: copies.OtherPage | None
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    response: Response
    submission: Submission
    copy: SealedCopy | None
    entry: RegisterEntry | None
    sections: tuple[AnswerSection, ...]
    pages: tuple[ScanPage, ...]
    missing: tuple[int, ...]
    e_sealed: tuple[UploadedFile, ...]
    may_see_contacts: bool
    last_review: Review | None
    is_own_proposal: bool

    @property
    def awaits_decision(self) -> bool:
        return self.response.stage in AWAITING_DECISION

    @property
    def proposal(self) -> Review | None:
        """What a colleague found who wants it accepted."""
        return self.last_review if self.response.stage == Stage.SECOND_LOOK else None

    @property
    def returned_copy(self) -> Review | None:
        """Why, and for which pages, this copy has come once more: the last word was to return the one before."""
        last = self.last_review
        if last is None or last.decision != Decision.COPY_RETURNED or not self.awaits_decision:
            return None
        return last if last.submission_id == self.submission.pk else None

    @property
    def kept(self) -> int:
        """Answers of last time that the unit has confirmed."""
        return sum(row.is_kept for section in self.sections for row in section.rows)

    @property
    def has_versions(self) -> bool:
        return self.submission.version > 1

    @property
    def page_numbers(self) -> range:
        return range(1, self.submission.print_pages + 1)


def desk(response: Response, user: Any) -> Desk:
    submission = submission_under_review(response)
    copy = copy_of(submission)
    register = register_values(response.community, response.round.programme)
    state = copies.state_of(response, submission, copy)
    may_see = can(user, Permission.CONTACT_VIEW, response.community)
    last = last_review(response)
    return Desk(
        response=response,
        submission=submission,
        copy=copy,
        entry=register.entry,
        sections=_sections(response, submission, register, unmasked=may_see),
        pages=_scan_pages(state) if may_see and copy is not None else (),
        missing=state.missing if copy is not None else (),
        e_sealed=_e_sealed(state) if may_see else (),
        may_see_contacts=may_see,
        last_review=last,
        is_own_proposal=has_proposed(response, user, last),
    )


def _scan_pages(state: copies.CopyState) -> tuple[ScanPage, ...]:
    printed = [
        ScanPage(page.picture, page.number, None, page.carried) for page in state.printed if page.picture
    ]
    return (*printed, *(ScanPage(other.picture, None, other, other.carried) for other in state.others))


def _e_sealed(state: copies.CopyState) -> tuple[UploadedFile, ...]:
    """Files sealed electronically: nobody here judges them, they are opened as they came."""
    return tuple(one.file for one in state.files if one.file.purpose == FilePurpose.E_SEALED)


def _sections(
    response: Response, submission: Submission, register: RegisterValues, *, unmasked: bool
) -> tuple[AnswerSection, ...]:
    earlier = _earlier_remarks(response, submission)
    given = given_answers(response, submission.answers)
    sections = []
    for section in questionnaire_of(response).sections:
        rows = tuple(
            _row(
                question,
                submission.answers,
                register,
                earlier.get(question.id),
                unmasked=unmasked,
                given=given.get(question.id),
            )
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
    given: Answer | None,
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
        # A name goes only to who may see names.
        said_by=confirmation(given, with_name=unmasked),
        is_kept=given is not None and given.origin == Origin.LAST_ROUND,
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
