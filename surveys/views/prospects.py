"""The open link for units that intend to apply: first look for your unit, then enter it, then confirm by mail."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import address_of, sign_in
from accounts.forms import NewPasswordForm
from accounts.models import User
from communities.forms import RegisterFilterForm
from communities.selectors import register_page
from core import pace
from core.errors import Refused
from core.masks import masked_email
from surveys.forms.prospects import ProspectForm
from surveys.models import ProspectApplication, Round
from surveys.selectors import prospects as selectors
from surveys.services import prospects as services

APPLICATIONS = 5  # from one address, then a pause: instead of pictures with letters that nobody can read
PAUSE = 60 * 60  # seconds


@require_safe
def prospects(request: HttpRequest) -> HttpResponse:
    """Find your unit first: most that come here are in the register already."""
    rounds = selectors.rounds_for_prospects()
    form = RegisterFilterForm(request.GET)
    query = form.filters.query
    found = register_page(form.filters, None).page.object_list[: selectors.MOST_HITS] if query else []
    context = {"rounds": rounds, "query": query, "found": found}
    return render(request, "surveys/prospects/find.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_apply(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = _round(code)
    if request.method != "POST":
        return _form(
            request, survey_round, ProspectForm(initial={"unit_name": request.GET.get("name", "")[:100]})
        )
    form = ProspectForm(request.POST)
    if not form.is_valid():
        return _form(request, survey_round, form, status=422)
    if _is_too_many(request):
        form.add_error(None, _("Too many entries from here. Please try again in an hour."))
        return _form(request, survey_round, form, status=429)
    try:
        application = services.apply(
            survey_round=survey_round,
            language=getattr(request, "LANGUAGE_CODE", "zh-hans"),
            **form.cleaned_data,
        )
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return _form(request, survey_round, form, status=422)
    context = {"round": survey_round, "address": masked_email(application.email)}
    return render(request, "surveys/prospects/sent.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prospect_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Looking at it changes nothing."""
    try:
        application = services.application_by_link(token)
    except Refused as refused:
        return render(request, "surveys/prospects/over.html", {"reason": refused.reasons[0]}, status=410)
    if application.confirmed_at is not None:
        return redirect("surveys:duties")
    has_account = services.has_account(application)
    person = User(email=application.email, name=application.person)
    form = None if has_account else NewPasswordForm(request.POST or None, user=person)
    is_right = request.method == "POST" and (form is None or form.is_valid())
    if is_right and (done := _confirm(request, application, token, form)):
        return done
    context = {"application": application, "form": form, "has_account": has_account, "token": token}
    return render(
        request, "surveys/prospects/confirm.html", context, status=422 if form and form.errors else 200
    )


def _confirm(
    request: HttpRequest, application: ProspectApplication, token: str, form: NewPasswordForm | None
) -> HttpResponse | None:
    """The page to go to, or None when the form says what is wrong."""
    user: Any = request.user if request.user.is_authenticated else None
    try:
        done = services.confirm(
            token=token, password=form.cleaned_data["password"] if form else "", user=user
        )
    except Refused as refused:
        if "log_in" in refused.codes:
            return redirect(f"{redirect('accounts:login')['Location']}?next={request.path}")
        if form is None:
            context = {"reason": refused.reasons[0]}
            return render(request, "surveys/prospects/over.html", context, status=409)
        for reason in refused.reasons:
            form.add_error(None, str(reason))
        return None
    if user is None and done.user is not None:
        sign_in(request, done.user)
    return redirect("surveys:duties")


def _round(code: str) -> Round:
    for survey_round in selectors.rounds_for_prospects():
        if survey_round.code == code:
            return survey_round
    raise Http404


def _is_too_many(request: HttpRequest) -> bool:
    return pace.count(f"prospect:{address_of(request)}", PAUSE) > APPLICATIONS


def _form(request: HttpRequest, survey_round: Round, form: ProspectForm, status: int = 200) -> HttpResponse:
    return render(
        request, "surveys/prospects/apply.html", {"round": survey_round, "form": form}, status=status
    )
