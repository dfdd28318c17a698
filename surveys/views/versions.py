"""Two versions of a response side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.admin_site import staff_context
from surveys.access import may_read_responses, staff_response
from surveys.models import Submission
from surveys.selectors import versions as selectors
from surveys.views.asked import chosen_number, way_of


@may_read_responses
@never_cache
@require_GET
def review_versions(request: HttpRequest, reference: str) -> HttpResponse:
    """The last two, unless others are asked for."""
    response = staff_response(request, reference)
    found = selectors.versions(response)
    if len(found) < 2:
        raise Http404
    old, new = _asked(request, found)
    context = {
        "response": response,
        "versions": found,
        "comparison": selectors.compare(response, old, new, request.user),
        "way": way_of(request),
    }
    title = _("%(community)s: versions compared") % {"community": response.community}
    return render(request, "surveys/review/versions.html", staff_context(request, title=title, **context))


def _asked(request: HttpRequest, found: list[Submission]) -> tuple[Submission, Submission]:
    """Two different ones, the older first, whichever way round they were chosen."""
    by_number = {submission.version: submission for submission in reversed(found)}
    new = by_number[chosen_number(request, "new", by_number)]
    others = [number for number in by_number if number != new.version]
    nearest = sorted(others, key=lambda number: (number > new.version, abs(number - new.version)))
    old = by_number[chosen_number(request, "old", nearest)]
    return (old, new) if old.version < new.version else (new, old)
