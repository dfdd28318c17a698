"""Links that open one thing to whoever holds them: made from a few numbers and the secret key, stored nowhere."""

from __future__ import annotations

import re
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from surveys.codes import ALPHABET

# Signs of the signature: 85 bits, beyond guessing even without the pause after wrong links.
LENGTH = 20
_TOKEN = re.compile(rf"((?:[0-9a-z]{{1,12}}-){{1,4}})([{ALPHABET}]{{{LENGTH}}})", re.ASCII)


class Purpose(StrEnum):
    """What a link opens. A token made for one purpose is nothing to another."""

    SECTION = "section"
    """A section handed out: the number of the hand-out."""
    SCREEN = "screen"
    """Upload from the code on a screen: submission, user, Unix time at which it ends (seconds)."""
    PRINT = "print"
    """Upload from the code on paper: submission. Equal on every print, so that a print has equal bytes."""


def make(purpose: Purpose, *numbers: int) -> str:
    """``3f-2s-7KHM34CF9XYT…``: the numbers (0 or more) in base 36, then the signature over purpose and numbers."""
    said = "".join(f"{int_to_base36(number)}-" for number in numbers)
    return said + _signature(purpose, said)


def read(purpose: Purpose, token: str) -> tuple[int, ...] | None:
    """The numbers of a token made for this purpose; None for anything else, whatever was done to it."""
    found = _TOKEN.fullmatch(token)
    if found is None or not constant_time_compare(found[2], _signature(purpose, found[1])):
        return None
    return tuple(base36_to_int(part) for part in found[1].split("-")[:-1])


def _signature(purpose: Purpose, said: str) -> str:
    digest = salted_hmac(f"surveys.tokens.{purpose}", said, algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    signs = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)
