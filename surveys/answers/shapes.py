"""Shape: the one look at an answer while it is written. It refuses only what cannot be stored.

Stored values: text as typed (only outer blanks go), year as int, dates as "2020", "2020-05" or "2020-05-01",
choices as codes, unanswered as None.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Reason, Refused
from surveys.questionnaires import Kind, Question

# What a draft keeps at most, in characters: far above every rule, so that nothing written is lost.
HARD_LIMIT = 100_000
NONE_YET, SOME = "none", "some"

# What no form, sheet or database can keep: control signs but tab and line end, and halves of characters.
UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
DASHES = re.compile(r"[‐‑‒–—―−－ー﹣﹘]")
DATE = re.compile(r"(\d{4})\s*(?:[年./\-]\s*(?:(\d{1,2})\s*(?:[月./\-]\s*(?:(\d{1,2})\s*日?)?)?)?)?")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def clean_shape(question: Question, raw: str | Sequence[str]) -> Any:
    """The value to store for what a form sent, or None for an empty field.

    Raises Refused (code ``shape``) only for what cannot be stored as an answer of this kind.
    """
    values = [raw] if isinstance(raw, str) else [str(value) for value in raw]
    for value in values:
        _check_keepable(question, value)
    if question.kind in {Kind.PARTIAL_DATES, Kind.CHOICES}:
        return SEVERAL[question.kind](question, values)
    text = (values[-1] if values else "").strip()
    return SHAPES.get(question.kind, _text)(question, text) if text else None


def raw_of(value: Any) -> list[str]:
    """A stored value as the inputs of a page hold it; ``clean_shape`` turns it back into the value."""
    if value is None:
        return []
    if value is True or value is False:
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [str(part) for part in value] or [NONE_YET]
    return [str(value)]


def _check_keepable(question: Question, value: str) -> None:
    if found := UNKEEPABLE.search(value):
        sign = f"U+{ord(found.group()):04X}"
        raise _refusal(
            question,
            _("The text holds a character that cannot be stored (%(sign)s). Delete it, please."),
            sign=sign,
        )
    if len(value) > HARD_LIMIT:
        raise _refusal(
            question,
            _("At most %(limit)d characters can be kept, there are %(count)d."),
            limit=HARD_LIMIT,
            count=len(value),
        )


def _refusal(question: Question, sentence: str, **values: Any) -> Refused:
    return Refused(Reason(sentence % values, code="shape", field=question.id))


def _text(_question: Question, text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def half_width(text: str) -> str:
    """Full-width letters, digits and signs in their half-width form, any dash as a hyphen."""
    return DASHES.sub("-", unicodedata.normalize("NFKC", text))


def _mobile(_question: Question, text: str) -> str:
    plain = re.sub(r"[\s\-]", "", half_width(text))
    # Dashes alone are somebody's word for "none": kept, so that the rule can answer them.
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", plain) or text


def _phone(_question: Question, text: str) -> str:
    return re.sub(r"\s", "", half_width(text))


def _email(_question: Question, text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _year(question: Question, text: str) -> int:
    found = re.fullmatch(r"(\d{4})\s*年?", half_width(text))
    if found is None:
        raise _refusal(
            question, _("A year has four digits, such as 2025; here it says “%(found)s”."), found=text[:40]
        )
    return int(found[1])


def _partial_date(question: Question, text: str) -> str:
    plain = half_width(text).strip()
    found = DATE.fullmatch(plain) or COMPACT_DATE.fullmatch(plain)
    if found is None:
        raise _refusal(
            question,
            _("Write a date like 2020, 2020年5月 or 2020年5月1日; here it says “%(found)s”."),
            found=text[:40],
        )
    year, *rest = (int(group) for group in found.groups() if group)
    try:
        dt.date(year, *[*rest, 1, 1][:2])
    except ValueError as error:
        raise _refusal(question, _("There is no such date: %(found)s."), found=text[:40]) from error
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _choice(question: Question, text: str) -> str:
    if question.choice(text) is None:
        raise _refusal(question, _("“%(found)s” is not one of the choices."), found=text[:40])
    return text


def _yes_no(question: Question, text: str) -> bool:
    if text not in {"yes", "no"}:
        raise _refusal(question, _("“%(found)s” is not one of the choices."), found=text[:40])
    return text == "yes"


def _partial_dates(question: Question, values: list[str]) -> list[str] | None:
    """Several boxes and one radio (none / some) of the same name; both at once is a question to the writer."""
    typed = [value.strip() for value in values if value.strip() not in {"", NONE_YET, SOME}]
    if NONE_YET not in values:
        return [_partial_date(question, value) for value in typed] or None
    if typed:
        raise _refusal(
            question,
            _("“None yet” is ticked and a date is written (%(found)s). Which is right?"),
            found=typed[0][:40],
        )
    return []


def _choices(question: Question, values: list[str]) -> list[str] | None:
    picked = {_choice(question, value) for value in values if value}
    return [choice.code for choice in question.choices if choice.code in picked] or None


SHAPES: dict[Kind, Callable[[Question, str], Any]] = {
    Kind.MOBILE: _mobile,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.YEAR: _year,
    Kind.PARTIAL_DATE: _partial_date,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
}
SEVERAL: dict[Kind, Callable[[Question, list[str]], Any]] = {
    Kind.PARTIAL_DATES: _partial_dates,
    Kind.CHOICES: _choices,
}
