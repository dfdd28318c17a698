"""Taking back what was handed in: a page that says what it means, then one press."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from surveys.access import response_or_404
from surveys.enums import Stage
from surveys.models import Response
from surveys.services import withdrawals as services
from surveys.views.refusals import succeeds


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    response = response_or_404(request, reference)
    if request.method != "POST":
        return _page(request, response)
    typed = request.POST.get("version", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    if not succeeds(
        request, lambda: services.withdraw(response=response, seen_version=seen, by=request.user)
    ):
        return redirect("surveys:receipt", reference=reference)
    said: Any = _("Taken back. Change what you want and submit again; the next print is version %(version)d.")
    messages.success(request, said % {"version": response.version})
    return redirect("surveys:response", reference=reference)


def _page(request: HttpRequest, response: Response) -> HttpResponse:
    if reasons := services.reasons_against(response):
        for reason in reasons:
            messages.error(request, str(reason))
        return redirect("surveys:receipt", reference=response.reference)
    context = {"response": response, "has_paper": response.stage != Stage.TO_CHECK}
    return render(request, "surveys/withdraw.html", context)
