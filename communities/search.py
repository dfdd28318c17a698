"""How a query and the text searched meet: one width, one case, no blanks. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST_QUERY = 100  # characters; nothing in the register is longer
MOST_TERMS = 6
LARGEST_NUMBER = 2**31 - 1
# Two or three letters are initials, and those count from the start of a name: "sh" would else be in every 社区.
INITIALS = 3
_NUMBER = re.compile(r"^(?:no\.?|第)?(\d{1,10})号?$", re.ASCII)


class Term(NamedTuple):
    """One word of a query. ``number``: it may be a designation number (362, ３６２, 第362号)."""

    text: str
    number: int | None = None
    from_start: bool = False


def normal(text: str) -> str:
    """The form in which names and queries meet: ``３６２`` is 362, ``Yun Dang`` is yundang, 郎 is one 郎."""
    return "".join(unicodedata.normalize("NFKC", text).lower().replace("ü", "v").split())


def terms(query: str) -> list[Term]:
    """The words of a query, all of which must be found."""
    words = [normal(word) for word in query[:LONGEST_QUERY].split()]
    return [_term(word) for word in words if word][:MOST_TERMS]


def _term(word: str) -> Term:
    found = _NUMBER.match(word)
    number = int(found[1]) if found else None
    return Term(
        text=word,
        number=number if number is not None and number <= LARGEST_NUMBER else None,
        from_start=len(word) <= INITIALS and word.isascii() and word.isalpha(),
    )
