"""Why a file is refused, and what every kind of package is held against."""

import re
import zipfile
from typing import Any

# Why a file is refused.
NOT_A_WORKBOOK, OLD_XLS, ENCRYPTED, MACROS = "not_a_workbook", "old_xls", "encrypted", "macros"
NESTED, ENTITIES, FAR_CELL, TOO_MUCH, DAMAGED = "nested", "entities", "far_cell", "too_much", "damaged"

PACKAGE, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END_OF_DIRECTORY = b"PK\x05\x06"
MOST_OF_AN_ENTRY = 512  # bytes of the directory; the longest name that Excel writes has a tenth of it
CHUNK = 2**20
# Anything but a comment and a CDATA section.
DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")


class Unusable(Exception):  # noqa: N818 - an answer, not a fault
    """The file cannot be used: why, and what the sentence about it names."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why, self.detail = why, detail
        super().__init__(why)


def check_directory(content: bytes, limits: dict[str, Any]) -> None:
    """Before Python makes an object of every entry: how many there are, and how long their list is."""
    end = content.rfind(END_OF_DIRECTORY)
    if end < 0 or len(content) < end + 22:
        raise Unusable(DAMAGED)
    count = int.from_bytes(content[end + 10 : end + 12], "little")
    length = int.from_bytes(content[end + 12 : end + 16], "little")
    if count > limits["parts"] or length > limits["parts"] * MOST_OF_AN_ENTRY:
        raise Unusable(TOO_MUCH)


def unpacked(source: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    part = bytearray()
    with source.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            part += chunk
            if len(part) > left:
                raise Unusable(TOO_MUCH)
    return bytes(part)


def cut(values: list[Any]) -> list[Any]:
    """Without what is empty at the end."""
    while values and values[-1] in (None, []):
        values.pop()
    return values


def number(column: str) -> int:
    """A is 1, Z is 26, XFD is 16384; nothing is 0."""
    total = 0
    for letter in column:
        total = total * 26 + ord(letter) - 64
    return total


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
