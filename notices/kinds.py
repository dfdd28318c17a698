"""What the apps above know about a kind of mail: whether it is still wanted, and what is only made when it leaves.

Registered from ``AppConfig.ready``, so that the outbox need not know who uses it::

    kinds.register(Kind.RESPONSE_RETURNED, still_wanted=services.is_still_returned)

``still_wanted(notice) -> bool`` is asked at the moment of sending. ``prepare(notice) -> dict`` adds what must not
lie in the outbox, such as a one-time link; a preview shows it as dots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

StillWanted = Callable[[Any], bool]
Prepare = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    still_wanted: StillWanted | None = None
    prepare: Prepare | None = None
    is_reminder: bool = False


_rules: dict[str, Rules] = {}


def register(
    kind: str,
    *,
    still_wanted: StillWanted | None = None,
    prepare: Prepare | None = None,
    is_reminder: bool = False,
) -> None:
    """A second registration of the same kind replaces the first."""
    _rules[str(kind)] = Rules(still_wanted, prepare, is_reminder)


def is_still_wanted(notice: Any) -> bool:
    asked = _rules.get(notice.kind, Rules()).still_wanted
    return asked is None or asked(notice)


def prepared(notice: Any) -> dict[str, Any]:
    prepare = _rules.get(notice.kind, Rules()).prepare
    return prepare(notice) if prepare else {}


def is_reminder(notice: Any) -> bool:
    return _rules.get(notice.kind, Rules()).is_reminder
