"""Cells as people fill them in, brought into one form: ``2024.3.5``, ``１３８ 0013 8000``, ``362.0``, ``王　小明``.

Each reader takes what stood in the cell and returns text; nothing for an empty cell. Raises Unclear with the sentence
for whoever filled it in.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from communities.importers.problems import Code, Unclear
from core.clock import today
from core.dates import read_partial_date
from documents.sheets import Cell, text_of

Reader = Callable[[Cell], str]

CLEAR = "清空"  # in any cell: remove what stands there
# What people write where there is nothing.
NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无", "暂无", "没有"})
BETWEEN_DATES = re.compile(r"[、，,;；\n]")
BETWEEN_PHONES = re.compile(r"[、，,;；/\n]")
SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{1,2}$")
MOBILE = re.compile(r"^1[3-9]\d{9}$", re.ASCII)
ABROAD = re.compile(r"^\+\d{7,15}$", re.ASCII)
PHONE = re.compile(r"^[+()\d][-()\d ]{5,}(?:(?:转|ext\.?|-) ?\d{1,6})?$", re.ASCII)
CHINA = re.compile(r"^(?:\+|00)86")
NUMBER = re.compile(r"^(?:no\.?|第)?(\d{1,12})(?:\.0+)?号?$", re.ASCII | re.IGNORECASE)
# Characters that nobody sees: marks of direction and of joining, and the mark at the beginning of a file.
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f]")
# What is left of a list or a sentence around an address.
AROUND = re.compile(r"^[<,;、。]+|[>,;、。]+$")
FIRST_DAY = dt.date(1899, 12, 30)  # day 0 of Excel, as it counts since March 1900
SERIALS = range(20_000, 80_000)  # 1954 to 2119: no year, and no designation number of today
FIRST_YEAR = 1989  # the first safe community of the world


def text(cell: Cell) -> str:
    """One line, without blanks at its ends and without what nobody sees."""
    return " ".join(UNSEEN.sub("", text_of(cell)).split())


def long_text(cell: Cell) -> str:
    """The same with its lines."""
    lines = UNSEEN.sub("", text_of(cell).replace("\r\n", "\n")).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def name(cell: Cell) -> str:
    """A Chinese name holds no blanks: ``王　小 明`` is 王小明; another keeps one between its words."""
    found = text(cell)
    joined = found.replace(" ", "")
    return joined if joined and not any(sign.isascii() for sign in joined) else found


def plain(cell: Cell) -> str:
    """Full-width digits and signs as ASCII."""
    return unicodedata.normalize("NFKC", text(cell))


def whole_number(cell: Cell) -> str:
    """362, ３６２, 362.0 and 第362号 are 362."""
    typed = plain(cell).replace(" ", "")
    found = NUMBER.match(typed)
    if typed and found is None:
        raise Unclear(Code.NOT_A_NUMBER, value=typed)
    return str(int(found[1])) if found else ""


def mobile(cell: Cell) -> str:
    """138 0013 8000, +86-138-0013-8000 and 13800138000.0 are 13800138000."""
    typed = _number_text(cell)
    digits = re.sub(r"[-\s().]", "", typed)
    digits = CHINA.sub("", digits) if MOBILE.match(CHINA.sub("", digits)) else digits
    if digits and not (MOBILE.match(digits) or ABROAD.match(digits)):
        raise Unclear(Code.MOBILE, value=typed)
    return digits


def phone(cell: Cell) -> str:
    """010-64464565; several with 、 between them."""
    typed = _number_text(cell)
    found = []
    for part in filter(None, (part.strip() for part in BETWEEN_PHONES.split(typed))):
        number = re.sub(r"\s*[-–—－]+\s*", "-", part)
        if not PHONE.match(number) or sum(sign.isdigit() for sign in number) < 7:
            raise Unclear(Code.PHONE, value=part)
        found.append(number)
    return "、".join(found)


def _number_text(cell: Cell) -> str:
    """What a number with many digits looked like before Excel took it for a quantity."""
    typed = plain(cell)
    if typed in NOTHING:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if re.fullmatch(r"\d+\.0+", typed):
        return typed.partition(".")[0]
    if not SCIENTIFIC.match(typed):
        return typed
    digits, _e, exponent = typed.lower().partition("e")
    if len(digits.partition(".")[2]) < int(exponent):
        raise Unclear(Code.SHORTENED, value=typed)
    return digits.replace(".", "")


def email(cell: Cell) -> str:
    """Blanks and full-width signs mended; one address only."""
    typed = plain(cell)
    if typed in NOTHING:
        return ""
    address = AROUND.sub("", typed.replace(" ", "")).removeprefix("mailto:")
    if address.count("@") > 1 and re.search(r"[,;、/，；]", address):
        raise Unclear(Code.TWO_EMAILS)
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Unclear(Code.EMAIL, value=typed) from error
    return address


def partial_date(cell: Cell) -> str:
    """2024-03-05, 2024-03 or 2024, whatever signs stand between the numbers; a serial number of Excel is its day."""
    typed = plain(cell)
    if typed in NOTHING:
        return ""
    found = _date_of(cell, typed)
    if found and not _lies_in_the_past(found):
        raise Unclear(Code.DATE_RANGE, value=typed)
    return found


def partial_dates(cell: Cell) -> str:
    """Several, with 、 between them: ``2015-06、2020-07-01``."""
    if not isinstance(cell, str):
        return partial_date(cell)
    parts = [part.strip() for part in BETWEEN_DATES.split(long_text(cell))]
    return "、".join(filter(None, (partial_date(part) for part in parts)))


def _date_of(cell: Cell, typed: str) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", typed) and int(float(typed)) in SERIALS:
        return (FIRST_DAY + dt.timedelta(days=int(float(typed)))).isoformat()
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.1", typed):
        raise Unclear(Code.DATE_UNCLEAR, value=typed)
    if not typed:
        return ""
    if found := read_partial_date(typed):
        return found
    raise Unclear(Code.DATE, value=typed)


def _lies_in_the_past(found: str) -> bool:
    """As far as it is known: 2024 does, on any day of that year."""
    return int(found[:4]) >= FIRST_YEAR and found <= today().isoformat()[: len(found)]


def one_of(options: Mapping[str, str]) -> Reader:
    """``options``: what may be written → the form that is kept."""
    known = {_folded(written): kept for written, kept in options.items()}

    def read(cell: Cell) -> str:
        typed = text(cell)
        if typed and _folded(typed) not in known:
            raise Unclear(Code.CHOICE, value=typed, choices="、".join(dict.fromkeys(options.values())))
        return known[_folded(typed)] if typed else ""

    return read


def _folded(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).casefold().replace(" ", "")
