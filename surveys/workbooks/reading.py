"""What came back in a questionnaire filled in with Excel, after its marks have been held against what we wrote."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from documents.sheets import Cell, Workbook, text_of
from surveys.questionnaires import Question, Questionnaire
from surveys.workbooks.lines import (
    ANSWER,
    FORM_SHEET,
    FORMAT,
    HEAD_ROW,
    KEY,
    SEAL_SHEET,
    STILL_TRUE,
    TOKEN,
    YES_WORDS,
    check_value,
    raw_of,
    typed_in,
)

NOT_OURS = Reason(
    _(
        "This workbook was not downloaded from here. Download the form below, fill it in and upload that file."
    ),
    code="not_ours",
)
OTHER_EDITION = Reason(
    _("The questionnaire has changed since this workbook was downloaded. Please download it again."),
    code="other_edition",
)
MARKS_CHANGED = Reason(
    _(
        "Hidden cells of this workbook were changed or rows deleted, so that nobody can tell which answer is which."
        " Download it again and copy your answers over."
    ),
    code="marks_changed",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook says of one question, as a page would send it and as typed. ``keep`` says 仍属实."""

    raw: tuple[str, ...]
    text: str
    token: str
    keep: bool


def read_back(book: Workbook, *, form: Questionnaire, reference: str, edition: str) -> dict[str, Filled]:
    """By question. Raises Refused for a file that does not belong to this response or whose marks were changed."""
    seal = {_text(row, 1): _text(row, 2) for row in book.sheets.get(SEAL_SHEET, ())}
    if FORM_SHEET not in book.sheets or seal.get("format") != FORMAT:
        raise Refused(NOT_OURS)
    if seal.get("reference") != reference:
        raise Refused(_other_response(seal.get("reference", "")))
    if seal.get("edition") != edition:
        raise Refused(OTHER_EDITION)
    rows = [row for row in book.sheets[FORM_SHEET][HEAD_ROW:] if _text(row, KEY)]
    marks = [(_text(row, KEY), _text(row, TOKEN)) for row in rows]
    if not constant_time_compare(seal.get("check", ""), check_value(reference, edition, marks)):
        raise Refused(MARKS_CHANGED)
    return _filled(form, rows)


def _other_response(found: str) -> Reason:
    sentence = _("This workbook belongs to another form, number {number}. Nothing was taken from it.")
    return Reason(format_lazy(sentence, number=found[:40]), code="other_response")


def _filled(form: Questionnaire, rows: list[list[Cell]]) -> dict[str, Filled]:
    by_question: dict[str, list[list[Cell]]] = defaultdict(list)
    for row in rows:
        by_question[_text(row, KEY).partition(":")[0]].append(row)
    return {name: _one(form.by_id[name], parts) for name, parts in by_question.items()}


def _one(question: Question, rows: list[list[Cell]]) -> Filled:
    cells = {_text(row, KEY): _text(row, ANSWER) for row in rows}
    return Filled(
        raw=raw_of(question, cells),
        text=typed_in(question, cells),
        token=_text(rows[0], TOKEN),
        keep=any(_text(row, STILL_TRUE).strip().lower() in YES_WORDS for row in rows),
    )


def _text(row: list[Cell], column: int) -> str:
    return text_of(row[column - 1]) if column <= len(row) else ""
