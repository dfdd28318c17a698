"""Opening an account with the code from the letter. Every code that does not work gets the same answer."""

from __future__ import annotations

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import address_of, sign_in
from communities.selectors import needs_approval
from core import pace
from core.errors import Reason, Refused
from surveys.forms.joining import CodeForm, JoinForm
from surveys.models import Invitation
from surveys.services import invitations as services

WRONG_GUESSES = 10  # from one address, then a pause
PAUSE = 15 * 60  # seconds


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    code = services.normal(form.cleaned_data["code"])
    found = _find(request, code)
    if isinstance(found, Invitation):
        services.note_opened(invitation=found)
        return redirect("surveys:join_code", code=services.code_of(found))
    return _refused(request, form, found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest, code: str) -> HttpResponse:
    """The link in the letter: who are you, or one button for somebody who is signed in already."""
    found = _find(request, code)
    if not isinstance(found, Invitation):
        return _refused(request, CodeForm({"code": code}), found)
    if request.method != "POST":
        return _page(request, JoinForm(), invitation=found)
    services.note_opened(invitation=found)
    if request.user.is_authenticated:
        return _take_up(request, found)
    return _open_account(request, found, code)


def _take_up(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        services.accept_invitation(invitation=invitation, user=request.user)
    except Refused as refused:
        return _refused(request, CodeForm({"code": ""}), refused.reasons[0])
    return redirect("surveys:duties")


def _open_account(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, form, invitation=invitation, status=422)
    values = {name: form.cleaned_data[name] for name in ("name", "email", "mobile", "password")}
    try:
        user = services.join(code=code, language=getattr(request, "LANGUAGE_CODE", "zh-hans"), **values)
    except Refused as refused:
        _add_reasons(form, refused.reasons)
        return _page(request, form, invitation=invitation, status=422)
    sign_in(request, user)
    return redirect("surveys:duties")


def _find(request: HttpRequest, code: str) -> Invitation | Reason:
    """Guesses are counted by address, whether by form or by link; a counted-out address learns nothing more."""
    key = f"join:{address_of(request)}"
    if pace.counted(key) >= WRONG_GUESSES:
        return Reason(
            _("Too many wrong codes. Please try again in a quarter of an hour."), code="pause", field="code"
        )
    try:
        return services.find_by_code(code)
    except Refused as refused:
        pace.count(key, PAUSE)
        return refused.reasons[0]


def _refused(request: HttpRequest, form: CodeForm, reason: Reason) -> HttpResponse:
    form.is_valid()
    form.add_error("code", str(reason))
    return _page(request, form, status=429 if reason.code == "pause" else 404)


def _add_reasons(form: BaseForm, reasons: list[Reason]) -> None:
    for reason in reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))


def _page(
    request: HttpRequest, form: BaseForm, *, invitation: Invitation | None = None, status: int = 200
) -> HttpResponse:
    action = request.path if invitation else redirect("surveys:join")["Location"]
    context = {
        "form": form,
        "invitation": invitation,
        "is_closed": invitation is not None and not invitation.round.is_taking_answers,
        "needs_approval": invitation and needs_approval(request.user, invitation.community),
        "action": action,
    }
    return render(request, "surveys/join.html", context, status=status)
