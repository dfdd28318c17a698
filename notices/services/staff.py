"""What staff may do with a mail that has not left, and with an address that was refused."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from core.clock import now
from core.errors import Reason, Refused
from notices.enums import NoticeState
from notices.models import Notice, RefusedAddress


def release(*, notice: Notice, by: Any) -> Notice:
    """Let a held notice go."""
    return _move(notice, {NoticeState.HELD}, "notice.release", by, state=NoticeState.WAITING)


def drop(*, notice: Notice, by: Any, reason: str = "") -> Notice:
    """It shall not leave after all."""
    unsent = {NoticeState.HELD, NoticeState.WAITING, NoticeState.GIVEN_UP, NoticeState.REFUSED}
    return _move(notice, unsent, "notice.drop", by, reason, state=NoticeState.DROPPED)


def retry(*, notice: Notice, by: Any) -> Notice:
    """Try a notice again that was given up, whose address was refused, or that waits for its next attempt."""
    stuck = {NoticeState.GIVEN_UP, NoticeState.REFUSED, NoticeState.WAITING}
    return _move(notice, stuck, "notice.retry", by, state=NoticeState.WAITING, attempts=0, not_before=now())


@transaction.atomic
def address_works(*, refused: RefusedAddress, by: Any) -> None:
    """Somebody knows that the address takes mail again; reminders go to it from now on."""
    record("notice.address_works", by=by, target=refused, personal={"address": (refused.address, None)})
    refused.delete()


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
