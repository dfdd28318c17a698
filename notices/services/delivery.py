"""Emptying the outbox: one worker claims a row, asks whether it is still wanted, and hands it to the mail server."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from audit.services import record
from core import leases
from core.clock import now, today
from core.leases import LEASE
from core.workdays import Calendar
from notices import kinds
from notices.emails import AddressRefused
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice, RefusedAddress
from notices.querysets import MAX_ATTEMPTS
from notices.selectors import calendar
from notices.services.writing import queue

log = logging.getLogger(__name__)

Send = Callable[[Notice], None]

# After the first, second, … failed attempt: a mail server may be away for most of a day.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
BATCH = 200
# One round ends before long, so that mails do not keep a worker from prints; seconds.
LONGEST_ROUND = 50
# What the mail server has taken is noted as soon as the database is back, for so many seconds.
DATABASE_AWAY = 120
PAUSE = 0.5  # seconds


def deliver_waiting(*, send: Send) -> int:
    """Send what is due, oldest first, as much as a round has time for; return how many left.

    Two workers at once do no harm, but a slow mail server must not keep all of them from other work.
    """
    give_up_lost()
    if Notice.objects.in_hand().exists():
        return 0
    due = Notice.objects.claimable().order_by("not_before", "pk").values_list("pk", flat=True)
    end, office, left = time.monotonic() + LONGEST_ROUND, calendar(), 0
    while time.monotonic() < end and (some := list(due[:BATCH])):
        left += sum(
            deliver(notice_id, send=send, office=office) for notice_id in some if time.monotonic() < end
        )
        if len(some) < BATCH:
            break
    return left


def deliver(notice_id: int, *, send: Send, office: Calendar | None = None) -> bool:
    """Send one notice if nobody else has it; True when it left."""
    if not claim(notice_id):
        return False
    marked = RefusedAddress.objects.filter(address=OuterRef("address"))
    rows = Notice.objects.select_related("recipient").annotate(is_marked=Exists(marked))
    notice = rows.get(pk=notice_id)
    try:
        if not _goes_now(notice, office):
            return False
        if notice.channel == Channel.MAIL:
            with leases.kept(partial(_prolong, notice)):
                send(notice)
    except AddressRefused as refused:
        _mark_refused(notice, refused)
        return False
    except kinds.TooLarge as error:
        _give_up(notice, str(error))
        return False
    except Exception as error:  # noqa: BLE001 - one mail that cannot be made must not stop the others
        _postpone(notice, error)
        return False
    left = _note_sent(notice)
    if notice.is_marked:
        _address_takes_mail(notice)
    return left


def _goes_now(notice: Notice, office: Calendar | None) -> bool:
    """Asked once more: still wanted, and a reminder only within office hours."""
    if not kinds.is_still_wanted(notice):
        _settle(notice, state=NoticeState.DROPPED)
        return False
    if kinds.keeps_office_hours(notice) and (opens := (office or calendar()).office_moment(now())) > now():
        _settle(notice, not_before=opens, attempts=notice.attempts - 1)
        return False
    return True


def claim(notice_id: int) -> bool:
    """Exactly one worker wins: the database counts the row only while nobody's lease runs."""
    waiting = Notice.objects.claimable().filter(pk=notice_id)
    return waiting.update(lease_until=now() + LEASE, attempts=F("attempts") + 1) == 1


def give_up_lost() -> int:
    """Workers died over these too often; staff must look."""
    lost = Notice.objects.lost().update(
        state=NoticeState.GIVEN_UP, lease_until=None, last_error="the worker was lost each time"
    )
    if lost:
        log.error("%d notices given up: the worker was lost each time", lost)
        tell_office()
    return lost


def _postpone(notice: Notice, error: Exception) -> None:
    log.warning("notice %d not sent, attempt %d: %s", notice.pk, notice.attempts, type(error).__name__)
    fault = f"{type(error).__name__}: {error}"[:300]
    if notice.attempts < MAX_ATTEMPTS:
        _settle(notice, not_before=now() + PAUSES[notice.attempts - 1], last_error=fault)
    else:
        _give_up(notice, fault)


def _give_up(notice: Notice, fault: str) -> None:
    if _settle(notice, state=NoticeState.GIVEN_UP, last_error=fault):
        log.error("notice %d given up: %s", notice.pk, fault.partition(":")[0])
        tell_office()


def tell_office() -> None:
    """That mails were given up stands among the messages of those who can do something, once a day."""
    page = {"path": f"{reverse('admin:notices_notice_changelist')}?state__exact={NoticeState.GIVEN_UP}"}
    day = today().isoformat()
    for user in kinds.office():
        queue(
            kind=Kind.MAIL_GIVEN_UP,
            channel=Channel.SITE,
            subject="notices.notice:given_up",
            recipient=user,
            due_on=day,
            context={**page, "day": day},
        )


def _note_sent(notice: Notice) -> bool:
    """The mail is gone: a database that is away for a moment must not make us send it once more."""
    sent_at, end = now(), time.monotonic() + DATABASE_AWAY
    while True:
        try:
            return _settle(notice, state=NoticeState.SENT, sent_at=sent_at, last_error="")
        except (OperationalError, InterfaceError):
            connection.close_if_unusable_or_obsolete()
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)


@transaction.atomic
def _mark_refused(notice: Notice, refused: AddressRefused) -> None:
    """No second try: the server says that nobody is there. Reminders leave the address out until it takes mail."""
    answer = str(refused)[:300]
    if not _settle(notice, state=NoticeState.REFUSED, last_error=answer):
        return
    marked, is_new = RefusedAddress.objects.get_or_create(
        address=notice.address, defaults={"answer": answer, "refused_at": now()}
    )
    if is_new:
        personal = {"address": (None, notice.address)}
        record(
            "notice.address_refused",
            by=None,
            target=marked,
            community_id=notice.community_id,
            personal=personal,
        )
    log.error("notice %d: the address was refused", notice.pk)


def _address_takes_mail(notice: Notice) -> None:
    marked = RefusedAddress.objects.filter(address=notice.address).first()
    if marked is not None:
        with transaction.atomic():
            personal = {"address": (marked.address, None)}
            record("notice.address_works", by=None, target=marked, personal=personal)
            marked.delete()


def _prolong(notice: Notice) -> int:
    return _mine(notice).update(lease_until=now() + LEASE)


def _settle(notice: Notice, **values: Any) -> bool:
    """Only the worker that still holds the claim may say what became of it."""
    return bool(_mine(notice).update(lease_until=None, **values))


def _mine(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=NoticeState.WAITING, attempts=notice.attempts)
