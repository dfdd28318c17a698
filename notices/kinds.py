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

from notices.enums import Kind

_RESPONSE = ("community", "round", "reference", "link")
_REMINDER = (*_RESPONSE, "deadline", "days_left", "missing")
# What may stand in braces in a text of the office's own.
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    Kind.ACCOUNT_INVITATION: ("link",),
    Kind.PASSWORD_RESET: ("link",),
    Kind.EMAIL_CONFIRMATION: ("link",),
    Kind.ACCOUNT_IDLE: ("day", "link"),
    Kind.ERASURE_ASKED: ("link",),
    Kind.ADDRESS_CHANGED: ("address",),
    Kind.PASSWORD_CHANGED: (),
    Kind.BACKUP_LATE: ("last", "link"),
    Kind.PROSPECT_LINK: ("unit", "round", "link"),
    Kind.RESPONSE_SUBMITTED: (*_RESPONSE, "version", "submitted_at", "deadline"),
    Kind.ANSWERS_CLEARED: (*_RESPONSE, "deadline"),
    Kind.COPY_RECEIVED: _RESPONSE,
    Kind.RESPONSE_RETURNED: (*_RESPONSE, "note", "deadline"),
    Kind.SECTION_FILLED: (*_RESPONSE, "section"),
    Kind.COPY_RETURNED: (*_RESPONSE, "note", "deadline"),
    Kind.RESPONSE_ACCEPTED: _RESPONSE,
    Kind.ROUND_REMINDER: _REMINDER,
    Kind.ROUND_URGED: _REMINDER,
    Kind.ROUND_OVERDUE: ("community", "round", "reference", "deadline", "days_left"),
    Kind.RENEWAL_REMINDER: ("community", "programme", "number", "deadline", "days_left", "link"),
}

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
    return asked is None or notice.is_test or asked(notice)


def prepared(notice: Any) -> dict[str, Any]:
    prepare = _rules.get(notice.kind, Rules()).prepare
    return prepare(notice) if prepare and not notice.is_test else {}


def is_reminder(notice: Any) -> bool:
    return _rules.get(notice.kind, Rules()).is_reminder and not notice.is_test


def has_one_time_link(kind: str) -> bool:
    return _rules.get(kind, Rules()).prepare is not None
