"""Accounts: opening, changing, closing. Every change leaves one line in the trail."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.authz import may_manage
from accounts.models import User
from accounts.selectors import administrators, normalised_identifier, normalised_mobile
from accounts.services.sessions import end_sessions
from audit.services import record
from core.clock import now
from core.errors import Reason, Refused
from core.masks import masked_email
from notices.enums import Kind
from notices.services import queue

# Their values enter the trail masked.
PERSONAL = ("name", "email", "mobile")
PLAIN = ("language", "is_staff")


@transaction.atomic
def create_user(
    *,
    email: str,
    by: User | None,
    name: str = "",
    mobile: str = "",
    password: str | None = None,
    language: str = "zh-hans",
    is_staff: bool = False,
) -> User:
    """Open an account. Without a password nobody can sign in until the mailed link was used (``invite_user``).

    Raises Refused with every field that is wrong or taken. The password is not judged here: forms do that.
    """
    user = User(email=normalised_identifier(email), name=name.strip(), language=language, is_staff=is_staff)
    user.mobile = _mobile(mobile)
    user.set_password(password)
    _check(user)
    user.save()
    personal = {field: (None, getattr(user, field)) for field in PERSONAL if getattr(user, field)}
    record("account.create", by=by, target=user, changes={"is_staff": is_staff}, personal=personal)
    return user


@transaction.atomic
def change_user(*, user: User, by: User | None, **fields: Any) -> User:
    """Change name, e-mail, mobile, language or is_staff; what is not named stays."""
    if unknown := set(fields) - {*PERSONAL, *PLAIN}:
        raise TypeError(f"cannot change {sorted(unknown)} here")
    locked = _managed(user, by)
    before = {field: getattr(locked, field) for field in fields}
    for field, value in fields.items():
        setattr(locked, field, _clean(field, value))
    changed = {field: (old, getattr(locked, field)) for field, old in before.items()}
    changed = {field: pair for field, pair in changed.items() if pair[0] != pair[1]}
    if not changed:
        return locked
    if "email" in changed:
        locked.email_confirmed_at = None
    _check(locked)
    locked.save()
    if "email" in changed:
        tell_of_change(Kind.ADDRESS_CHANGED, locked, address=changed["email"][0])
    record(
        "account.change",
        by=by,
        target=locked,
        changes={field: list(pair) for field, pair in changed.items() if field in PLAIN},
        personal={field: pair for field, pair in changed.items() if field in PERSONAL},
    )
    return locked


@transaction.atomic
def deactivate_user(*, user: User, by: User | None, reason: str = "") -> User:
    """Shut the account: the next request of every open session is refused. The row and its history stay."""
    locked = _managed(user, by)
    if by is not None and by.pk == locked.pk:
        raise Refused(Reason(_("You cannot close your own account."), code="self"))
    last = list(administrators().values_list("pk", flat=True)[:2]) == [locked.pk]
    if last:
        raise Refused(Reason(_("This is the last administrator."), code="last_administrator"))
    end_sessions(user=locked, by=by)
    return _set_active(locked, active=False, action="account.deactivate", by=by, reason=reason)


@transaction.atomic
def reactivate_user(*, user: User, by: User | None, reason: str = "") -> User:
    locked = _managed(user, by)
    return _set_active(locked, active=True, action="account.reactivate", by=by, reason=reason)


@transaction.atomic
def invite_user(*, user: User, by: User | None) -> User:
    """Mail a link by which the owner, and nobody else, chooses the password; a new one makes older ones useless."""
    locked = _without_password(user, by)
    # Each invitation is a wanted one, so each is told apart by the state that its link will carry.
    queue(kind=Kind.ACCOUNT_INVITATION, subject=locked, recipient=locked, batch=invitation_state(locked))
    record("account.invite", by=by, target=locked)
    return locked


@transaction.atomic
def retract_invitation(*, user: User, by: User | None) -> User:
    """No link that was mailed, and none that still waits, opens the account any more. It can be invited again."""
    locked = _without_password(user, by)
    record("account.retract_invitation", by=by, target=locked)
    return locked


def invitation_state(user: User) -> str:
    """Another one with each invitation and each retraction."""
    return user.password[-20:]


def _without_password(user: User, by: User | None) -> User:
    """The locked account with new nonsense in place of a password, which ends every link made before."""
    locked = _managed(user, by)
    if not locked.is_active:
        raise Refused(Reason(_("This account is closed."), code="inactive"))
    if locked.has_usable_password():
        raise Refused(
            Reason(
                _("This account has a password; its owner can ask for a new one on the sign-in page."),
                code="has_password",
            )
        )
    locked.set_unusable_password()
    locked.save(update_fields=["password"])
    return locked


def tell_of_change(kind: Kind, user: User, *, address: str) -> None:
    """So that somebody whose account is being taken over hears of it, at the address that was theirs until now."""
    context = {"address": masked_email(user.email)}
    moment = now().isoformat(timespec="seconds")
    queue(kind=kind, subject=user, recipient=user, address=address, context=context, batch=moment)


def _set_active(user: User, *, active: bool, action: str, by: User | None, reason: str) -> User:
    if user.is_active == active:
        return user
    if user.erased_at is not None:
        raise Refused(
            Reason(_("The data of this account were erased; nobody is left to open it for."), code="erased")
        )
    user.is_active, user.closed_at = active, None if active else now()
    user.save(update_fields=["is_active", "closed_at"])
    record(action, by=by, target=user, changes={"is_active": [not active, active]}, reason=reason)
    return user


def _managed(user: User, by: User | None) -> User:
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not may_manage(by, locked):
        raise Refused(Reason(_("This account holds rights that you do not hold."), code="above"))
    return locked


def _clean(field: str, value: Any) -> Any:
    if field == "mobile":
        return _mobile(value or "")
    if field == "email":
        return normalised_identifier(value)
    return value.strip() if field == "name" else value


def _mobile(text: str) -> str | None:
    """Stored as eleven digits; what is none is kept as typed, so that the check names the field."""
    return normalised_mobile(text) or text.strip()[:11] or None


def _check(user: User) -> None:
    reasons = []
    try:
        # The constraints only say again what e-mail and mobile in their stored form already keep.
        user.full_clean(validate_constraints=False)
    except ValidationError as error:
        reasons = [
            Reason(message, code="invalid", field=field)
            for field, messages in error.message_dict.items()
            for message in messages
        ]
    if user.mobile and not normalised_mobile(user.mobile):
        message = _("This is not a mobile number of eleven digits.")
        reasons.append(Reason(message, code="invalid", field="mobile"))
    if reasons:
        raise Refused(reasons)
