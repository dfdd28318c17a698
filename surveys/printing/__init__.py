"""What stands where on the printed form: values as text, and long answers cut so that the seal stays on page 1.

Pure: no database, no PDF. Lengths are millimetres, widths of text are em (the size of one Han sign).
The measures are those of ``surveys/print/form.typ``; they are a little on the careful side, and
``surveys.pdfs`` checks the outcome page by page.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from surveys.printing.measures import (
    FIRST_PAGE,
    LATER_PAGES,
    POINT,
    Paragraph,
    break_lines,
    cut,
    shares,
)
from surveys.printing.values import paragraphs_of, value_text, visible

BODY_HEIGHT = 203.5  # between head and foot, less 1.5 for rounding
ROW, CELL_PADDING = 8.7, 2.2
SIGNATURE_HEIGHT, NOTE_HEIGHT = 50.0, 7.0
SIZES = (12, 10, 8)  # points; a short cell shrinks rather than push the seal off the page
LINE_HEIGHT = 1.4
WIDE, MIDDLE, RIGHT = 123.0, 40.8, 49.9  # clear widths of the value columns
LONG_PADDING, LONG_MINIMUM, CONTINUED_MINIMUM = 4.4, 14.0, 22.0
MORE_HEIGHT = 7.0  # the line （续见第2页）


@dataclass(frozen=True, slots=True)
class FormPrint:
    """All that one print shows. ``answers`` as stored, ``submitted_at`` aware, ``content_hash`` in full."""

    definition: Mapping[str, Any]
    answers: Mapping[str, Any]
    community: str
    reference: str
    version: int
    content_hash: str
    notice_number: str
    submitted_at: dt.datetime
    attachment: str = ""
    rehearsal: bool = False
    upload_link: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    label: tuple[str, ...]
    text: str = ""
    size: int = SIZES[0]
    paragraphs: tuple[Paragraph, ...] = ()
    more_on: int | None = None
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``kind``: wide (one cell), pair, trio (one cell beside two), long. ``height`` in whole mm."""

    kind: str
    cells: tuple[Cell, ...]
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the template needs, page by page."""

    title: str
    words: Mapping[str, str]
    rows: tuple[Row, ...]
    continuation: tuple[tuple[Row, ...], ...]
    supplement: tuple[Row, ...]

    @property
    def pages(self) -> int:
        return 1 + len(self.continuation) + bool(self.supplement)


# --- measuring ----------------------------------------------------------------------------------------


def fitted(label: tuple[str, ...], text: str, width: float, most: int = 2) -> tuple[Cell, float]:
    """A short cell in the largest size that needs no more than ``most`` lines, and the height it needs."""
    for size in SIZES:
        ems = width / (size * POINT)
        lines = sum(len(list(break_lines(line, ems))) or 1 for line in text.split("\n"))
        if lines <= most:
            break
    return Cell(label, text, size), lines * size * POINT * LINE_HEIGHT + CELL_PADDING


# --- the official page --------------------------------------------------------------------------------


def lay_out(form: FormPrint | None, definition: Mapping[str, Any], squeeze: float = 1.0) -> Sheet:
    """Place the answers (none for a blank form). ``squeeze`` < 1 leaves more air when the guess was wrong."""
    answers = form.answers if form else {}
    questions = {q["id"]: q for section in definition["sections"] for q in section["questions"]}
    words = print_words(definition)
    short, long = [], []
    for ids in _official_rows(definition):
        group = [questions[question_id] for question_id in ids]
        if group[0]["kind"] == "long_text":
            long.append((_label(group[0]), paragraphs_of(str(answers.get(ids[0], "")))))
        else:
            short.append(_short_row(group, answers))
    room = BODY_HEIGHT - SIGNATURE_HEIGHT - NOTE_HEIGHT - sum(height for _row, height in short)
    name = _name_row(form.community if form else "", questions)
    long_rows, continuation = _flow(long, room * squeeze, name, squeeze)
    return Sheet(
        title=definition["title_zh"],
        words={**words, "attachment": (form.attachment if form else "") or words["attachment"]},
        rows=(*(row for row, _height in short), *long_rows),
        continuation=continuation,
        supplement=_supplement(definition, answers, name[0], blank=form is None),
    )


def blank_note() -> str:
    """What stands at the foot of a blank form."""
    return gettext(
        "Blank form. Please fill it in online if you can; otherwise sign and seal it and send it to the address in"
        " the notice."
    )


def print_words(definition: Mapping[str, Any]) -> dict[str, str]:
    """The words of the official form that are no question: they come with the edition, like its labels."""
    words = definition.get("print", {})
    keys = ("attachment", "signature", "seal", "date", "note", "supplement")
    return {key: words.get(f"{key}_zh", "") for key in keys}


def _official_rows(definition: Mapping[str, Any]) -> list[list[str]]:
    official = [
        question["id"]
        for section in definition["sections"]
        if section.get("prints_on", "official") == "official"
        for question in section["questions"]
    ]
    return definition.get("print", {}).get("rows") or [[question_id] for question_id in official]


def _label(question: Mapping[str, Any]) -> tuple[str, ...]:
    """The printed label; a blank in it is the official form's line break."""
    return tuple((question.get("print_label_zh") or question["label_zh"]).split(" "))


