"""Answers as the paper shows them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from core.dates import format_date
from surveys.printing.measures import Paragraph


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
        return "、".join(visible(format_date(date, "zh-hans")) for date in value) or gettext(
            "Not yet re-designated"
        )
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
