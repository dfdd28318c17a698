"""Names of files that people keep: readable, sorted as a list is, and allowed on every system they may land on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# What Windows forbids in a name; control signs and signs that turn the direction of writing go too.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
# Bytes of a name in UTF-8; most systems take 255, some tools and folders need part of it.
LONGEST = 180


def file_name(parts: Iterable[object], ending: str) -> str:
    """省_市_命名序号_社区_邀请函.pdf: the parts that say something, joined; ``ending`` comes with its dot."""
    plain = (_plain(part) for part in parts if part not in (None, ""))
    joined = "_".join(part for part in plain if part) or "file"
    while len(joined.encode()) > LONGEST:
        joined = joined[:-1]
    return joined.rstrip(". ") + ending


def _plain(part: object) -> str:
    text = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", str(part)))
    return " ".join(text.split()).strip(". ")


def told_apart(name: str, taken: set[str]) -> str:
    """The name, or with (2), (3) … before its ending where it is taken; Windows makes no difference of case."""
    stem, dot, ending = name.rpartition(".")
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}"
    taken.add(free.casefold())
    return free
