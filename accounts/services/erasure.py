"""Erasing a person for good (个人信息保护法 art. 47). The account's number stays, so that the trail stays whole."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.authz import may_manage
from accounts.models import User
from accounts.selectors import administrators
from accounts.services.roles import set_roles
from accounts.services.second_factor import remove_second_factor
from audit.services import record
from core.clock import now, today
from core.errors import Reason, Refused
from notices.enums import Kind
from notices.models import Notice
from notices.services import forget_recipients, queue

Hook = Callable[[User, User | None], None]

_hooks: list[Hook] = []

STILL_OPEN = Reason(_("Close the account first; then its data can be erased."), code="open")


def register_erasure(hook: Hook) -> None:
    """``hook(user, by)`` ends what an upper app holds about a person, before the account forgets who it was."""
    _hooks.append(hook)


@transaction.atomic
def erase_user(*, user: User, by: User | None, reason: str = "") -> User:
    """Name, addresses, password, second factor, roles, mails and what upper apps hold. There is no way back.

    Raises Refused while the account is open: closing it can be undone, and somebody looks twice.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not may_manage(by, locked):
        raise Refused(Reason(_("This account holds rights that you do not hold."), code="above"))
    if locked.is_active:
        raise Refused(STILL_OPEN)
    if locked.erased_at is not None:
        return locked
    record("account.erase", by=by, target=locked, reason=reason)
    set_roles(user=locked, roles=[], by=by)
    for hook in _hooks:
        hook(locked, by)
    forget_recipients(Notice.objects.filter(recipient=locked))
    remove_second_factor(user=locked, by=by)
    _forget(locked)
    return locked


def _forget(user: User) -> None:
    user.name, user.mobile = "", None
    user.email = f"erased-{user.pk}@erased.invalid"
    user.email_confirmed_at, user.erased_at = None, now()
    user.is_superuser = False
    user.set_unusable_password()
    user.save()


@transaction.atomic
def ask_for_erasure(*, user: User) -> None:
    """Told to the administrators once a day at most; they close the account and erase it, or answer why not yet."""
    record("account.erasure_asked", by=user, target=user)
    context = {"path": reverse("admin:accounts_user_change", args=[user.pk])}
    for administrator in administrators():
        queue(
            kind=Kind.ERASURE_ASKED,
            subject=user,
            recipient=administrator,
            context=context,
            due_on=today().isoformat(),
        )


def erase_all(users: QuerySet[User]) -> int:
    """What the rule for closed accounts does."""
    return sum(erase_user(user=user, by=None, reason=str(_("kept long enough"))).pk > 0 for user in users)
