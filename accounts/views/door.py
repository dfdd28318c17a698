"""In and out."""

from typing import Any

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, services
from accounts.forms import SignInForm
from accounts.models import User
from accounts.views.languages import in_language_of


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(_onwards(request, request.user))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(
            request, username=form.cleaned_data["identifier"], password=form.cleaned_data["password"]
        )
        if isinstance(user, User):
            access.sign_in(request, user)
            if not access.owes_second_factor(request.user):
                services.record_sign_in(
                    user=user, address=access.address_of(request), with_second_factor=False
                )
            return in_language_of(user, redirect(_onwards(request, request.user)))
        form.add_error(None, _("E-mail or mobile and password do not match."))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next") or ""}
    return render(request, "accounts/login.html", context, status=422 if form.errors else 200)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("/")


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Called by django-axes in place of the log-in page once there were too many wrong passwords."""
    typed = request.POST.get("identifier", "")
    context = {"until": access.locked_until(request, typed)}
    return render(request, "accounts/locked_out.html", context, status=429)


def _onwards(request: HttpRequest, user: Any) -> str:
    wanted = access.next_page(request, user)
    if access.owes_second_factor(user):
        return f"{reverse('accounts:second_factor')}?{urlencode({'next': wanted})}"
    return wanted
