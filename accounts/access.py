"""The door: who is really signed in, for how long, and where they go next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import django_otp
from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.backends import GUESSES_PER_ACCOUNT, WINDOW, recent_failures
from accounts.models import User
from accounts.selectors import has_second_factor, lock_key
from core.clock import local, now

# The session is written at most this often to push its end away; seconds.
TOUCH_EVERY = 60
SEEN, BEGAN = "seen", "began"
# Told at sign-in, so that most requests need not ask who somebody is.
HAS_SECOND_FACTOR, STAFF = "has_second_factor", "staff"


# Most browsers name those they are like as well.
BROWSERS = {
    "MicroMessenger": "WeChat",
    "QQBrowser": "QQ Browser",
    "360SE": "360",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


class SessionKeeper:
    """Four rules for every request.

    Staff and authorities who have given only a password are nobody yet, outside the pages of their own account,
    wherever a second factor is required or they have set one up; staff whose password is too old choose a new one
    first. A session ends after so long without a request, not so long after signing in. And what somebody signed in
    is shown stays in no cache, unless its view says how long it may.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        touch(request)
        answer = self.get_response(request)
        if auth.SESSION_KEY in request.session and not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.resolver_match and request.resolver_match.app_name == "accounts":
            return None
        may_owe = settings.STAFF_SECOND_FACTOR_REQUIRED or request.session.get(HAS_SECOND_FACTOR)
        if may_owe and owes_second_factor(request.user):
            request.user = AnonymousUser()
        if STAFF in request.session and owes_new_password(request.user):
            return redirect("accounts:password_change")
        return None


def touch(request: HttpRequest) -> None:
    """Only sessions begun by ``sign_in`` know when they were last seen."""
    seen = request.session.get(SEEN)
    if seen is not None and now().timestamp() - seen > TOUCH_EVERY:
        request.session[SEEN] = int(now().timestamp())


def sign_in(request: HttpRequest, user: User) -> None:
    """Begin a session under a new key."""
    auth.login(request, user, backend="accounts.backends.IdentifierBackend")
    idle = settings.STAFF_IDLE_MINUTES if user.is_staff else settings.IDLE_MINUTES
    request.session.set_expiry(idle * 60)
    request.session[BEGAN] = request.session[SEEN] = int(now().timestamp())
    request.session["address"] = address_of(request)
    request.session["browser"] = browser_of(request.headers.get("User-Agent", ""))
    if user.is_staff:
        request.session[STAFF] = True
    if user.needs_second_factor and has_second_factor(user):
        request.session[HAS_SECOND_FACTOR] = True


def confirm_second_factor(request: HttpRequest, device: Any) -> None:
    """The session may do more from now on, so it gets a new key."""
    django_otp.login(request, device)
    request.session.cycle_key()


def owes_second_factor(user: Any) -> bool:
    """Staff and people of authorities who have not shown a code in this session, where one is required or was set up
    by themselves."""
    if not user.is_authenticated or not user.needs_second_factor or is_verified(user):
        return False
    return settings.STAFF_SECOND_FACTOR_REQUIRED or has_second_factor(user)


def owes_new_password(user: Any) -> bool:
    """Staff whose password is older than the office allows."""
    if not settings.STAFF_PASSWORD_DAYS or not user.is_authenticated or not user.is_staff:
        return False
    chosen = user.password_set_at or user.date_joined
    return bool(now() - chosen > dt.timedelta(days=settings.STAFF_PASSWORD_DAYS))


def is_verified(user: Any) -> bool:
    """A user fresh from the password has not been asked yet and carries no answer."""
    answer = getattr(user, "is_verified", None)
    return bool(answer and answer())


def browser_of(agent: str) -> str:
    """``Chrome · Windows``: enough for somebody to know the own devices; the first sign that fits, oddest first."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def address_of(request: HttpRequest) -> str:
    return get_client_ip_address(request) or ""


def next_page(request: HttpRequest, user: Any) -> str:
    """Where the reader wanted to go, if that is a path of ours; else the start page of their kind."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    if wanted.startswith("/") and is_ours:
        return wanted
    return reverse("admin:index") if user.is_staff else settings.LOGIN_REDIRECT_URL


def locked_until(request: HttpRequest, identifier: str) -> dt.datetime:
    """When the next attempt will be looked at."""
    name = lock_key(identifier)
    address = getattr(request, "axes_ip_address", None)
    attempts = AccessAttempt.objects.filter(username=name, ip_address=address).order_by("-attempt_time")
    newest = attempts.values_list("attempt_time", flat=True).first() or now()
    until = newest + settings.AXES_COOLOFF_TIME
    failures = recent_failures(name).order_by("-attempt_time").values_list("attempt_time", flat=True)
    if len(counted := list(failures[:GUESSES_PER_ACCOUNT])) == GUESSES_PER_ACCOUNT:
        until = max(until, counted[-1] + WINDOW)
    return local(until)
