"""Blank forms for everybody: the page that lists them and the files, made beforehand and only handed out here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from documents.access import file_response
from surveys.selectors import blank_forms as selectors

KEPT_BY_BROWSERS = 24 * 60 * 60  # seconds; then asked again, and answered with 304 while nothing has changed


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/forms.html", {"rounds": selectors.offered()})


def _tag(request: HttpRequest, code: str, format: str) -> str | None:  # noqa: A002 - the word of the field
    found = selectors.downloadable(code, format)
    return f'"{found.stored.sha256}"' if found else None


@require_safe
@condition(etag_func=_tag)
def form_file(request: HttpRequest, code: str, format: str) -> HttpResponseBase:  # noqa: A002
    found = selectors.downloadable(code, format)
    if found is None:
        raise Http404
    answer = file_response(found.stored, download=True)
    answer["Cache-Control"] = f"public, max-age={KEPT_BY_BROWSERS}"
    return answer
