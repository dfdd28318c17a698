"""The second factor of staff and authorities: a code from an app, and recovery codes for a lost phone."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts.authz import may_manage
from accounts.models import Authenticator, User
from accounts.selectors import has_second_factor, normalised_identifier
from audit.services import record
from core.errors import Reason, Refused

KEY_BYTES = 20
RECOVERY_CODES = 8
# No 0/o, 1/l/i: they are copied by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
STEP_SECONDS = 30
DEVICE_NAME = "authenticator"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the set-up page shows: the picture for the app, and the key for typing it in by hand."""

    picture: str
    key_in_words: str


def new_key() -> str:
    """The seed that is stored; the app is told what ``Authenticator.derived`` makes of it."""
    return secrets.token_hex(KEY_BYTES)


def offer(user: User, key: str) -> Offer:
    """``picture`` is a data: address of a PNG, so that no key ever has an address of its own."""
    shared = base64.b32encode(Authenticator.derived(key)).decode()
    issuer = gettext("Safe Communities")
    query = urlencode({"secret": shared, "issuer": issuer}, quote_via=quote)
    address = f"otpauth://totp/{quote(f'{issuer}:{user.email}')}?{query}"
    words = " ".join(shared[start : start + 4] for start in range(0, len(shared), 4))
    return Offer(segno.make(address, error="l").png_data_uri(scale=5, border=2), words)


@transaction.atomic
def set_up_second_factor(*, user: User, key: str, code: str, by: User | None) -> list[str]:
    """Take the app into use once it has shown that it knows the key; return the recovery codes, shown this once."""
    User.objects.select_for_update().get(pk=user.pk)
    if has_second_factor(user):
        raise Refused(Reason(_("A second factor is already set up."), code="exists"))
    totp = TOTP(Authenticator.derived(key), step=STEP_SECONDS)
    totp.time = time.time()
    digits = normalised_identifier(code)
    if not (digits.isdecimal() and totp.verify(int(digits), tolerance=1)):
        raise Refused(Reason(_("The code does not match. Please type the one shown now."), field="code"))
    # The step just used is spent, here as at every sign-in.
    Authenticator.objects.create(
        user=user, name=Authenticator.DERIVED, key=key, confirmed=True, last_t=totp.t(), drift=totp.drift
    )
    codes = _write_recovery_codes(user)
    record("account.second_factor_set_up", by=by, target=user)
    return codes


@transaction.atomic
def check_second_factor(*, user: User, code: str) -> Authenticator | StaticDevice | None:
    """The device that accepts the code, which is spent by it; None for a wrong, used or too early one.

    Each wrong code doubles the wait before the next is looked at.
    """
    typed = normalised_identifier(code).replace("-", "")
    is_recovery = not typed.isdecimal()
    devices = StaticDevice if is_recovery else Authenticator
    device = devices.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not device.verify_token(_stored(typed) if is_recovery else typed):
        return None
    if is_recovery:
        record("account.recovery_code_used", by=user, target=user)
    return device


@transaction.atomic
def renew_recovery_codes(*, user: User, by: User | None) -> list[str]:
    """Eight new codes; the old ones are worth nothing from now on."""
    if not has_second_factor(user):
        raise Refused(Reason(_("Set up the second factor first."), code="missing"))
    codes = _write_recovery_codes(user)
    record("account.recovery_codes_renew", by=by, target=user)
    return codes


@transaction.atomic
def remove_second_factor(*, user: User, by: User | None, reason: str = "") -> None:
    """For a lost phone: the user sets up a new one at the next sign-in."""
    if not may_manage(by, user):
        raise Refused(Reason(_("This account holds rights that you do not hold."), code="above"))
    removed, _kinds = Authenticator.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    if removed:
        record("account.second_factor_remove", by=by, target=user, reason=reason)


@transaction.atomic
def guard(*, user: User, is_guarded: bool, by: User | None) -> None:
    """Whether somebody who is not staff must sign in with a second factor. Holds from the next request."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_guarded == is_guarded:
        return
    locked.is_guarded = is_guarded
    locked.save(update_fields=["is_guarded"])
    record("account.guard", by=by, target=locked, changes={"is_guarded": [not is_guarded, is_guarded]})


def _write_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=DEVICE_NAME, confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(10)) for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_stored(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _stored(code: str) -> str:
    """Only a keyed hash is kept: who reads the table still cannot sign in."""
    return hmac.new(settings.SECRET_KEY.encode(), code.encode(), sha256).hexdigest()[:16]
