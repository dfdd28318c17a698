"""The rows of a questionnaire in Excel: what stands in each, and the marks by which it is known again.

Cells are made and read side by side here. A mark is the question (or which of its several choices) and the token of
the answer that the row showed; a check value over all of them, the reference and the edition tells a file of ours
from a changed one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.errors import Refused
from core.xlsx import storable
from surveys.answers import NONE_YET, clean_shape
from surveys.models import Answer, Remark, Response
from surveys.questionnaires import Kind, Question, Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text
from surveys.selectors.origins import origin_text

FORMAT = "1"
FORM_SHEET, CHOICES_SHEET, SEAL_SHEET = "调查表", "选项", "校验"
PART, QUESTION, HINT, ANSWER, STILL_TRUE, KEY, TOKEN = range(1, 8)  # columns
HEAD_ROW = 4
TICK = "√"
YES_WORDS = frozenset({TICK, "✓", "✔", "☑", "是", "对", "v", "y", "1", "yes", "true"})
NO_WORDS = frozenset({"否", "不", "×", "✗", "x", "n", "0", "no", "false"})
NONE_WORDS = frozenset({"无", "没有", "尚未", "尚未复评", "none", "none yet"})
BETWEEN_DATES = re.compile(r"[、，,;；\n]")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a question, or one of its several choices. Without a ``key`` it is shown and never read back."""

    question: Question
    key: str
    label: str
    hint: str
    text: str
    token: str = ""
    is_open: bool = False
    asks_whether_true: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """What its drop-down offers."""
        match self.question.kind:
            case Kind.CHOICES:
                return (TICK,)
            case Kind.CHOICE:
                return tuple(choice.label_zh for choice in self.question.choices)
            case Kind.YES_NO:
                return (_("Yes"), _("No"))
            case _:
                return ()


def lines_of(
    response: Response, form: Questionnaire, rows: Mapping[str, Answer], remarks: Mapping[str, Remark]
) -> Iterator[Line]:
    for question in form.questions:
        row = rows.get(question.id)
        value = row.value if row else None
        hint = _hint(form, question, row, remarks.get(question.id))
        cells = cells_of(question, value)
        if not _is_faithful(question, value, cells):
            hint = _("This answer does not fit into Excel. Please change it on the page.")
            yield Line(question, "", str(question.label), hint, answer_text(question, value))
            continue
        is_open = selectors.may_write(question.id, response, remarks)
        asks = is_open and row is not None and value is not None and not row.confirmed
        for number, (key, text) in enumerate(cells.items()):
            label, shown = str(question.label), hint
            if question.kind == Kind.CHOICES:
                label, shown = f"{label}\n{hint}", question.choices[number].label_zh
            yield Line(question, key, label, shown, text, selectors.token(row), is_open, asks and not number)


def check_value(reference: str, edition: str, marks: Iterable[tuple[str, str]]) -> str:
    """Keyed, so that nobody else can write marks; the order of the rows does not matter."""
    text = json.dumps([FORMAT, reference, edition, sorted(marks)], ensure_ascii=False)
    return salted_hmac("surveys.workbook", text, algorithm="sha256").hexdigest()


# --- Cells of a question ------------------------------------------------------------------------------------


def cells_of(question: Question, value: Any) -> dict[str, str]:
    """Key → text: one cell, or one for each of several choices, where a tick is easier than a list of words."""
    if question.kind != Kind.CHOICES:
        return {question.id: answer_text(question, value)}
    return {
        f"{question.id}:{choice.code}": TICK * (choice.code in (value or ())) for choice in question.choices
    }


def raw_of(question: Question, cells: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of a question as a page would send them; what is not understood stays as typed and is refused."""
    texts = {key.partition(":")[2]: text.strip() for key, text in cells.items()}
    match question.kind:
        case Kind.CHOICES:
            ticked = ((code, text) for code, text in texts.items() if text.lower() not in {*NO_WORDS, ""})
            return tuple(code if text.lower() in YES_WORDS else text for code, text in ticked)
        case Kind.CHOICE:
            return (_code(question, texts[""]),)
        case Kind.YES_NO:
            word = texts[""].lower()
            return ("yes" if word in YES_WORDS else "no" if word in NO_WORDS else texts[""],)
        case Kind.PARTIAL_DATES:
            parts = [part.strip() for part in BETWEEN_DATES.split(texts[""]) if part.strip()]
            return tuple(NONE_YET if part.lower() in NONE_WORDS else part for part in parts)
        case _:
            return tuple(cells.values())


def typed_in(question: Question, cells: Mapping[str, str]) -> str:
    """The cells of a question as somebody reads them, understood or not."""
    if question.kind != Kind.CHOICES:
        return "".join(cells.values()).strip()
    labels = {f"{question.id}:{choice.code}": choice.label_zh for choice in question.choices}
    return "、".join(
        labels[key] if text.strip().lower() in YES_WORDS else f"{labels[key]}：{text.strip()}"
        for key, text in cells.items()
        if text.strip()
    )


def _code(question: Question, text: str) -> str:
    for choice in question.choices:
        if text and text in {choice.label_zh, choice.label_en, choice.code}:
            return choice.code
    return text


def _is_faithful(question: Question, value: Any, cells: Mapping[str, str]) -> bool:
    """Whether the cells, untouched, give the same answer again: not what is longer than a cell, for one."""
    try:
        back = clean_shape(question, raw_of(question, {key: storable(text) for key, text in cells.items()}))
    except Refused:
        return False
    return selectors.digest(back) == selectors.digest(value)


# --- How a question is to be filled in ----------------------------------------------------------------------


def _hint(form: Questionnaire, question: Question, row: Answer | None, remark: Remark | None) -> str:
    needed = _("Required.") if question.rules.required else _("Optional.")
    if condition := question.rules.shown_if:
        choice = answer_text(form.by_id[condition.question], condition.equals)
        needed += _("Only if “%(choice)s” is the answer above.") % {"choice": choice}
    parts = [f"{needed}{question.hint}", _how(question)]
    if row is not None and row.value is not None and not row.confirmed:
        source = origin_text(row.origin_note) or row.get_origin_display()
        parts.append(_("Source: %(source)s") % {"source": source})
    if remark is not None:
        parts.append(_("What the association asks: %(text)s") % {"text": remark.text})
    return "\n".join(part for part in parts if part)


def _how(question: Question) -> str:
    match question.kind:
        case Kind.CHOICE:
            return _("Choose from the list: %(labels)s") % {
                "labels": "、".join(choice.label_zh for choice in question.choices)
            }
        case Kind.CHOICES:
            return _("Choose √ beside everything that applies.")
        case Kind.YES_NO:
            return _("Choose from the list: %(labels)s") % {"labels": f"{_('Yes')}、{_('No')}"}
        case Kind.PARTIAL_DATES:
            none = answer_text(question, [])
            return _("Put “、” between several dates; if there is none, write “%(none)s”.") % {"none": none}
        case Kind.YEAR:
            return _("Four digits, such as 2025.")
        case _:
            return ""
