"""The language an account has chosen, carried by the browser from the first page after signing in."""

from django.conf import settings
from django.http import HttpResponse

from accounts.models import User

YEAR = 365 * 24 * 60 * 60  # seconds


def in_language_of(user: User, response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
    return response
