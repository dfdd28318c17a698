"""What has been uploaded for a submission, which printed pages are there, and what stands in the way of sending it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Reason
from documents.enums import RunState
from documents.models import Run
from surveys.codes import PageCode
from surveys.enums import AWAITING_COPY, PageMatch, SettledBy
from surveys.models import CopyPage, Response, SealedCopy, Submission, UploadedFile


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page of the print that counts, and the picture of it if there is one."""

    number: int
    picture: CopyPage | None


@dataclass(frozen=True, slots=True)
class OtherPage:
    """An uploaded page that is none of the printed ones. ``reference``: only of a form of the same unit."""

    picture: CopyPage
    reference: str = ""
    version: int | None = None

    @property
    def is_unreadable(self) -> bool:
        return self.picture.match == PageMatch.UNREADABLE

    @property
    def is_left_to_staff(self) -> bool:
        return is_left_to_staff(self.picture)


@dataclass(frozen=True, slots=True)
class UploadedState:
    """One file: waiting to be read, read, or not to be read (``error``)."""

    file: UploadedFile
    pages: int
    is_reading: bool
    error: str


@dataclass(frozen=True, slots=True)
class CopyState:
    """All that the upload page shows of one sealed copy."""

    response: Response
    submission: Submission | None
    copy: SealedCopy | None
    printed: tuple[PrintedPage, ...]
    others: tuple[OtherPage, ...]
    files: tuple[UploadedState, ...]

    @property
    def is_open(self) -> bool:
        """Files may be added and taken back."""
        return self.response.stage in AWAITING_COPY and self.submission is not None

    @property
    def is_reading(self) -> bool:
        return any(file.is_reading for file in self.files)

    @property
    def missing(self) -> tuple[int, ...]:
        return tuple(page.number for page in self.printed if page.picture is None)

    @property
    def left_to_staff(self) -> int:
        return sum(page.is_left_to_staff for page in self.others)

    @property
    def is_complete(self) -> bool:
        return bool(self.printed) and not self.reasons

    @property
    def reasons(self) -> list[Reason]:
        """Everything that forbids sending it for review now."""
        if not self.files:
            return [Reason(_("Nothing has been uploaded yet."), code="nothing_uploaded")]
        reasons = []
        if self.is_reading:
            reasons.append(
                Reason(_("Some files are still being read. Please wait a moment."), code="reading")
            )
        if len(self.missing) > self.left_to_staff:
            reasons += [_missing_page(number) for number in self.missing]
        return reasons


def _missing_page(number: int) -> Reason:
    return Reason(format_lazy(_("Page {number} is missing."), number=number), code="missing_page")


def is_left_to_staff(page: CopyPage) -> bool:
    """Not recognised, and handed to staff as it is; once they settle it, it is matched."""
    return page.match == PageMatch.UNREADABLE and page.settled_by == SettledBy.STAFF


def current_submission(response: Response) -> Submission | None:
    """The submission of the version that counts; none while returned answers are being rewritten."""
    return response.submissions.filter(version=response.version).first()


def open_copy(submission: Submission) -> SealedCopy | None:
    """The sealed copy that is being put together. One that was sent for review is never added to."""
    return submission.sealed_copies.filter(sent_at__isnull=True).order_by("-number").first()


def copy_under_review(response: Response) -> SealedCopy | None:
    """The last one sent for review, whatever became of it."""
    return (
        response.sealed_copies.filter(sent_at__isnull=False)
        .select_related("submission__print_file")
        .order_by("-sent_at", "-pk")
        .first()
    )


def standing_files(copy: SealedCopy) -> list[UploadedFile]:
    """The files not withdrawn, oldest first, with their pages."""
    pages = CopyPage.objects.select_related("thumbnail").order_by("index")
    return list(
        copy.files.filter(withdrawn_at__isnull=True)
        .select_related("stored")
        .prefetch_related(Prefetch("pages", queryset=pages))
        .order_by("pk")
    )


def copy_state(response: Response) -> CopyState:
    """What the liaison's page shows: the copy being put together, or the one that was sent."""
    submission = current_submission(response)
    if submission is None:
        return CopyState(response, None, None, (), (), ())
    if response.stage in AWAITING_COPY:
        copy = open_copy(submission)
    else:
        copy = submission.sealed_copies.order_by("-number").first()
    return state_of(response, submission, copy)


def state_of(response: Response, submission: Submission, copy: SealedCopy | None) -> CopyState:
    files = standing_files(copy) if copy is not None else []
    for file in files:
        for page in file.pages.all():
            page.file = file
    pages = [page for file in files for page in file.pages.all()]
    matched = {page.page: page for page in pages if page.match == PageMatch.MATCHED}
    numbers = range(1, submission.print_pages + 1)
    return CopyState(
        response=response,
        submission=submission,
        copy=copy,
        printed=tuple(PrintedPage(number, matched.get(number)) for number in numbers),
        others=_others(response, [page for page in pages if page.match != PageMatch.MATCHED]),
        files=_file_states(files),
    )


def _others(response: Response, pages: Iterable[CopyPage]) -> tuple[OtherPage, ...]:
    listed = [(page, PageCode.parse(page.code_read)) for page in pages]
    foreign = {code.reference for _page, code in listed if code and code.reference != response.reference}
    own = _references_of_same_unit(response, foreign) | {response.reference}
    return tuple(
        OtherPage(page, code.reference, code.version)
        if code is not None and code.reference in own
        else OtherPage(page)
        for page, code in listed
    )


def _references_of_same_unit(response: Response, references: set[str]) -> set[str]:
    """Whose form another page is, is nobody's business outside that unit."""
    if not references:
        return set()
    same = Response.objects.filter(community_id=response.community_id, reference__in=references)
    return set(same.order_by().values_list("reference", flat=True))


def run_key(file: UploadedFile) -> str:
    return f"read_copy:{file.pk}"


def _file_states(files: list[UploadedFile]) -> tuple[UploadedState, ...]:
    given_up = _given_up([file for file in files if file.read_at is None])
    states = []
    for file in files:
        error = file.error
        if not error and run_key(file) in given_up:
            error = str(_("This file could not be read. Read it again or take it back."))
        is_reading = file.read_at is None and not error
        states.append(UploadedState(file, len(file.pages.all()), is_reading, error))
    return tuple(states)


def _given_up(waiting: list[UploadedFile]) -> set[str]:
    """The files whose last reading failed for good; asked only while something is still to be read."""
    if not waiting:
        return set()
    keys = [run_key(file) for file in waiting]
    last = {run.key: run.state for run in Run.objects.filter(key__in=keys).order_by("pk")}
    return {key for key, state in last.items() if state == RunState.FAILED}


def files_visible_to(user: Any) -> Any:
    """Uploaded files the user may open, with what the answer needs."""
    seen = SealedCopy.objects.visible_to(user).values("pk")
    return (
        UploadedFile.objects.filter(sealed_copy__in=seen)
        .select_related("stored", "sealed_copy__response__community__supervisor")
        .order_by("pk")
    )


def pages_visible_to(user: Any) -> Any:
    """Recognised pages the user may look at."""
    seen = SealedCopy.objects.visible_to(user).values("pk")
    return (
        CopyPage.objects.filter(file__sealed_copy__in=seen)
        .select_related("file__stored", "thumbnail", "file__sealed_copy__response__community__supervisor")
        .order_by("pk")
    )


def response_address(reference: str) -> str:
    """The unit's own page of one response, where its sealed copy is put together."""
    return reverse("surveys:receipt", args=[reference])
