"""What a page sends for one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """``seen`` is the token of the answer that the page had shown; ``keep`` says 仍属实 of a prefilled answer."""

    raw: Sequence[str]
    seen: str
    keep: bool = False
