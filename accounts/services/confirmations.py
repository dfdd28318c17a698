"""Whether an e-mail address is its owner's: a mailed link, pressed once. It signs nobody in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.services.passwords import queue_seldom
from audit.services import record
from core.clock import now
from core.links import absolute, opened, signed
from notices.enums import Kind
from notices.models import Notice

SALT = "accounts.email-confirmation"
LIFETIME = dt.timedelta(days=14)


@transaction.atomic
def request_confirmation(*, user: User) -> None:
    """Mail a link to the address of the account; nothing for one that is confirmed already."""
    if user.email_confirmed_at is not None or not user.is_active:
        return
    queue_seldom(kind=Kind.EMAIL_CONFIRMATION, user=user)


def user_to_confirm(token: str) -> User | None:
    """The account whose address a link confirms; None when forged, too old, or of an address given up since."""
    content = opened(token, salt=SALT) or {}
    user = User.objects.filter(pk=content.get("user", 0), is_active=True).first()
    return user if user is not None and content.get("address") == _address_of(user) else None


@transaction.atomic
def confirm_email(*, token: str) -> User | None:
    """Pressed twice it is still confirmed, once."""
    user = user_to_confirm(token)
    if user is None or user.email_confirmed_at is not None:
        return user
    return mark_confirmed(user=user)


@transaction.atomic
def mark_confirmed(*, user: User) -> User:
    """Whoever used a link from a mail to this very address has proved that it is theirs."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.email_confirmed_at is None and locked.email == user.email:
        locked.email_confirmed_at = now()
        locked.save(update_fields=["email_confirmed_at"])
        record("account.email_confirm", by=locked, target=locked)
    return locked


def confirmation_still_wanted(notice: Notice) -> bool:
    user = notice.recipient
    return bool(
        user and user.is_active and user.email_confirmed_at is None and notice.created_at + LIFETIME > now()
    )


def confirmation_link(notice: Notice) -> dict[str, Any]:
    """Made when the mail leaves, so that no working link lies in the outbox."""
    user = notice.recipient
    if user is None:
        raise LookupError("the account is gone")
    token = signed({"user": user.pk, "address": _address_of(user)}, salt=SALT, lifetime=LIFETIME)
    return {"link": absolute(reverse("accounts:email_confirm", args=[token]))}


def _address_of(user: User) -> str:
    """Not the address itself: links are seen in logs and histories."""
    return salted_hmac(SALT, user.email, algorithm="sha256").hexdigest()[:24]
