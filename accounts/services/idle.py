"""Accounts that nobody uses are doors that nobody watches: warned a month before, then closed; staff may open them."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.services.users import deactivate_user
from core.clock import local, now, today
from core.dates import format_date
from core.errors import Refused
from notices.enums import Kind
from notices.models import Notice
from notices.services import queue

log = logging.getLogger(__name__)

WARNED_BEFORE = dt.timedelta(days=30)


def close_idle_accounts() -> int:
    """Warn who is due, close whose warning has run out; return how many were closed. A second run does nothing."""
    closed = 0
    for user in idle_accounts():
        warning = Notice.objects.filter(kind=Kind.ACCOUNT_IDLE, recipient=user, step=_spell(user)).first()
        if warning is None:
            _warn(user)
        elif warning.due_on <= today().isoformat():
            closed += _close(user)
    return closed


def idle_accounts() -> QuerySet[User]:
    """Active accounts not used for so long that they must be warned by now; a mail in vain is no use of an account."""
    moment = now() + WARNED_BEFORE
    limit = Case(
        When(is_staff=True, then=moment - dt.timedelta(days=settings.STAFF_ACCOUNT_IDLE_DAYS)),
        default=moment - dt.timedelta(days=settings.ACCOUNT_IDLE_DAYS),
    )
    seen = Coalesce("last_login", "date_joined")
    return User.objects.alias(seen=seen, limit=limit).filter(Q(seen__lt=limit), is_active=True).order_by("pk")


def warning_still_wanted(notice: Any) -> bool:
    user = notice.recipient
    return bool(user and user.is_active and _spell(user) == notice.step)


def _spell(user: User) -> str:
    """Which time of idleness this is: it ends with the next sign-in."""
    return local(user.last_login or user.date_joined).date().isoformat()


def _warn(user: User) -> None:
    day = today() + WARNED_BEFORE
    context = {"path": reverse("accounts:login"), "day": format_date(day, user.language)}
    queue(
        kind=Kind.ACCOUNT_IDLE,
        subject=user,
        recipient=user,
        context=context,
        due_on=day.isoformat(),
        step=_spell(user),
    )


def _close(user: User) -> bool:
    try:
        deactivate_user(user=user, by=None, reason=gettext("not used for a long time"))
    except Refused as refused:  # the last administrator stays
        log.warning("idle account %d stays open: %s", user.pk, refused.codes)
        return False
    return True
