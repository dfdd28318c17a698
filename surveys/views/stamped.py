"""The sealed copy as one PDF, for the unit, for those set above it and for staff."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from documents.access import file_response
from surveys.access import may_see_contacts, response_or_404
from surveys.models import SealedCopy
from surveys.selectors import stamped as selectors
from surveys.services.copies import ask_for_stamped_again


def _page_of(request: HttpRequest, copy: SealedCopy) -> str:
    """Where its state is shown: to staff on the desk, to everybody else on the receipt."""
    user: Any = request.user
    return reverse("surveys:review" if user.is_staff else "surveys:receipt", args=[copy.response.reference])


def _copy(request: HttpRequest, reference: str, copy_id: int) -> SealedCopy:
    """A copy of this response that was sent. It names persons in full, so that right is asked for too."""
    response = response_or_404(request, reference, Permission.RESPONSE_VIEW)
    if not may_see_contacts(request.user, response):
        raise PermissionDenied(Permission.CONTACT_VIEW)
    found: SealedCopy = get_object_or_404(selectors.sent_copies(response), pk=copy_id)
    found.response = response
    return found


@login_required
@require_safe
def copy_stamped(request: HttpRequest, reference: str, copy_id: int) -> HttpResponseBase:
    """The document as it was put together last; while staff settle a page it is still the one before."""
    copy = _copy(request, reference, copy_id)
    if copy.stamped is None:
        raise Http404
    return file_response(copy.stamped)


@login_required
@never_cache
@require_safe
def copy_stamped_state(request: HttpRequest, reference: str, copy_id: int) -> HttpResponse:
    """Only the button, asked again and again until the document is there; a page without scripts starts afresh."""
    copy = _copy(request, reference, copy_id)
    if not getattr(request, "htmx", False):
        return redirect(_page_of(request, copy))
    context = {"response": copy.response, "stamped": selectors.stamped_of(copy)}
    return render(request, "surveys/copies/_stamped.html", context)


@login_required
@require_POST
def copy_stamped_again(request: HttpRequest, reference: str, copy_id: int) -> HttpResponse:
    """Pressed when the pages could not be put together."""
    copy = _copy(request, reference, copy_id)
    ask_for_stamped_again(copy=copy)
    return redirect(_page_of(request, copy))
