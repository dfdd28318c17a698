"""What people owe beyond the surveys, as cards on the first page of the portal.

An app adds its own in ``AppConfig.ready`` (``register_duties``), so that the page need not know it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DutyCard:
    """``over``: whose duty it is; ``due_on`` None: it has no day of its own; ``tag``: the kind of its tag."""

    over: str
    title: str
    url: str
    action: str
    due_on: dt.date | None
    tag: str
    word: str
    note: str = ""


Source = Callable[[Any], list[DutyCard]]
_sources: list[Source] = []


def register_duties(source: Source) -> None:
    """``source(user)`` returns the cards of that user; registering the same function again changes nothing."""
    if source not in _sources:
        _sources.append(source)


def cards_of(user: Any) -> list[DutyCard]:
    """What has no day of its own first: it came back. Then by the day."""
    cards = [card for source in _sources for card in source(user)]
    return sorted(cards, key=lambda card: card.due_on or dt.date.min)
