"""What a cell says, each different text read once: a column of a hundred thousand cells has a few hundred texts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from injuries import icd10
from injuries.enums import OLDEST, AgeBand, FollowUp, ListName
from injuries.importers.columns import Column, Kind
from injuries.months import Month
from injuries.rules import TELLING

MOST_KEPT = 200_000  # texts of one column; what has more is read anew
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})$")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$")
PACKED_MONTH = re.compile(r"(\d{4})(\d{2})$")
SERIAL = re.compile(r"\d{5}(\.\d+)?$")  # a day as a workbook counts it, where the cell is no day but a number
EPOCH = dt.date(1899, 12, 30)
HOUR = re.compile(r"(\d{1,2})(?:\s*[:：时点](?:\d{1,2}.*)?)?$")
AGE = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(?:岁|周岁|y|years?)?$", re.IGNORECASE)
BABY = re.compile(r"(\d{1,3})\s*(?:(个?月)|天|日|小时)(?:龄)?$")
NUMBERED = re.compile(r"(\d{1,3})\s*[.、:：\- ]\s*\S")
# What people write for a code besides its own words.
ALSO: dict[str, dict[str, int]] = {
    ListName.SEX: {"男性": 1, "女性": 2, "m": 1, "f": 2, "man": 1, "woman": 2},
}
# What is written around the two ages of a band, spaces and width taken away; what is left stands in ``BANDS``.
AROUND_AGES = re.compile(
    r"[(,](?:未细分|notdivided)\)?|周?岁|years?|yrs?\.?|(?<=\d)y(?![a-z])|aged?|old(?!er)"
)
BETWEEN_AGES = re.compile(r"[~～〜—–‐−至到]|(?<=\d)to(?=\d)")
AND_ABOVE = re.compile(r"及?以上|及|plus|(?:and|or)?(?:over|older|above|more|up)")
BANDS = {
    "0-14": AgeBand.CHILDREN,
    "15-24": AgeBand.YOUTH,
    "25-59": AgeBand.ADULTS,
    "60-64": AgeBand.AGEING,
    "65+": AgeBand.OLDER,
    "65-": AgeBand.OLDER,
    ">=65": AgeBand.OLDER,
    "≥65": AgeBand.OLDER,
    "25-64": AgeBand.ADULTS_UNDIVIDED,
}
FOLLOW_UPS: dict[str, str] = {
    "否": FollowUp.NONE.value,
    "无疑问": FollowUp.NONE.value,
    "no": FollowUp.NONE.value,
    "是": FollowUp.WANTED.value,
    "需回访": FollowUp.WANTED.value,
    "yes": FollowUp.WANTED.value,
    "已回访": FollowUp.DONE.value,
    **{value: value for value in FollowUp.values},
}


class Bad(str):
    """In the place of a value: why the cell cannot be read, as a code of ``sentences``."""

    __slots__ = ()


class Reader(dict[str, Any]):
    """Text → value, or Bad. ``has_bad``: something was."""

    def __init__(self, read: Callable[[str], Any], empty: Any) -> None:
        super().__init__({"": empty})
        self.has_bad = False
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(text.strip()) if text.strip() else self[""]
        if type(value) is Bad:
            self.has_bad = True
        if len(self) < MOST_KEPT:
            self[text] = value
        return value


def plain(text: str) -> str:
    """Full-width signs, spaces and case make no difference between words."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def words_of(codes: Iterable[tuple[int, str, str]], also: Mapping[str, int]) -> dict[str, int]:
    """Every way to write a code of one list: number, both labels, a part of a label that only one code has."""
    found: dict[str, int] = {}
    parts: dict[str, set[int]] = {}
    for number, zh, en in codes:
        found[str(number)] = number
        for label in filter(None, (zh, en)):
            found[plain(label)] = number
            for part in re.split(r"[/、（）(),，]|\bor\b", label):
                if plain(part):
                    parts.setdefault(plain(part), set()).add(number)
    for part, numbers in parts.items():
        if len(numbers) == 1:
            found.setdefault(part, next(iter(numbers)))
    return {**found, **also}


def reader_of(
    column: Column, *, words: Mapping[str, int], areas: Mapping[str, int], today: dt.date
) -> Reader:
    """``words``: of this column's list. ``areas``: names of the parts of the community, plainly written."""
    if column.kind == Kind.TEXT:
        return Reader(_key if column.field == "key" else _text(column.longest), "")
    asked: dict[Kind, tuple[Callable[[str], Any], Any]] = {
        Kind.CODE: (lambda text: _code(text, words), None),
        Kind.DAY: (lambda text: _day(text, today), None),
        Kind.AREA: (lambda text: areas.get(plain(text), Bad("area")), None),
        Kind.FOLLOW_UP: (
            lambda text: FOLLOW_UPS.get(plain(text), Bad("follow_up")),
            FollowUp.NONE.value,
        ),
        Kind.ICD10: (_icd10, ""),
        Kind.MONTH: (_month, None),
        Kind.HOUR: (_hour, None),
        Kind.AGE: (_age, None),
        Kind.BAND: (_band, None),
    }
    return Reader(*asked[column.kind])


def _code(text: str, words: Mapping[str, int]) -> int | Bad:
    key = plain(text)
    if key in words:
        return words[key]
    if key.isascii() and key.isdigit():
        return words.get(str(int(key[:4])), Bad("code"))
    numbered = NUMBERED.match(text)
    return words.get(str(int(numbered[1])), Bad("code")) if numbered else Bad("code")


def _day(text: str, today: dt.date) -> dt.date | Bad:
    found = DAY.match(text) or PACKED_DAY.match(text)
    try:
        if found:
            day = dt.date(int(found[1]), int(found[2]), int(found[3]))
        elif SERIAL.match(text):
            day = EPOCH + dt.timedelta(days=int(float(text)))
        else:
            return Bad("day")
    except ValueError:
        return Bad("day")
    return Bad("future") if day > today else day


def _month(text: str) -> int | Bad:
    found = MONTH.match(text) or PACKED_MONTH.match(text) or DAY.match(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return Bad("month")
    return Month.at(int(found[1]), int(found[2]))


def _hour(text: str) -> int | Bad:
    found = HOUR.match(text)
    return int(found[1]) if found and int(found[1]) <= 23 else Bad("hour")


def _age(text: str) -> int | Bad:
    if baby := BABY.match(text):
        return int(baby[1]) // 12 if baby[2] else 0
    found = AGE.match(text)
    return int(found[1]) if found and int(found[1]) <= OLDEST else Bad("age")


def _band(text: str) -> int | Bad:
    """Its number alone, or its ages; 3岁 is an age and no number of a band."""
    key = plain(text)
    if key in {str(int(band)) for band in AgeBand}:
        return int(key)
    key = AND_ABOVE.sub("+", BETWEEN_AGES.sub("-", AROUND_AGES.sub("", key)))
    return int(BANDS[key]) if key in BANDS else Bad("band")


def _icd10(text: str) -> str | Bad:
    code = icd10.tidied(text)
    return code if icd10.is_code(code) else Bad("icd10")


def _key(text: str) -> str | Bad:
    if TELLING.search(text):
        return Bad("telling_key")
    return text if len(text) <= 40 and "\x00" not in text else Bad("long")


def _text(longest: int) -> Callable[[str], str | Bad]:
    return lambda text: text.replace("\x00", "") if len(text) <= longest else Bad("long")
