"""What stands where on the printed form: values as text, and long answers cut so that the seal stays on page 1.

Pure: no database, no PDF. Lengths are millimetres, widths of text are em (the size of one Han sign).
The measures are those of ``surveys/print/form.css``; they are a little on the careful side, and
``surveys.pdfs`` checks the outcome page by page.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from core.dates import format_date

POINT = 25.4 / 72
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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``run_on``: the beginning stands on an earlier page; ``own_indent``: the writer indented it."""

    text: str
    run_on: bool = False
    own_indent: bool = False


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


@dataclass(frozen=True, slots=True)
class Measure:
    """How running text is set: em in a line, millimetres for a line and between paragraphs."""

    width: float
    line: float
    gap: float = 1.0

    def height(self, paragraphs: Iterable[Paragraph]) -> float:
        return sum(len(self.lines(paragraph)) * self.line + self.gap for paragraph in paragraphs)

    def lines(self, paragraph: Paragraph) -> list[int]:
        """Where each line ends, as offsets into the paragraph."""
        indent = 0.0 if paragraph.run_on or paragraph.own_indent else 2.0
        return list(break_lines(paragraph.text, self.width, indent)) or [0]


# 122 mm at 11 pt, less one em that a line may lose to a bracket or comma that must not begin the next.
FIRST_PAGE = Measure(width=122 / (11 * POINT) - 1, line=11 * POINT * 1.5)
LATER_PAGES = Measure(width=122 / (11 * POINT) - 1, line=11 * POINT * 1.7)


# --- values as text -----------------------------------------------------------------------------------


def value_text(question: Mapping[str, Any], value: Any) -> str:
    """An answer as the form shows it; an unanswered question is an empty cell, choices show their boxes."""
    kind = question["kind"]
    if kind in {"choice", "choices"}:
        return _boxes(question["choices"], [value] if kind == "choice" else value or [])
    if kind == "yes_no":
        pair = [{"code": True, "label_zh": gettext("Yes")}, {"code": False, "label_zh": gettext("No")}]
        return _boxes(pair, [value])
    if value is None:
        return ""
    if kind == "partial_dates":
        return "、".join(visible(format_date(date, "zh-hans")) for date in value) or gettext("Not yet re-designated")
    if kind == "mobile":
        return re.sub(r"^(1\d{2})(\d{4})(\d{4})$", r"\1 \2 \3", visible(str(value)))
    if kind in {"year", "partial_date"}:
        return visible(format_date(value, "zh-hans"))
    return visible(str(value))


def _boxes(choices: Iterable[Mapping[str, Any]], chosen: Sequence[Any]) -> str:
    return "\u3000".join(f"{'√' if c['code'] in chosen else '□'} {c['label_zh']}" for c in choices)


def visible(text: str) -> str:
    """The text with what no paper can show made harmless.

    Control signs, lone surrogates and non-characters become U+FFFD; signs that turn the direction of
    writing are left out, because they could make the paper read otherwise than the record.
    """
    text = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", text)
    text = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", text)


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """One for each line that holds something; blank lines only part paragraphs and are not printed."""
    lines = (line.rstrip() for line in visible(text).split("\n"))
    return tuple(Paragraph(line, own_indent=line[0].isspace()) for line in lines if line)


# --- measuring ----------------------------------------------------------------------------------------


def width_of(sign: str) -> float:
    """A careful guess in em: wide signs 1, Latin ones by rough class, signs set over others 0."""
    if unicodedata.east_asian_width(sign) in "WFA":
        return 1.0
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0.0
    if sign == "\t":
        return 4.0
    if sign in "MW@%&" or ord(sign) > 0x2FF:
        return 1.0
    return 0.75 if sign.isupper() else 0.6


def break_lines(text: str, width: float, indent: float = 0.0) -> Iterator[int]:
    """Offsets at which lines end: words stay whole unless longer than a line, Han text breaks anywhere."""
    room, end = width - indent, 0
    for word in re.finditer(r"[!-~\u00a1-\u024f]+|.", text, re.DOTALL):
        advances = [width_of(sign) for sign in word.group()]
        if sum(advances) > room and end and sum(advances) <= width:
            yield end
            room = width
        for advance in advances:
            if advance > room and end:
                yield end
                room = width
            room -= advance
            end += 1
    if end:
        yield end


def fitted(label: tuple[str, ...], text: str, width: float) -> tuple[Cell, float]:
    """A short cell in the largest size that needs two lines at most, and the height it needs."""
    for size in SIZES:
        ems = width / (size * POINT)
        lines = sum(len(list(break_lines(line, ems))) or 1 for line in text.split("\n"))
        if lines <= 2:
            break
    return Cell(label, text, size), lines * size * POINT * LINE_HEIGHT + CELL_PADDING


