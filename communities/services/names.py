"""What the register is searched by: every name and place of a community, as written, in pinyin and by initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from communities.models import Community

# Names of places whose reading differs from that of the words.
load_phrases_dict(
    {
        "殷行": [["yīn"], ["háng"]],
        "闵行": [["mǐn"], ["háng"]],
        "长白": [["cháng"], ["bái"]],
        "长海": [["cháng"], ["hǎi"]],
        "长治": [["cháng"], ["zhì"]],
    }
)


def pinyin(name: str) -> str:
    """One reading, without tones and blanks: ``yundangjiedao`` for 筼筜街道."""
    return "".join(lazy_pinyin(name, errors=_letters)).lower()


def initials(name: str) -> str:
    """``ydjd`` for 筼筜街道."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_letters)).lower()


def normal(text: str) -> str:
    """The form in which names and queries meet: one width, one case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def search_text(community: Community, names: Iterable[str]) -> str:
    """One line per spelling; ``names`` are those beside the name shown. A query is compared in its ``normal`` form."""
    spoken = [community.name_zh, *names, community.province_name, community.city_name]
    written = [*spoken, community.name_en, community.place_at_naming, community.place_today]
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
