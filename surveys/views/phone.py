"""The upload page of one sealed copy on a phone that is not signed in, and its code on the screen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from surveys.access import response_or_404
from surveys.selectors import copies as selectors
from surveys.selectors.phone import mark_of
from surveys.services import phone as services
from surveys.services.copies import Received
from surveys.views.links import by_link, wants_json

NO_CONTENT = 204


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def phone(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _receive(request, token)
    return render(request, "surveys/phone/upload.html", _shown(token))


@require_GET
@by_link
def phone_pages(request: HttpRequest, token: str) -> HttpResponse:
    """The list of pages alone, asked for again and again; without scripts its link leads to the whole page."""
    shown = _shown(token)
    if not getattr(request, "htmx", False):
        return redirect("surveys:phone", token)
    if request.GET.get("seen") == mark_of(shown["copy_state"]):
        return HttpResponse(status=NO_CONTENT)
    return render(request, "surveys/phone/_pages.html", shown)


def _shown(token: str) -> dict[str, Any]:
    door = services.open_door(token)
    return {
        "token": token,
        "response": door.response,
        "submission": door.submission,
        "ends_at": door.ends_at,
        "copy_state": selectors.copy_state(door.response),
    }


def _receive(request: HttpRequest, token: str) -> HttpResponse:
    received = services.receive_by_link(token=token, uploads=request.FILES.getlist("files"))
    told = [_told(one) for one in received]
    if wants_json(request):
        return JsonResponse({"files": told})
    if not told:
        messages.error(request, _("Choose at least one file."))
    for one in told:
        say = messages.error if one["state"] == "refused" else messages.success
        say(request, f"{one['name']}{_(': ')}{one['sentence']}")
    return redirect("surveys:phone", token)


def _told(one: Received) -> dict[str, str]:
    if one.reasons:
        return {"name": one.name, "state": "refused", "sentence": " ".join(map(str, one.reasons))}
    if one.was_there:
        return {"name": one.name, "state": "there", "sentence": _("This picture is there already.")}
    return {"name": one.name, "state": "kept", "sentence": _("Uploaded")}


@login_required
@never_cache
@require_GET
def phone_code(request: HttpRequest, reference: str) -> HttpResponse:
    """A fresh code for a page that stays open: the one it shows runs out."""
    response = response_or_404(request, reference)
    if not getattr(request, "htmx", False):
        return redirect(f"{selectors.response_address(reference)}#sealed-copy")
    context = {"response": response, "copy_state": selectors.copy_state(response), "may_fill": True}
    return render(request, "surveys/phone/_code.html", context)
