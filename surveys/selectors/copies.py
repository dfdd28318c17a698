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
from surveys.enums import AWAITING_COPY, FilePurpose, PageMatch, SettledBy
from surveys.models import CopyPage, Response, SealedCopy, Submission, UploadedFile
from surveys.selectors.carried import Carried, carried_pages, origin_of

MANY_PAGES = 9999  # behind every place that anybody gave


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page of the print that counts, the picture of it if there is one, and whence it was carried over."""

    number: int
    picture: CopyPage | None
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class OtherPage:
    """An uploaded page that is none of the printed ones. ``reference``: only of a form of the same unit.

    ``place``: of an own attachment, its number among them; ``numbers``: pages of this unit's forms on the picture;
    ``is_kept``: a page of an older version that has been carried over already.
    """

    picture: CopyPage
    reference: str = ""
    version: int | None = None
    place: int | None = None
    carried: Carried | None = None
    numbers: tuple[int, ...] = ()
    is_kept: bool = False

    @property
    def is_attachment(self) -> bool:
        return self.picture.match == PageMatch.ATTACHMENT

    @property
    def is_unreadable(self) -> bool:
        return self.picture.match == PageMatch.UNREADABLE

    @property
    def may_be_settled(self) -> bool:
        """Nothing on it says what it is, so people may."""
        return self.picture.match in {PageMatch.UNREADABLE, PageMatch.BLANK}

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

    @property
    def is_e_sealed(self) -> bool:
        return self.file.purpose == FilePurpose.E_SEALED


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
    def scans(self) -> tuple[UploadedState, ...]:
        return tuple(file for file in self.files if not file.is_e_sealed)

    @property
    def e_sealed(self) -> tuple[UploadedState, ...]:
        return tuple(file for file in self.files if file.is_e_sealed)

    @property
    def attachments(self) -> tuple[OtherPage, ...]:
        return tuple(page for page in self.others if page.is_attachment)

    @property
    def strays(self) -> tuple[OtherPage, ...]:
        """Pages that count for nothing, each with its reason."""
        return tuple(page for page in self.others if not page.is_attachment)

    @property
    def carried(self) -> tuple[PrintedPage, ...]:
        return tuple(page for page in self.printed if page.carried is not None)

    @property
    def kept_pictures(self) -> list[CopyPage]:
        """Pages of earlier copies that are used here, own attachments included."""
        form = [page.picture for page in self.carried if page.picture is not None]
        return [*form, *(page.picture for page in self.attachments if page.carried is not None)]

    @property
    def wanted(self) -> tuple[int, ...]:
        """The pages that have to be printed, signed or sealed, and uploaded."""
        return tuple(page.number for page in self.printed if page.carried is None)

    @property
    def absent(self) -> tuple[int, ...]:
        """Pages of which there is no picture."""
        return tuple(page.number for page in self.printed if page.picture is None)

    @property
    def missing(self) -> tuple[int, ...]:
        """Pages that bar the way: none as soon as an electronically sealed file is there, which people judge."""
        return () if self.e_sealed else self.absent

    @property
    def has_advice(self) -> bool:
        """Beside one of the pages stands what could be better about its picture."""
        own = [page.picture for page in self.printed if page.picture and not page.carried]
        return any(picture.advice for picture in [*own, *(other.picture for other in self.others)])

    @property
    def left_to_staff(self) -> int:
        return sum(page.is_left_to_staff for page in self.others)

    @property
    def is_complete(self) -> bool:
        return bool(self.printed) and not self.reasons

    @property
    def reasons(self) -> list[Reason]:
        """Everything that forbids sending it for review now."""
        if not self.files and not self.carried:
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
    carried = carried_pages(response, submission, copy)
    return CopyState(
        response=response,
        submission=submission,
        copy=copy,
        printed=_printed(submission, pages, carried),
        others=(*_attachments(pages, carried), *_others(response, pages, carried)),
        files=_file_states(files),
    )


def _printed(
    submission: Submission, pages: list[CopyPage], carried: list[CopyPage]
) -> tuple[PrintedPage, ...]:
    own = {page.page: page for page in pages if page.match == PageMatch.MATCHED}
    kept = {page.page: page for page in carried if page.match == PageMatch.MATCHED}
    return tuple(
        PrintedPage(number, own[number])
        if number in own
        else PrintedPage(number, kept.get(number), origin_of(kept[number]) if number in kept else None)
        for number in range(1, submission.print_pages + 1)
    )


def _attachments(pages: list[CopyPage], carried: list[CopyPage]) -> list[OtherPage]:
    """Own attachments in their order: those carried over first."""
    kept = [(page, origin_of(page)) for page in carried if page.match == PageMatch.ATTACHMENT]
    own = sorted((page for page in pages if page.match == PageMatch.ATTACHMENT), key=attachment_order)
    listed = [*kept, *((page, None) for page in own)]
    return [
        OtherPage(page, place=place, carried=origin) for place, (page, origin) in enumerate(listed, start=1)
    ]


def attachment_order(page: CopyPage) -> tuple[int, int, int]:
    """``page`` of an attachment is its place behind the form, as far as somebody gave it one."""
    return (page.page if page.page is not None else MANY_PAGES, page.file_id, page.index)


def _others(response: Response, pages: Iterable[CopyPage], carried: list[CopyPage]) -> list[OtherPage]:
    strays = [page for page in pages if page.match not in {PageMatch.MATCHED, PageMatch.ATTACHMENT}]
    listed = [(page, codes_of(page)) for page in strays]
    foreign = {code.reference for _page, codes in listed for code in codes} - {response.reference}
    own = _references_of_same_unit(response, foreign) | {response.reference}
    kept = {(page.page, origin_of(page).version) for page in carried}
    return [_other(page, [code for code in codes if code.reference in own], kept) for page, codes in listed]


def _other(page: CopyPage, codes: list[PageCode], kept: set[tuple[int | None, int]]) -> OtherPage:
    """``codes``: those of the unit's own forms on the picture."""
    numbers = tuple(sorted(code.page for code in codes))
    if page.match == PageMatch.TWO_PAGES or not codes:
        return OtherPage(page, numbers=numbers)
    [code] = codes
    is_kept = page.match == PageMatch.OTHER_VERSION and (code.page, code.version) in kept
    return OtherPage(page, code.reference, code.version, numbers=numbers, is_kept=is_kept)


def codes_of(page: CopyPage) -> list[PageCode]:
    """What the codes on a picture say; two of them when two sheets lay under the camera."""
    return [code for payload in page.code_read.split() if (code := PageCode.parse(payload)) is not None]


def _references_of_same_unit(response: Response, references: set[str]) -> set[str]:
    """Whose form another page is, is nobody's business outside that unit."""
    if not references:
        return set()
    same = Response.objects.filter(community_id=response.community_id, reference__in=references)
    return set(same.order_by().values_list("reference", flat=True))


def run_key(file: UploadedFile) -> str:
    return f"read_copy:{file.pk}"


def _file_states(files: list[UploadedFile]) -> tuple[UploadedState, ...]:
    given_up = _given_up([file for file in files if _waits(file)])
    states = []
    for file in files:
        error = file.error
        if not error and run_key(file) in given_up:
            error = str(_("This file could not be read. Read it again or take it back."))
        states.append(UploadedState(file, len(file.pages.all()), _waits(file) and not error, error))
    return tuple(states)


def _waits(file: UploadedFile) -> bool:
    """An electronically sealed file is never read."""
    return file.read_at is None and file.purpose == FilePurpose.PAGES


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
