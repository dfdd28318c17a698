"""The outbox: the change that wants a mail writes a row; a worker claims it, asks once more, and sends.

A mail is written at most once by the database's constraint and sent at least once: only a worker that dies between
the mail server's yes and our note of it can send a second one.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from audit.services import record
from core.clock import now
from core.errors import Reason, Refused
from notices import kinds
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice
from notices.querysets import MAX_ATTEMPTS

log = logging.getLogger(__name__)

Send = Callable[[Notice], None]

LEASE = dt.timedelta(minutes=5)
# After the first, second, … failed attempt.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
BATCH = 200
# A slow mail server must not make the round run into the limit of a task; seconds.
LONGEST_ROUND = 300


@transaction.atomic
def queue(
    *,
    kind: str,
    subject: models.Model | str,
    recipient: Any | None = None,
    address: str = "",
    community_id: int | None = None,
    context: Mapping[str, Any] | None = None,
    due_on: str = "",
    step: str = "",
    batch: str = "",
    language: str = "",
    hold: bool = False,
) -> Notice:
    """Write one mail into the outbox, in the caller's transaction, and return its row.

    The same kind about the same ``subject`` (an object, or ``app.model:pk``) to the same address is written once;
    ``due_on``, ``step`` or ``batch`` tell a wanted second one apart. A second call returns the row of the first.
    ``context`` must be plain JSON; ``path`` in it becomes the absolute ``link``. With ``hold`` it waits for staff.
    Raises ValueError for an unknown kind, and without an address.
    """
    address = (address or getattr(recipient, "email", "")).strip().lower()
    if not address:
        raise ValueError("a mail needs an address")
    notice, _created = Notice.objects.get_or_create(
        kind=Kind(kind),
        channel=Channel.MAIL,
        address=address,
        subject=subject if isinstance(subject, str) else about(subject),
        due_on=due_on,
        step=step,
        batch=batch,
        defaults={
            "recipient": recipient,
            "language": language or getattr(recipient, "language", "") or settings.LANGUAGE_CODE,
            "community_id": community_id,
            "context": dict(context or {}),
            "state": NoticeState.HELD if hold else NoticeState.WAITING,
        },
    )
    return notice


def about(subject: models.Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"  # noqa: SLF001 - Django's public _meta


# --- Delivery ------------------------------------------------------------------------------------------------


def deliver_waiting(*, send: Send) -> int:
    """Send what is due, oldest first; return how many left. Two workers at once do no harm."""
    give_up_lost()
    due = Notice.objects.claimable().order_by("not_before", "pk").values_list("pk", flat=True)
    end = time.monotonic() + LONGEST_ROUND
    return sum(deliver(notice_id, send=send) for notice_id in list(due[:BATCH]) if time.monotonic() < end)


def deliver(notice_id: int, *, send: Send) -> bool:
    """Send one notice if nobody else has it; True when it left."""
    if not claim(notice_id):
        return False
    notice = Notice.objects.select_related("recipient").get(pk=notice_id)
    try:
        if not kinds.is_still_wanted(notice):
            _settle(notice, state=NoticeState.DROPPED)
            return False
        send(notice)
    except Exception as error:  # noqa: BLE001 - one mail that cannot be made must not stop the others
        _postpone(notice, error)
        return False
    return _settle(notice, state=NoticeState.SENT, sent_at=now(), last_error="")


def claim(notice_id: int) -> bool:
    """Exactly one worker wins: the database counts the row only while nobody's lease runs."""
    waiting = Notice.objects.claimable().filter(pk=notice_id)
    return waiting.update(lease_until=now() + LEASE, attempts=F("attempts") + 1) == 1


def give_up_lost() -> int:
    """Workers died over these too often; staff must look."""
    return Notice.objects.lost().update(
        state=NoticeState.GIVEN_UP, lease_until=None, last_error="the worker was lost each time"
    )


def _postpone(notice: Notice, error: Exception) -> None:
    log.warning("notice %d not sent, attempt %d: %s", notice.pk, notice.attempts, type(error).__name__)
    fault = f"{type(error).__name__}: {error}"[:300]
    if notice.attempts >= MAX_ATTEMPTS:
        _settle(notice, state=NoticeState.GIVEN_UP, last_error=fault)
        return
    _settle(notice, not_before=now() + PAUSES[notice.attempts - 1], last_error=fault)


def _settle(notice: Notice, **values: Any) -> bool:
    """Only the worker that still holds the claim may say what became of it."""
    mine = Notice.objects.filter(pk=notice.pk, state=NoticeState.WAITING, attempts=notice.attempts)
    return bool(mine.update(lease_until=None, **values))


# --- What staff may do ---------------------------------------------------------------------------------------


def release(*, notice: Notice, by: Any) -> Notice:
    """Let a held notice go."""
    return _move(notice, {NoticeState.HELD}, "notice.release", by, state=NoticeState.WAITING)


def drop(*, notice: Notice, by: Any, reason: str = "") -> Notice:
    """It shall not leave after all."""
    unsent = {NoticeState.HELD, NoticeState.WAITING, NoticeState.GIVEN_UP}
    return _move(notice, unsent, "notice.drop", by, reason, state=NoticeState.DROPPED)


def retry(*, notice: Notice, by: Any) -> Notice:
    """Try a notice again that was given up, or that waits for its next attempt."""
    stuck = {NoticeState.GIVEN_UP, NoticeState.WAITING}
    return _move(notice, stuck, "notice.retry", by, state=NoticeState.WAITING, attempts=0, not_before=now())


@transaction.atomic
def _move(
    notice: Notice, allowed: set[NoticeState], action: str, by: Any, reason: str = "", **values: Any
) -> Notice:
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.state not in allowed:
        raise Refused(Reason(_("This notice is not in a state in which that is possible."), code="state"))
    if locked.lease_until and locked.lease_until > now():
        raise Refused(Reason(_("This notice is being sent at this moment."), code="leased"))
    old = locked.state
    for name, value in values.items():
        setattr(locked, name, value)
    locked.lease_until = None
    locked.save()
    record(action, by=by, target=locked, changes={"state": [old, locked.state]}, reason=reason)
    return locked
