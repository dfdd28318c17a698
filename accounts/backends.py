"""Signing in by e-mail or mobile, how many wrong passwords are too many, and where sessions are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest  # noqa: TID251 - for the type only
from django.utils.translation import ngettext

from accounts.models import Session, User
from accounts.selectors import lock_key, signed_in_user, user_by_identifier
from core.clock import ZONE, now

# However many addresses the guesses come from.
GUESSES_PER_ACCOUNT = 20
WINDOW = dt.timedelta(hours=1)
# Network logs are kept for six months at least (网络安全法 art. 21); a little more.
KEPT_FOR = dt.timedelta(days=190)


class IdentifierBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The active user with this e-mail or mobile and password.

        One hash is computed whether or not there is such an account, so that the time tells nothing.
        """
        if username is None or password is None:
            return None
        user = user_by_identifier(username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = signed_in_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class LengthValidator(MinimumLengthValidator):
    """Says it in the reader's language; the sentence that comes with Django has no Chinese yet."""

    def get_error_message(self) -> str:
        return ngettext(
            "The password needs at least %(count)d character.",
            "The password needs at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name this attempt counts; looked up once a request."""
    typed = (credentials or {}).get("identifier") or request.POST.get("identifier") or ""
    remembered = request.__dict__.setdefault("_counted_names", {})
    if typed not in remembered:
        remembered[typed] = lock_key(typed)
    return remembered[typed]


class GuessCounter(AxesDatabaseHandler):
    """Five wrong passwords from one address lock that address out; twenty in an hour lock the account.

    The owner then still has the second way: the mailed link, which takes the lock away.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        return recent_failures(counted_name(request, credentials)).count() >= GUESSES_PER_ACCOUNT

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        if username and not ip_or_username:
            recent_failures(username).delete()
        return super().reset_attempts(ip_address=ip_address, username=username, ip_or_username=ip_or_username)

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        old = AccessFailureLog.objects.filter(username=username, attempt_time__lt=now() - KEPT_FOR)
        return old.delete()[0]


def recent_failures(name: str) -> Any:
    return AccessFailureLog.objects.filter(username=name, attempt_time__gte=now() - WINDOW)


class SessionStore(DatabaseSessions):
    """Django's own, whose rows also say whose session it is, from where and since when (``access.sign_in``)."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.address, row.browser = data.get("address", ""), data.get("browser", "")
        row.began_at, row.seen_at = _moment(data.get("began")), _moment(data.get("seen"))
        return row


def _moment(seconds: int | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, tz=ZONE) if seconds else None
