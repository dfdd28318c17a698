"""Where am I signed in, and out with the others."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services
from accounts.access import owes_second_factor
from accounts.models import User


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    context = {
        "sessions": selectors.sessions_of(_self(request)),
        "current": request.session.session_key,
    }
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """One of them by its handle, or without any all but this one."""
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    user = _self(request)
    if handle := request.POST.get("handle", ""):
        services.end_session(user=user, handle=handle, by=user)
    else:
        services.end_sessions(user=user, by=user, keep=request.session.session_key or "")
    messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


def _self(request: HttpRequest) -> User:
    return User.objects.get(pk=request.user.pk)
