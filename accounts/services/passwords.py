"""Passwords: changing one's own, and the mailed link that works once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.utils import reset
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.selectors import account_key, user_by_identifier
from accounts.services.sessions import end_sessions
from accounts.services.users import invitation_state, tell_of_change
from audit.services import record
from core.clock import now
from core.links import absolute, opened, signed
from notices.enums import Kind
from notices.models import Notice
from notices.services import queue

SALT = "accounts.password-link"
LIFETIMES = {
    Kind.PASSWORD_RESET: dt.timedelta(hours=1),
    Kind.ACCOUNT_INVITATION: dt.timedelta(days=14),
}
# However often it is asked for, one mail in so many minutes.
MAIL_EVERY = 5


@transaction.atomic
def change_password(*, user: User, password: str, by: User | None) -> User:
    """Every other open session of the user ends with this."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.set_password(password)
    locked.save(update_fields=["password", "password_set_at"])
    record("account.password_change", by=by, target=locked)
    tell_of_change(Kind.PASSWORD_CHANGED, locked, address=locked.email)
    return locked


@transaction.atomic
def request_password_reset(*, identifier: str) -> None:
    """Mail a link if there is such an account. The asker learns nothing either way."""
    user = user_by_identifier(identifier)
    if user is None or not user.is_active:
        return
    if queue_seldom(kind=Kind.PASSWORD_RESET, user=user):
        record("account.password_reset_request", by=None, target=user)


def queue_seldom(*, kind: Kind, user: User) -> bool:
    """Write a mail about the account unless one of this kind was written just now."""
    moment = now()
    batch = f"{moment:%Y-%m-%dT%H}:{moment.minute // MAIL_EVERY * MAIL_EVERY:02d}"
    if Notice.objects.filter(kind=kind, recipient=user, batch=batch).exists():
        return False
    queue(kind=kind, subject=user, recipient=user, batch=batch)
    return True


def user_by_link(token: str) -> User | None:
    """The account a mailed link belongs to; None when it is forged, too old, used, or overtaken by a change."""
    content = opened(token, salt=SALT) or {}
    user = User.objects.filter(pk=content.get("user", 0), is_active=True).first()
    return user if user is not None and content.get("state") == _state(user) else None


@transaction.atomic
def set_password_by_link(*, token: str, password: str) -> User | None:
    """Use the link up. It proves that the mail was read, so the address counts as confirmed and the lock is off."""
    user = user_by_link(token)
    if user is None:
        return None
    locked = User.objects.select_for_update().get(pk=user.pk)
    if _state(locked) != _state(user):
        return None
    is_first = not locked.has_usable_password()
    locked.set_password(password)
    locked.email_confirmed_at = now()
    locked.save(update_fields=["password", "password_set_at", "email_confirmed_at"])
    reset(username=account_key(locked))
    record("account.password_set", by=locked, target=locked)
    end_sessions(user=locked, by=locked)
    if not is_first:
        tell_of_change(Kind.PASSWORD_CHANGED, locked, address=locked.email)
    return locked


def link_still_wanted(notice: Notice) -> bool:
    """Not for a closed account, not when the link would be older than it may live, nor after a later invitation."""
    user = notice.recipient
    if user is None or not user.is_active or notice.created_at + LIFETIMES[Kind(notice.kind)] <= now():
        return False
    return notice.kind != Kind.ACCOUNT_INVITATION or notice.batch == invitation_state(user)


def link_for(notice: Notice) -> dict[str, Any]:
    """Made when the mail leaves, so that no working link lies in the outbox."""
    user = notice.recipient
    if user is None:
        raise LookupError("the account is gone")
    content = {"user": user.pk, "state": _state(user)}
    token = signed(content, salt=SALT, lifetime=LIFETIMES[Kind(notice.kind)])
    return {"link": absolute(reverse("accounts:password_set", args=[token]))}


def _state(user: User) -> str:
    """Changes with the password, the e-mail and each sign-in: whatever happens first makes the link useless."""
    facts = f"{user.pk} {user.password} {user.email} {user.last_login}"
    return salted_hmac(SALT, facts, algorithm="sha256").hexdigest()[:24]
