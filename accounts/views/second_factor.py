"""The second step of signing in, for staff and the people of authorities."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, selectors, services
from accounts.forms import CodeForm
from accounts.models import Authenticator, User
from core.errors import Refused

# The key waits here until the app has shown that it knows it; it is stored only then.
OFFERED_KEY = "second_factor_key"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    if request.user.is_verified():
        return redirect(access.next_page(request, user))
    if not selectors.has_second_factor(user):
        return redirect(f"{reverse('accounts:second_factor_set_up')}?{_carried(request)}")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = services.check_second_factor(user=user, code=form.cleaned_data["code"])
        if device is not None:
            access.confirm_second_factor(request, device)
            services.record_sign_in(user=user, address=access.address_of(request), with_second_factor=True)
            return redirect(access.next_page(request, user))
        form.add_error(
            "code", _("The code is wrong or was used before. Wait for the next one and type that.")
        )
    context = {"form": form, "next": access.next_page(request, user)}
    return render(request, "accounts/second_factor.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    if selectors.has_second_factor(user):
        return redirect("accounts:profile")
    key = request.session.setdefault(OFFERED_KEY, services.new_key())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = services.set_up_second_factor(user=user, key=key, code=form.cleaned_data["code"], by=user)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field, str(reason))
        else:
            return _taken_into_use(request, user, codes)
    context = {"form": form, "offer": services.offer(user, key), "next": access.next_page(request, user)}
    return render(request, "accounts/second_factor_set_up.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    if not request.user.is_verified():
        return redirect(
            f"{reverse('accounts:second_factor')}?{urlencode({'next': reverse('accounts:profile')})}"
        )
    codes = services.renew_recovery_codes(user=user, by=user)
    context = {"codes": codes, "next": reverse("accounts:profile")}
    return render(request, "accounts/recovery_codes.html", context)


def _taken_into_use(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    """Setting it up has just shown the second factor, so this session counts as verified."""
    request.session.pop(OFFERED_KEY, None)
    device = Authenticator.objects.get(user=user)
    access.confirm_second_factor(request, device)
    services.record_sign_in(user=user, address=access.address_of(request), with_second_factor=True)
    context = {"codes": codes, "next": access.next_page(request, user)}
    return render(request, "accounts/recovery_codes.html", context)


def _carried(request: HttpRequest) -> str:
    return urlencode({"next": request.GET.get("next") or request.POST.get("next") or ""})


def _person(request: HttpRequest) -> User:
    """Who sees many communities signs in with a second factor; everybody else may have one, and is asked for it only
    where single records leave the platform."""
    return User.objects.get(pk=request.user.pk)
