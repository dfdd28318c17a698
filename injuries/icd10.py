"""External causes of the tenth revision as the two axes of the card: intent and cause.

Source of the ranges: the external cause matrix as health departments publish it, and the mapping of the national card's
causes to chapter XX; ``fixtures/injuries/icd10.csv``. A range without a cause says nothing about it: V01 may have been
a crash with or without a motor.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

CODE = re.compile(r"^[A-Z]\d\d(\.\d{1,2})?$")


@dataclass(frozen=True, slots=True)
class External:
    """``intent`` and ``cause`` are numbers of the card; the cause is None where the range leaves it open."""

    intent: int
    cause: int | None
    mechanism: str


def tidied(text: str) -> str:
    """w01.0 and W010 are written W01.0."""
    code = text.strip().upper().replace(" ", "")
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and code[3] != "." else code


def is_code(text: str) -> bool:
    return bool(CODE.match(text))


def read(code: str) -> External | None:
    """What an external cause says; None for what is no external cause of an injury."""
    head = code[:3]
    return next((external for first, last, external in _ranges() if first <= head <= last), None)


@cache
def _ranges() -> tuple[tuple[str, str, External], ...]:
    path = settings.BASE_DIR / "fixtures" / "injuries" / "icd10.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            (
                row["first"],
                row["last"],
                External(int(row["intent"]), int(row["cause"]) if row["cause"] else None, row["mechanism"]),
            )
            for row in csv.DictReader(file)
        )
