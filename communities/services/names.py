"""What the register is searched by: every name and place of a community, as written, in pinyin and by initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

from communities.models import Community
from communities.search import normal

# Names of places whose reading differs from that of the words.
READINGS = {
    "殷行": [["yīn"], ["háng"]],
    "闵行": [["mǐn"], ["háng"]],
    "长白": [["cháng"], ["bái"]],
    "长海": [["cháng"], ["hǎi"]],
    "长治": [["cháng"], ["zhì"]],
}


@cache
def _dictionary() -> ModuleType:
    """Opened by the first name that is written: it takes 60 MB and a quarter of a second; readers need none."""
    pypinyin = import_module("pypinyin")
    pypinyin.load_phrases_dict(READINGS)
    return pypinyin


def pinyin(name: str) -> str:
    """One reading, without tones and blanks: ``yundangjiedao`` for 筼筜街道."""
    return "".join(_dictionary().lazy_pinyin(name, errors=_letters)).lower()


def initials(name: str) -> str:
    """``ydjd`` for 筼筜街道."""
    pypinyin = _dictionary()
    return "".join(pypinyin.lazy_pinyin(name, style=pypinyin.Style.FIRST_LETTER, errors=_letters)).lower()


def search_text(community: Community, names: Iterable[str]) -> str:
    """One line per spelling; ``names`` are those beside the name shown. A query is compared in its ``normal`` form."""
    places = [community.province_name, community.city_name, community.place_at_naming, community.place_today]
    spoken = [community.name_zh, *names, *places]
    written = [*spoken, community.name_en]
    lines = [*map(normal, written), *map(pinyin, spoken), *map(initials, spoken)]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def refresh_search(community: Community) -> None:
    """Call after any change of a name or place. Sets the text; the caller saves."""
    community.search_text = search_text(
        community, community.names.values_list("name", flat=True).order_by("pk")
    )


def _letters(rest: str) -> str:
    """What is no Chinese character keeps its letters and digits and loses its signs."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", rest) if letter.isalnum())
