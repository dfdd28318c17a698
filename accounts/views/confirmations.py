"""The link that confirms an e-mail address. Looking at it changes nothing: mail scanners look at every link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.models import User
from core.masks import masked_email


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    owner = services.user_to_confirm(token)
    if owner is None:
        return render(request, "accounts/link_used.html", status=410)
    if request.method == "POST":
        services.confirm_email(token=token)
        messages.success(request, _("Your e-mail address is confirmed."))
        return redirect("accounts:profile")
    return render(request, "accounts/email_confirm.html", {"address": masked_email(owner.email)})


@login_required
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    services.request_confirmation(user=user)
    messages.success(request, _("A mail with a link is on its way to you. It may take a few minutes."))
    return redirect("accounts:profile")
