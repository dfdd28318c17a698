"""One's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors, services
from accounts.access import owes_second_factor
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.views.languages import in_language_of

FIELDS = ("name", "email", "mobile", "language")


@never_cache
@login_required
@require_POST
def own_data(request: HttpRequest) -> HttpResponse:
    """A copy of one's own data. By POST, as it is taken down in the trail."""
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    answer = JsonResponse(
        services.own_data(user=User.objects.get(pk=request.user.pk)),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=gettext("My data") + ".json"
    )
    return answer


@login_required
@require_POST
def ask_for_erasure(request: HttpRequest) -> HttpResponse:
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    services.ask_for_erasure(user=User.objects.get(pk=request.user.pk))
    messages.success(
        request, _("The administrators have been told. You get an answer within fifteen working days.")
    )
    return redirect("accounts:profile")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    if owes_second_factor(request.user):
        return redirect("accounts:second_factor")
    user = User.objects.get(pk=request.user.pk)
    initial = {field: getattr(user, field) for field in FIELDS}
    form = ProfileForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = services.change_user(
            user=user, by=user, **{field: form.cleaned_data[field] for field in FIELDS}
        )
        messages.success(request, _("Your details have been saved."))
        return in_language_of(changed, redirect("accounts:profile"))
    context = {
        "form": form,
        "is_confirmed": user.email_confirmed_at is not None,
        "has_second_factor": user.needs_second_factor and selectors.has_second_factor(user),
        "codes_left": selectors.recovery_codes_left(user) if user.needs_second_factor else 0,
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)
