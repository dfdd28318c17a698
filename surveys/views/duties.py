"""The first page of the portal: what is owed, by when, one button each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.selectors import requests_of
from core.duties import cards_of
from surveys.selectors.responses import duties_of


@login_required
@never_cache
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    found = duties_of(request.user)
    context = {
        "requests": requests_of(request.user),
        "cards": cards_of(request.user),
        "owed": [duty for duty in found if duty.is_owed],
        "waiting": [duty for duty in found if not duty.is_owed],
    }
    return render(request, "surveys/duties.html", context)
