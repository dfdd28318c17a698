"""Differences between accepted answers and the register, taken over or left one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from communities.authz import can
from core.admin_site import staff_context
from surveys.access import may_read_responses, must_hold, staff_response
from surveys.models import RegisterChange
from surveys.selectors import reviews
from surveys.services import register_changes as services
from surveys.views.refusals import succeeds


@may_read_responses
@never_cache
@require_GET
def register_changes(request: HttpRequest, reference: str) -> HttpResponse:
    response = staff_response(request, reference)
    context = {
        "response": response,
        "rows": reviews.change_rows(response, request.user),
        "may_change": can(request.user, Permission.REGISTER_CHANGE, response.community),
    }
    title = _("%(community)s: differences to the register") % {"community": response.community}
    return render(
        request, "surveys/review/register_changes.html", staff_context(request, title=title, **context)
    )


@may_read_responses
@require_POST
def register_change_decide(request: HttpRequest, reference: str, change_id: int) -> HttpResponse:
    """Take one difference into the register, or leave the register as it is."""
    response = staff_response(request, reference)
    must_hold(request, Permission.REGISTER_CHANGE, response)
    visible = reviews.changes_visible_to(request.user).filter(response=response)
    change: RegisterChange = get_object_or_404(visible, pk=change_id)
    if request.POST.get("decision") == "apply":
        seen = request.POST.get("seen", "")
        if succeeds(request, lambda: services.apply_change(change=change, by=request.user, seen=seen)):
            messages.success(request, _("Taken into the register."))
    elif succeeds(request, lambda: services.dismiss_change(change=change, by=request.user)):
        messages.success(request, _("The register stays as it is."))
    return redirect("surveys:register_changes", reference)