def _short_row(group: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> tuple[Row, float]:
    kind = {1: "wide", 2: "pair", 3: "trio"}[len(group)]
    widths = (WIDE,) if kind == "wide" else (MIDDLE, RIGHT, RIGHT)
    cells: list[Cell] = []
    heights: list[float] = []
    for question, width in zip(group, widths, strict=False):
        text = value_text(question, answers.get(question["id"]))
        # The first cell of a trio is two rows high.
        cell, height = fitted(_label(question), text, width, most=3 if kind == "trio" and not cells else 2)
        cells.append(cell)
        heights.append(max(height, ROW))
    if kind == "trio":
        return Row(kind, tuple(cells)), max(heights[0], heights[1] + heights[2])
    return Row(kind, tuple(cells)), max(heights)


def _name_row(community: str, questions: Mapping[str, Any]) -> tuple[Row, float]:
    label = _label(questions["community_name"]) if "community_name" in questions else ("",)
    cell, height = fitted(label, visible(community), WIDE)
    return Row("wide", (cell,)), max(height, ROW)


# --- long answers -------------------------------------------------------------------------------------

LongAnswer = tuple[tuple[str, ...], tuple[Paragraph, ...]]


def _flow(
    answers: Sequence[LongAnswer], room: float, name: tuple[Row, float], squeeze: float
) -> tuple[list[Row], tuple[tuple[Row, ...], ...]]:
    needs = [max(FIRST_PAGE.height(text) + LONG_PADDING, LONG_MINIMUM) for _label, text in answers]
    heads, rests = [], []
    for (label, text), need, share in zip(answers, needs, shares(needs, room, LONG_MINIMUM), strict=True):
        head: tuple[Paragraph, ...] = text
        rest: tuple[Paragraph, ...] = ()
        if need > share:
            head, rest = cut(text, share - LONG_PADDING - MORE_HEIGHT, FIRST_PAGE)
        heads.append(Row("long", (Cell(label, paragraphs=head),), int(share)))
        rests.append((label, rest))
    name_row, name_height = name
    pages, begins = fill_pages(
        [rest for rest in rests if rest[1]], (BODY_HEIGHT - name_height) * squeeze, name_row
    )
    numbers = iter(begins)
    rows = [
        replace(row, cells=(replace(row.cells[0], more_on=next(numbers)),)) if rest else row
        for row, (_label, rest) in zip(heads, rests, strict=True)
    ]
    return rows, pages


def fill_pages(
    rests: Sequence[LongAnswer], room: float, name_row: Row
) -> tuple[tuple[tuple[Row, ...], ...], list[int]]:
    """Continuation pages from page 2 on, each beginning with the name, and where each answer goes on."""
    pages: list[list[Row]] = []
    begins, left = [], 0.0
    for label, rest in rests:
        text, begun = rest, False
        while text:
            if left < CONTINUED_MINIMUM + MORE_HEIGHT:
                pages.append([name_row])
                left = room
            if not begun:
                begins.append(len(pages) + 1)
                begun = True
            need = LATER_PAGES.height(text) + LONG_PADDING
            part, text = (
                (text, ()) if need <= left else cut(text, left - LONG_PADDING - MORE_HEIGHT, LATER_PAGES)
            )
            more = len(pages) + 2 if text else None
            pages[-1].append(Row("long", (Cell(label, paragraphs=part, more_on=more, continued=True),)))
            left = 0.0 if text else left - max(need, CONTINUED_MINIMUM)
    return tuple(tuple(page) for page in pages), begins


# --- further information ------------------------------------------------------------------------------


def _supplement(
    definition: Mapping[str, Any], answers: Mapping[str, Any], name_row: Row, *, blank: bool
) -> tuple[Row, ...]:
    rows: list[Row] = []
    for section in definition["sections"]:
        if section.get("prints_on") != "supplement":
            continue
        rows.extend(
            _supplement_row(question, answers.get(question["id"]))
            for question in section["questions"]
            if blank or _is_shown(question, answers)
        )
    return (name_row, *rows) if rows else ()


def _supplement_row(question: Mapping[str, Any], value: Any) -> Row:
    if question["kind"] == "long_text":
        return Row("long", (Cell(_label(question), paragraphs=paragraphs_of(str(value or ""))),))
    return Row("wide", (Cell(_label(question), value_text(question, value)),))


def _is_shown(question: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    condition = question["rules"].get("shown_if")
    return condition is None or answers.get(condition["question"]) == condition["equals"]
