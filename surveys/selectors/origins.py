"""Where a prefilled answer came from, in the reader's language.

A note that we write is stored as ``@code|value|…`` and put into words here; one that staff or an import wrote is text
and stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from surveys.enums import Origin
from surveys.models import Answer, Response

MARK, SEPARATOR = "@", "|"
LONGEST = 120  # of one value; the column holds 200 characters

NOTES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "register": (_("the register"), ()),
    "row": (_("row %(row)s of the list in Annex 1"), ("row",)),
    "row_number": (
        _("row %(row)s of the list in Annex 1, designation number %(number)s"),
        ("row", "number"),
    ),
    "number": (_("%(source)s, designation number %(number)s"), ("source", "number")),
    "address": (_("address in the register"), ()),
    "contact": (_("contact person in the register"), ()),
    "account": (_("your account, opened on %(day)s"), ("day",)),
    "section": (_("filled in by %(who)s on %(day)s"), ("who", "day")),
    "last_round": (_("%(round)s, handed in on %(day)s"), ("round", "day")),
}


# With the name of who confirmed it, and for readers who see no names.
SAID: dict[str, tuple[Any, Any]] = {
    Origin.LAST_ROUND: (
        _("Same as last time, confirmed by %(who)s on %(day)s"),
        _("Same as last time, confirmed on %(day)s"),
    ),
    Origin.REGISTER: (
        _("As in the register, confirmed by %(who)s on %(day)s"),
        _("As in the register, confirmed on %(day)s"),
    ),
}

GIVEN = (Origin.LAST_ROUND, Origin.SECTION)


def origin_note(code: str, *values: object) -> str:
    """What is stored. Days as ISO text."""
    if len(values) != len(NOTES[code][1]):
        raise ValueError(f"{code} has {len(NOTES[code][1])} values")
    parts = [str(value).replace(SEPARATOR, "｜")[:LONGEST] for value in values]
    return SEPARATOR.join([MARK + code, *parts])


def origin_text(note: str) -> str:
    """What a reader sees."""
    code, *values = note.removeprefix(MARK).split(SEPARATOR)
    if not note.startswith(MARK) or code not in NOTES or len(values) != len(NOTES[code][1]):
        return note
    sentence, names = NOTES[code]
    said = dict(zip(names, values, strict=True))
    if "day" in said:
        said["day"] = format_date(said["day"])
    return str(sentence) % said


def confirmation(row: Answer | None, *, with_name: bool = True) -> str:
    """What is said of an answer that was not typed anew: who said that it still holds, and when."""
    if row is None or row.value is None:
        return ""
    if row.origin == Origin.SECTION:
        return origin_text(row.origin_note) if with_name else str(Origin.SECTION.label)
    if row.origin not in SAID:
        return ""
    if not row.confirmed:
        return str(_("From before, not confirmed yet"))
    if row.updated_by_id is None:
        return ""
    named, unnamed = SAID[row.origin]
    values = {"who": row.updated_by, "day": format_date(row.updated_at)}
    return str(named if with_name else unnamed) % values


def given_answers(response: Response, answers: Mapping[str, Any]) -> dict[str, Answer]:
    """Those of the submitted ``answers`` that the unit did not type itself: confirmed from last time, or filled in by
    another office.
    """
    rows = response.answers.filter(origin__in=GIVEN, confirmed=True).select_related("updated_by")
    return {row.question: row for row in rows.order_by("pk") if row.value == answers.get(row.question)}


def origin_of(row: Answer | None) -> str:
    return origin_text(row.origin_note) if row else ""
