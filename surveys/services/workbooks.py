"""A questionnaire filled in with Excel comes back: what it would change, and the changes that somebody accepted."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.errors import Reason, Refused
from core.xlsx import XLSX
from documents import services as documents
from documents import sheets
from documents.enums import FileKind
from documents.models import StoredFile
from surveys.answers import Entry, advice_on_plan, clean_shape, problems_of
from surveys.models import Answer, Remark, Response
from surveys.questionnaires import Question
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.rounds import questionnaire
from surveys.services.responses import lock_answers, may_fill, save_answers
from surveys.workbooks.reading import Filled, read_back

# One questionnaire stays far below, even with every cell full.
LIMITS = sheets.Limits(size=5 * 2**20, unpacked=20 * 2**20, cells=20_000)

STALE = Reason(
    _(
        "Somebody changed this answer after the workbook was downloaded; it stays as it stands on the platform."
    ),
    code="stale",
)
GONE = Reason(_("The uploaded workbook is no longer there. Please upload it again."), code="gone")


class Fate(enum.StrEnum):
    """What a cell would do to its answer."""

    CHANGED = "changed"
    EMPTIED = "emptied"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """A question whose cell says something else than the platform; ``entry`` is what would be written."""

    question: Question
    fate: Fate
    old: str
    new: str
    entry: Entry
    reasons: tuple[Reason, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.fate != Fate.REFUSED

    @property
    def is_writable(self) -> bool:
        """Whether the page takes what the workbook cannot bring."""
        return selectors.NOT_RETURNED not in self.reasons


@dataclass(frozen=True, slots=True)
class Applied:
    """Question ids: what was written, and what was accepted too late, because somebody else wrote there meanwhile."""

    saved: tuple[str, ...]
    overtaken: tuple[str, ...]


# --- The file -----------------------------------------------------------------------------------------------


def receive_workbook(*, response: Response, upload: Any, by: Any) -> StoredFile:
    """Keep a workbook that belongs to this response. No answer is touched; the same file again is the same row.

    Raises Refused: no workbook, one of another form, or writing is over.
    """
    may_fill(response, by)
    if reasons := selectors.writing_refusals(response):
        raise Refused(reasons)
    content = upload.read(LIMITS.size + 1)
    _read(response, content)
    sha256 = hashlib.sha256(content).hexdigest()
    kept = StoredFile.objects.filter(kind=FileKind.WORKBOOK, sha256=sha256, created_by=by)
    with transaction.atomic():
        return kept.order_by("pk").first() or _store(response, content, str(upload.name), by)


def _store(response: Response, content: bytes, name: str, by: Any) -> StoredFile:
    stored = documents.store_file(
        kind=FileKind.WORKBOOK, content=content, original_name=name, content_type=XLSX, by=by
    )
    facts = {"sha256": stored.sha256, "size": stored.size}
    audit.record("workbook.upload", by=by, target=response, changes=facts)
    return stored


def name_of(response: Response, stored: StoredFile) -> str:
    """How the address of its page calls the file: signed, and good for this response alone."""
    return _signer(response).sign(str(stored.pk))


def workbook_named(response: Response, name: str) -> StoredFile | None:
    try:
        pk = _signer(response).unsign(name)
    except BadSignature:
        return None
    return StoredFile.objects.filter(pk=pk).first()


def _signer(response: Response) -> Signer:
    return Signer(salt=f"surveys.workbook:{response.reference}")


def _read(response: Response, content: bytes) -> dict[str, Filled]:
    edition = response.round.edition
    return read_back(
        sheets.read(content, limits=LIMITS),
        form=questionnaire(edition),
        reference=response.reference,
        edition=edition.code,
    )


# --- What it would change -----------------------------------------------------------------------------------


def filled_in(response: Response, stored: StoredFile) -> dict[str, Filled]:
    """By question. Raises Refused when the file is gone."""
    try:
        with stored.file.open("rb") as file:
            return _read(response, file.read())
    except FileNotFoundError as error:
        raise Refused(GONE) from error


def differences(
    response: Response,
    filled: Mapping[str, Filled],
    rows: Mapping[str, Answer],
    remarks: Mapping[str, Remark],
) -> list[Difference]:
    """In the order of the form; a cell that nobody touched since the download is none, whatever stands there now."""
    found = []
    for question in questionnaire(response.round.edition).questions:
        if question.id in filled:
            is_open = selectors.may_write(question.id, response, remarks)
            found.append(
                _difference(question, filled[question.id], rows.get(question.id), response, is_open=is_open)
            )
    return [difference for difference in found if difference is not None]


def _difference(
    question: Question, sent: Filled, row: Answer | None, response: Response, *, is_open: bool
) -> Difference | None:
    now, then = row.value if row else None, selectors.parse_token(sent.token)[1]
    entry = Entry(sent.raw, selectors.token(row))
    told = Difference(question, Fate.REFUSED, answer_text(question, now), sent.text, entry)
    try:
        value = clean_shape(question, sent.raw)
    except Refused as refused:
        return replace(told, reasons=tuple(refused.reasons))
    told = replace(told, new=answer_text(question, value))
    if selectors.digest(value) == then:
        still_true = sent.keep and is_open and row is not None and not row.confirmed and now == value
        return (
            replace(told, fate=Fate.CONFIRMED, entry=replace(told.entry, keep=True)) if still_true else None
        )
    if value == now:
        return None
    if not is_open:
        return replace(told, reasons=(selectors.NOT_RETURNED,))
    if selectors.digest(now) != then:
        return replace(told, reasons=(STALE,))
    if value is None:
        return replace(told, fate=Fate.EMPTIED)
    advice = [*problems_of(question, value), *advice_on_plan(question, value, response.round.opens_on.year)]
    return replace(told, fate=Fate.CHANGED, reasons=tuple(advice))


# --- What somebody accepted ---------------------------------------------------------------------------------


def apply_workbook(
    *, response: Response, stored: StoredFile, accepted: Mapping[str, str], by: Any
) -> Applied:
    """Write the accepted changes: ``accepted`` maps a question to the token of the answer that the page showed.

    Twice is harmless. Raises Refused when writing is over or the file is gone.
    """
    filled = filled_in(response, stored)
    with transaction.atomic():
        may_fill(response, by)
        _locked, rows = lock_answers(response, fresh=True)
        remarks = selectors.remarks_by_question(response)
        left = {one.question.id: one for one in differences(response, filled, rows, remarks)}
        entries = {
            name: replace(left[name].entry, seen=seen)
            for name, seen in accepted.items()
            if name in left and left[name].is_open
        }
        outcome = save_answers(response=response, entries=entries, by=by)
        saved = tuple(name for name in entries if name not in outcome.refused | outcome.conflicts)
        if saved:
            facts = {"questions": list(saved), "sha256": stored.sha256}
            audit.record("workbook.apply", by=by, target=response, changes=facts)
    return Applied(saved, tuple(name for name in accepted if name in left and name not in saved))
