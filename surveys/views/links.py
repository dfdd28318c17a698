"""Pages that open by their address alone. No cookie is believed and none is needed: the address is the key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.access import address_of
from core import pace
from core.clock import now
from core.errors import Reason, Refused

WRONG_LINKS = 10  # from one address
CHANGES = 200  # by one link
WINDOW = 15 * 60  # seconds, for both

TOO_MANY_WRONG = Reason(
    _("Too many wrong links from here. Please try again in a quarter of an hour."), code="pause"
)
TOO_MANY_CHANGES = Reason(_("Too much was sent at once. Please wait a quarter of an hour."), code="pause")
# Whoever has done what the link was for is thanked, not refused.
STATUS = {"no_such_link": 404, "pause": 429, "handed_back": 200, "accepted": 200}
GONE = 410

View = Callable[[HttpRequest, str], HttpResponse]


def by_link(view: View) -> View:
    """The door to what a token opens; whatever it refuses becomes one clear page.

    Since only the address speaks, a foreign page gains nothing by forging a form: the cookie that guards forms
    elsewhere, which browsers inside chat apps lose, is not asked for. The address must not travel: it is not
    cached, not indexed, and not told to any page opened from here.
    """

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            _check_pace(request, token)
            answer = view(request, token)
        except Refused as refused:
            answer = _refused(request, refused.reasons[0])
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return guarded


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _check_pace(request: HttpRequest, token: str) -> None:
    if pace.counted(_key("wrong", address_of(request))) >= WRONG_LINKS:
        raise Refused(TOO_MANY_WRONG)
    if request.method == "POST" and _count("changes", token[:100]) > CHANGES:
        raise Refused(TOO_MANY_CHANGES)


def _refused(request: HttpRequest, reason: Reason) -> HttpResponse:
    status = STATUS.get(reason.code, GONE)
    if reason.code == "no_such_link":
        _count("wrong", address_of(request))
    if wants_json(request):
        return JsonResponse({"sentence": str(reason)}, status=status)
    answer = render(request, "surveys/links/over.html", {"reason": reason}, status=status)
    if getattr(request, "htmx", False):
        # A list that asks again by itself: the whole page says why there is nothing more to ask.
        answer["HX-Refresh"] = "true"
    return answer


def _count(what: str, whose: str) -> int:
    return pace.count(_key(what, whose), WINDOW)


def _key(what: str, whose: str) -> str:
    """One count for each quarter of an hour. What came from outside is no part of a file's name."""
    return f"link:{what}:{int(now().timestamp()) // WINDOW}:{whose}"
