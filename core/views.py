"""The pages that belong to no app (help, personal data, about), and the answer to a breakdown."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from core import outages, retention

RETRY_AFTER = 30  # seconds


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The periods are those that hold now, so the page promises nothing that is not kept."""
    context = {
        "kept": retention.periods(),
        "idle_days": settings.ACCOUNT_IDLE_DAYS,
        "audit_years": settings.AUDIT_KEPT_YEARS,
    }
    return render(request, "pages/privacy.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


def come_again() -> HttpResponse:
    body = loader.get_template("503.html").render()
    return HttpResponse(body, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def server_error(request: HttpRequest) -> HttpResponse:
    """The last page there is, so it asks nothing of the database.

    A database that is away is not our mistake and passes: 503, and when to come again.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        outages.note(error)
        return come_again()
    return HttpResponse(loader.get_template("500.html").render(), status=500)
