"""Under which number a request is told of, which language a page is in, and which addresses cannot be any."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 - a middleware is HTTP
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.defaults import page_not_found

from core import logs, outages
from core.views import come_again

log = logging.getLogger("core.requests")


class RequestIdMiddleware:
    """The first of all: each answer, each error page and each line of the log bears the number of its request.

    A number that our own proxy sends is kept, so that its log and ours fit together; nobody else can choose one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        begun = time.monotonic()
        with logs.under_request_id(given) as number:
            request.META["REQUEST_ID"] = number
            response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            log.info(
                "%s %s %d",
                request.method,
                request.path,
                response.status_code,
                extra={"facts": _facts(request, begun)},
            )
        return response


def _facts(request: HttpRequest, begun: float) -> dict[str, object]:
    """Who is told only if the answer has asked already: a line of the log costs no query."""
    user = request.__dict__.get("_cached_user")
    return {"ms": round((time.monotonic() - begun) * 1000), "user": getattr(user, "pk", None)}


class LanguageMiddleware:
    """The reader's choice, kept in a cookie; otherwise Chinese.

    Django's own middleware also obeys the browser's list of languages. Many browsers in use here ask for
    English without their owner knowing, so only the switch on the page counts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


def chosen_language(request: HttpRequest) -> str:
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class OutageMiddleware:
    """While the database is known to be away nobody waits for it: 503 at once.

    Whoever asks how we are is let through.
    """

    ASKING_HOW_WE_ARE = frozenset({"/healthz", "/readyz"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if outages.is_on() and request.path not in self.ASKING_HOW_WE_ARE:
            return come_again()
        return self.get_response(request)


class GoneMiddleware:
    """Somebody presses a button for what another has just removed, or presses twice: it is not found, no fault of ours.

    Only for writing: a page that reads what is not there has a fault.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.method != "POST" or not isinstance(exception, ObjectDoesNotExist):
            return None
        log.warning("gone before it was written: %s", request.path, exc_info=exception)
        return page_not_found(request, exception)


class PlainAddressMiddleware:
    """A NUL character names nothing here, and no database takes one: such an address does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
