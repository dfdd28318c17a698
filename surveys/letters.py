"""Invitation letters on paper: one A4 page for each unit, as one file or one each. Nobody ever draws a seal.

Pure layout: no database. The look follows GB/T 9704: margins, issuer and thick-thin rule on top, issuer and date
at the bottom right with room for the association's own seal over them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.dates import format_date
from documents import pdfs
from surveys.pdfs import code_picture

LAYOUT = "surveys/letters/letter.typ"
# Letters of one file that are set in one go: more take memory, fewer take room, since each part has its fonts.
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class LetterPrint:
    """All that one letter shows. ``link`` opens the unit's own page, ``address`` asks for the code.

    ``issue`` counts the codes the unit has had: from the second on the letter says that older ones are void.
    ``closed_on``: the round has ended, the letter only lets somebody finish what is still owed.
    """

    community: str
    number: int | None
    survey: str
    questionnaire: str
    notice_title: str
    notice_number: str
    issuer: str
    department: str
    phones: tuple[str, ...]
    email: str
    postal_address: str
    deadline_on: dt.date
    valid_until: dt.date
    dated: dt.date
    code: str
    link: str
    address: str
    issue: int = 1
    closed_on: dt.date | None = None
    rehearsal: bool = False


def render_letter(letter: LetterPrint) -> bytes:
    """One letter as PDF. Equal input gives equal bytes; no text of it is ever interpreted."""
    return pdfs.set_pages(LAYOUT, _contents([letter]))


def render_letters(letters: Sequence[LetterPrint]) -> bytes:
    """All letters as one file in their order, the fonts in it once. Raises ValueError when there is none."""
    if not letters:
        raise ValueError("no letters")
    return pdfs.set_as_one(LAYOUT, _contents(letters), series="letters", at_once=AT_ONCE)


def render_each(letters: Iterable[LetterPrint]) -> Iterator[bytes]:
    """One file for each letter, in order; while one is taken the next is not made yet."""
    return (render_letter(letter) for letter in letters)


def _contents(letters: Sequence[LetterPrint]) -> dict[str, Any]:
    # An official letter is Chinese, whatever language its reader has chosen.
    with translation.override("zh-hans"):
        return {"title": _title(letters[0]), "letters": [_content(letter) for letter in letters]}


def _title(letter: LetterPrint) -> str:
    return _("Invitation: %(survey)s") % {"survey": letter.survey}


def _content(letter: LetterPrint) -> dict[str, Any]:
    """One letter as ``letter.typ`` takes it."""
    return {
        "issuer": letter.issuer,
        "rehearsal": _("Rehearsal: not an official document") if letter.rehearsal else "",
        "title": _title(letter),
        "to": _("To %(community)s:") % {"community": letter.community},
        "before": [_asked(letter), *_steps()],
        "picture": code_picture(letter.link),
        "code_words": _("Invitation code"),
        "code": letter.code,
        "address": _("Address: %(address)s") % {"address": letter.address},
        "valid": _("The code is valid until %(day)s.") % {"day": _day(letter.valid_until)},
        "after": [_about_the_code(letter), _office(letter)],
        "dated": _day(letter.dated),
        "number": _("Designation number %(number)s") % {"number": letter.number} if letter.number else "",
    }


def _day(day: dt.date) -> str:
    return format_date(day)


def _asked(letter: LetterPrint) -> str:
    words = {
        "notice": letter.notice_title,
        "number": letter.notice_number,
        "questionnaire": letter.questionnaire,
        "day": _day(letter.closed_on or letter.deadline_on),
    }
    if letter.closed_on:
        return (
            _(
                "The survey of “%(questionnaire)s” under “%(notice)s” (%(number)s) ended on %(day)s. With the code"
                " below your unit can still open its account, see what it has handed in, hand in again what was"
                " returned, and upload a sealed copy that is missing."
            )
            % words
        )
    return (
        _(
            "Under “%(notice)s” (%(number)s) your unit is asked to fill in “%(questionnaire)s” online by %(day)s,"
            " that day included, in three steps:"
        )
        % words
    )


def _steps() -> list[str]:
    return [
        _(
            "1. Open the account. Scan the code below with a phone, or open the address in a browser and type the"
            " invitation code."
        ),
        _(
            "2. Fill in and print. What the register knows is filled in already: check it, add what is missing,"
            " submit, print the form."
        ),
        _(
            "3. Sign and seal. The person in charge signs, the unit seals and dates it; photograph or scan every"
            " page and upload it."
        ),
    ]


def _about_the_code(letter: LetterPrint) -> str:
    words = _(
        "The code is for your unit alone: please give it to the person who does this work, and keep it safe."
        " Whoever uses it first becomes your liaison and can let colleagues join. Lost? Call the association for a"
        " new one; the old one is then void."
    )
    if letter.issue > 1:
        words += _("This is code no. %(issue)s of your unit; the codes of earlier letters are void.") % {
            "issue": letter.issue
        }
    return words


def _office(letter: LetterPrint) -> str:
    """Whom to ask: what is not known is left out."""
    sentences = (
        letter.department and _("Department: %(department)s.") % {"department": letter.department},
        letter.phones and _("Telephone: %(phones)s.") % {"phones": "、".join(letter.phones)},
        letter.email and _("E-mail: %(email)s.") % {"email": letter.email},
        letter.postal_address and _("Postal address: %(place)s.") % {"place": letter.postal_address},
    )
    return "".join(sentence for sentence in sentences if sentence)