def cut(
    paragraphs: Sequence[Paragraph], room: float, measure: Measure
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """What fits into ``room`` and what is left: at a paragraph's end, else a sentence's, else anywhere."""
    used = 0.0
    for index, paragraph in enumerate(paragraphs):
        lines = measure.lines(paragraph)
        height = len(lines) * measure.line + measure.gap
        if used + height <= room:
            used += height
            continue
        count = int((room - used - measure.gap) / measure.line)
        if count < 1 or used > 0.6 * room:
            return tuple(paragraphs[:index]), tuple(paragraphs[index:])
        offset = good_break(paragraph.text, lines[count - 1])
        head = replace(paragraph, text=paragraph.text[:offset])
        rest = Paragraph(paragraph.text[offset:], run_on=True)
        return (*paragraphs[:index], head), (rest, *paragraphs[index + 1 :])
    return tuple(paragraphs), ()


def good_break(text: str, latest: int) -> int:
    """The last sentence end in the final 40 % before ``latest``, else a place that tears no sign apart."""
    sentence = max(text.rfind(sign, 0, latest) for sign in "。；！？;") + 1
    if sentence > 0.6 * latest:
        return sentence
    offset = latest
    while offset > 1 and _joined(text, offset):
        offset -= 1
    return offset if offset > 1 else latest


def _joined(text: str, offset: int) -> bool:
    if offset >= len(text):
        return False
    attached = unicodedata.category(text[offset]) in {"Mn", "Me", "Mc", "Cf", "Sk"}
    return attached or text[offset - 1] == "\u200d" or text[offset].isspace()


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
    cells, heights = [], []
    for question, width in zip(group, widths, strict=False):
        cell, height = fitted(_label(question), value_text(question, answers.get(question["id"])), width)
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
    for (label, text), need, share in zip(answers, needs, shares(needs, room), strict=True):
        head, rest = text, ()
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


def shares(needs: Sequence[float], room: float) -> list[float]:
    """Divide the room: nobody gets less than an even share unless he needs less; what is over is spread."""
    given = [0.0] * len(needs)
    left, waiting = room, sorted(range(len(needs)), key=lambda index: needs[index])
    while waiting:
        index = waiting.pop(0)
        given[index] = min(needs[index], left / (len(waiting) + 1))
        left -= given[index]
    return [share + left / len(needs) for share in given]


def fill_pages(
    rests: Sequence[LongAnswer], room: float, name_row: Row
) -> tuple[tuple[tuple[Row, ...], ...], list[int]]:
    """Continuation pages from page 2 on, each beginning with the name, and where each answer goes on."""
    pages: list[list[Row]] = []
    begins, left = [], 0.0
    for label, rest in rests:
        begun = False
        while rest:
            if left < CONTINUED_MINIMUM + MORE_HEIGHT:
                pages.append([name_row])
                left = room
            if not begun:
                begins.append(len(pages) + 1)
                begun = True
            need = LATER_PAGES.height(rest) + LONG_PADDING
            part, rest = (
                (rest, ()) if need <= left else cut(rest, left - LONG_PADDING - MORE_HEIGHT, LATER_PAGES)
            )
            more = len(pages) + 2 if rest else None
            pages[-1].append(Row("long", (Cell(label, paragraphs=part, more_on=more, continued=True),)))
            left = 0.0 if rest else left - max(need, CONTINUED_MINIMUM)
    return tuple(tuple(page) for page in pages), begins


# --- further information ------------------------------------------------------------------------------


def _supplement(
    definition: Mapping[str, Any], answers: Mapping[str, Any], name_row: Row, *, blank: bool
) -> tuple[Row, ...]:
    rows = []
    for section in definition["sections"]:
        if section.get("prints_on") != "supplement":
            continue
        for question in section["questions"]:
            if blank or _is_shown(question, answers):
                rows.append(_supplement_row(question, answers.get(question["id"])))
    return (name_row, *rows) if rows else ()


def _supplement_row(question: Mapping[str, Any], value: Any) -> Row:
    if question["kind"] == "long_text":
        return Row("long", (Cell(_label(question), paragraphs=paragraphs_of(str(value or ""))),))
    return Row("wide", (Cell(_label(question), value_text(question, value)),))


def _is_shown(question: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    condition = question["rules"].get("shown_if")
    return condition is None or answers.get(condition["question"]) == condition["equals"]
