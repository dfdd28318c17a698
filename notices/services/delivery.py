"""Emptying the outbox: a worker claims some rows, asks whether each is still wanted, and hands them to the mail server.

They are claimed together and noted one by one, each right after the mail server's yes.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from audit.services import record
from core import leases
from core.clock import now, today
from core.leases import LEASE
from core.workdays import Calendar
from notices import kinds
from notices.emails import AddressRefused, Kept
from notices.enums import Channel, Kind, NoticeState
from notices.models import Notice, RefusedAddress
from notices.querysets import MAX_ATTEMPTS
from notices.selectors import calendar, kept_words, refused_among
from notices.services.writing import queue

log = logging.getLogger(__name__)

Send = Callable[[Notice, Kept], None]

# After the first, second, … failed attempt: a mail server may be away for most of a day.
PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
AT_ONCE = 50
# What has not left so soon after it was claimed is put back, to be asked about anew; seconds.
LONGEST_IN_HAND = 3
# One round ends before long, so that mails do not keep a worker from prints; seconds.
LONGEST_ROUND = 50
# What the mail server has taken is noted as soon as the database is back, for so many seconds.
DATABASE_AWAY = 120
PAUSE = 0.5  # seconds


@dataclass(slots=True)
class Hand:
    """Mails that one worker holds under one lease, and what was read for all of them at once.

    ``answers``: whether a mail is still wanted, of the kinds that say so for many. ``marked``: addresses that were
    refused before. ``kept``: the office's own words.
    """

    rest: list[Notice]
    lease_until: dt.datetime
    answers: Mapping[int, bool]
    marked: set[str]
    kept: Kept
    office: Calendar

    @property
    def is_ours(self) -> bool:
        """A worker that was stopped for a while must not send what another one may have taken up."""
        return now() < self.lease_until

    def prolong(self) -> None:
        until = now() + LEASE
        if _held(self.rest).update(lease_until=until):
            self.lease_until = until

    def put_back(self) -> None:
        """Nobody has tried them."""
        _held(self.rest).update(lease_until=None, attempts=F("attempts") - 1)


def deliver_waiting(*, send: Send) -> int:
    """Send what is due, oldest first, as much as a round has time for; return how many left.

    Two workers at once do no harm, but a slow mail server must not keep all of them from other work.
    """
    give_up_lost()
    if Notice.objects.in_hand().exists():
        return 0
    end, office, left = time.monotonic() + LONGEST_ROUND, calendar(), 0
    while time.monotonic() < end and (claimed := claim(AT_ONCE)):
        left += _deliver(claimed, send=send, office=office)
    return left


@transaction.atomic
def claim(most: int = AT_ONCE) -> list[Notice]:
    """The next that are due: for one worker only, the database counts them while nobody's lease runs.

    What a worker died over is taken by itself: else one mail that kills its worker would take the others along.
    """
    rows = Notice.objects.claimable().select_for_update(skip_locked=True, of=("self",))
    due = list(rows.select_related("recipient").order_by("not_before", "pk")[:most])
    claimed = [notice for notice in due if notice.lease_until is not None][:1] or due
    until = now() + LEASE
    waiting = Notice.objects.claimable().filter(pk__in=[notice.pk for notice in claimed])
    if waiting.update(lease_until=until, attempts=F("attempts") + 1) != len(claimed):
        transaction.set_rollback(True)
        return []
    for notice in claimed:
        notice.attempts, notice.lease_until = notice.attempts + 1, until
    return claimed


def _deliver(claimed: list[Notice], *, send: Send, office: Calendar) -> int:
    """Send what was claimed; return how many left."""
    marked = refused_among(notice.address for notice in claimed)
    lease_until = claimed[0].lease_until or now()
    hand = Hand(claimed, lease_until, _answers(claimed), marked, kept_words(), office)
    end, left = time.monotonic() + LONGEST_IN_HAND, 0
    with leases.kept(hand.prolong):
        while hand.rest and hand.is_ours:
            left += _deliver_one(hand.rest[0], hand, send)
            hand.rest = hand.rest[1:]
            if time.monotonic() > end:
                break
    if hand.rest:
        hand.put_back()
    return left


def _answers(notices: list[Notice]) -> Mapping[int, bool]:
    try:
        return kinds.still_wanted_among(notices)
    except Exception as error:  # noqa: BLE001 - one that cannot be asked about must not stop the others
        log.warning("%d notices are asked about one by one: %s", len(notices), type(error).__name__)
        return {}


def _deliver_one(notice: Notice, hand: Hand, send: Send) -> bool:
    try:
        if not _goes_now(notice, hand):
            return False
        if notice.channel == Channel.MAIL:
            send(notice, hand.kept)
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
    if notice.address in hand.marked:
        _address_takes_mail(notice)
    return left


def _goes_now(notice: Notice, hand: Hand) -> bool:
    """Asked once more: still wanted, and a reminder only within office hours."""
    wanted = hand.answers.get(notice.pk)
    if not (kinds.is_still_wanted(notice) if wanted is None else wanted):
        _settle(notice, state=NoticeState.DROPPED)
        return False
    if kinds.keeps_office_hours(notice) and (opens := hand.office.office_moment(now())) > now():
        _settle(notice, not_before=opens, attempts=notice.attempts - 1)
        return False
    return True


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


def _settle(notice: Notice, **values: Any) -> bool:
    """Only the worker that still holds the claim may say what became of it."""
    return bool(_mine(notice).update(lease_until=None, **values))


def _mine(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=NoticeState.WAITING, attempts=notice.attempts)


def _held(notices: list[Notice]) -> QuerySet[Notice]:
    """Those of them that still lie in the hand that claimed them."""
    mine = (Q(pk=notice.pk, attempts=notice.attempts) for notice in notices)
    return Notice.objects.filter(
        reduce(or_, mine, Q(pk__in=[])), state=NoticeState.WAITING, lease_until__isnull=False
    )
