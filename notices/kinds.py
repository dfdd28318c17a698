"""What the apps above know about a kind of mail: whether it is still wanted, and what is only made when it leaves.

Registered from ``AppConfig.ready``, so that the outbox need not know who uses it::

    kinds.register(Kind.RESPONSE_RETURNED, still_wanted=services.is_still_returned)

``still_wanted(notice) -> bool`` is asked at the moment of sending. Kinds that leave by the thousand register
``wanted_among(notices) -> set`` of numbers instead, asked a few seconds before at most. ``prepare(notice) -> dict``
adds what must not lie in the outbox, such as a one-time link; a preview shows it as dots.

What goes along with a mail is named by its row, ``maker:key``, and made when the mail leaves::

    kinds.register_attachment("letter", describe=selectors.letter_described, make="surveys….letter_made")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from notices.enums import Channel, Kind

# Mail servers take 20 to 25 MB; on the wire a file grows by a third.
MOST_BYTES = 10 * 1024 * 1024

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
    Kind.INVITATION_LETTER: (*_RESPONSE, "deadline", "days_left"),
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
    Kind.DEADLINE_EXTENDED: (*_RESPONSE, "deadline", "days_left"),
    Kind.REPORT_REMINDER: ("community", "report", "deadline", "days_left", "link"),
    Kind.REPORT_OVERDUE: ("community", "report", "deadline", "days_left"),
    Kind.REPORT_RETURNED: ("community", "report", "note", "deadline", "link"),
    Kind.REPORT_ACCEPTED: ("community", "report", "link"),
    Kind.RUN_READY: ("work", "link"),
    Kind.MEMBER_WAITING: ("person", "community", "link"),
    Kind.MAIL_GIVEN_UP: ("day", "link"),
    Kind.RENEWAL_REMINDER: ("community", "programme", "number", "deadline", "days_left", "link"),
}

StillWanted = Callable[[Any], bool]
WantedAmong = Callable[[list[Any]], set[int]]
Prepare = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    still_wanted: StillWanted | None = None
    wanted_among: WantedAmong | None = None
    prepare: Prepare | None = None
    is_reminder: bool = False


_rules: dict[str, Rules] = {}


def register(
    kind: str,
    *,
    still_wanted: StillWanted | None = None,
    wanted_among: WantedAmong | None = None,
    prepare: Prepare | None = None,
    is_reminder: bool = False,
) -> None:
    """A second registration of the same kind replaces the first."""
    _rules[str(kind)] = Rules(still_wanted, wanted_among, prepare, is_reminder)


def is_still_wanted(notice: Any) -> bool:
    rules = _rules.get(notice.kind, Rules())
    if notice.is_test:
        return True
    if rules.wanted_among is not None:
        return notice.pk in rules.wanted_among([notice])
    return rules.still_wanted is None or rules.still_wanted(notice)


def still_wanted_among(notices: Iterable[Any]) -> dict[int, bool]:
    """Of the kinds that are asked for many at once; the others are left out."""
    together: dict[WantedAmong, list[Any]] = {}
    for notice in notices:
        asked = _rules.get(notice.kind, Rules()).wanted_among
        if asked is not None and not notice.is_test:
            together.setdefault(asked, []).append(notice)
    found = {asked: asked(some) for asked, some in together.items()}
    return {notice.pk: notice.pk in found[asked] for asked, some in together.items() for notice in some}


def prepared(notice: Any) -> dict[str, Any]:
    prepare = _rules.get(notice.kind, Rules()).prepare
    return prepare(notice) if prepare and not notice.is_test else {}


def keeps_office_hours(notice: Any) -> bool:
    """A reminder by mail; what lies on the site disturbs nobody."""
    reminds = _rules.get(notice.kind, Rules()).is_reminder
    return reminds and notice.channel == Channel.MAIL and not notice.is_test


def has_one_time_link(kind: str) -> bool:
    return _rules.get(kind, Rules()).prepare is not None


_offices: list[Callable[[], Iterable[Any]]] = []


def register_office(staff: Callable[[], Iterable[Any]]) -> None:
    """Whose business it is that mails cannot be sent."""
    _offices[:] = [staff]


def office() -> list[Any]:
    return [user for staff in _offices for user in staff()]


# --- What goes along --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    """``size`` in bytes; None for what is only drawn when the mail leaves, and so is its ``content``."""

    name: str
    content_type: str
    size: int | None = None
    content: bytes = b""


class TooLarge(Exception):  # noqa: N818 - what it is
    """What goes along is more than mail servers take."""


Described = Callable[[str], Attachment | None]


@dataclass(frozen=True, slots=True)
class Maker:
    """``describe`` and ``make`` take the key; None: there is nothing to send any more.

    ``make`` may be a dotted path: then only the worker that sends loads what the work needs.
    """

    describe: Described
    make: Described | str


_makers: dict[str, Maker] = {}


def register_attachment(name: str, *, describe: Described, make: Described | str) -> None:
    """A second registration of the same name replaces the first."""
    _makers[name] = Maker(describe, make)


def described(notice: Any) -> list[Attachment]:
    """What goes along, by name and size, for a preview."""
    found = [_makers[name].describe(key) for name, key in _named(notice)]
    return [attachment for attachment in found if attachment is not None]


def attached(notice: Any) -> list[Attachment]:
    """What goes along with its content. Raises TooLarge for more than ``MOST_BYTES``. A test mail carries nothing."""
    if notice.is_test:
        return []
    found = []
    for name, key in _named(notice):
        make = _makers[name].make
        attachment = (import_string(make) if isinstance(make, str) else make)(key)
        if attachment is not None:
            found.append(attachment)
    if (size := sum(len(attachment.content) for attachment in found)) > MOST_BYTES:
        raise TooLarge(f"attachments of {size} bytes, at most {MOST_BYTES}")
    return found


def _named(notice: Any) -> list[tuple[str, str]]:
    parts = (named.partition(":") for named in notice.attachments)
    return [(name, key) for name, _colon, key in parts]
