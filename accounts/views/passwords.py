"""Changing the password, and the way back in when it is forgotten."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.access import owes_new_password, owes_second_factor
from accounts.forms import ChangePasswordForm, ForgottenPasswordForm, NewPasswordForm
from accounts.models import User

READ_AND_POST = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(READ_AND_POST)
def change(request: HttpRequest) -> HttpResponse:
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    user = User.objects.get(pk=request.user.pk)
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        changed = services.change_password(user=user, password=form.cleaned_data["password"], by=user)
        update_session_auth_hash(request, changed)
        services.end_sessions(user=changed, by=changed, keep=request.session.session_key or "")
        messages.success(request, _("Your password has been changed. Other devices have been signed out."))
        return redirect("accounts:profile")
    context = {"form": form, "is_owed": owes_new_password(user), "most_days": settings.STAFF_PASSWORD_DAYS}
    return render(request, "accounts/password_change.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(READ_AND_POST)
def forgotten(request: HttpRequest) -> HttpResponse:
    form = ForgottenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.request_password_reset(identifier=form.cleaned_data["identifier"])
        return redirect("accounts:password_reset_sent")
    return render(
        request, "accounts/password_forgotten.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same page whether or not there is such an account."""
    return render(request, "accounts/password_sent.html")


@never_cache
@sensitive_post_parameters()
@require_http_methods(READ_AND_POST)
def set_by_link(request: HttpRequest, token: str) -> HttpResponse:
    user = services.user_by_link(token)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        if services.set_password_by_link(token=token, password=form.cleaned_data["password"]) is None:
            return render(request, "accounts/link_used.html", status=410)
        messages.success(request, _("Your password has been set. Please log in with it."))
        return redirect("accounts:login")
    return render(
        request,
        "accounts/password_set.html",
        {"form": form, "owner": user},
        status=422 if form.errors else 200,
    )
