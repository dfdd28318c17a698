"""Letters by mail: choose whose, see whom it reaches and whom only paper does, send once."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from surveys.forms.letters import LetterMailsForm
from surveys.models import Round
from surveys.selectors.letter_mails import ALL, UNMAILED, UNOPENED, blank_form_of, letter_mails
from surveys.services.letter_mails import mail_letters

CHOICES = {
    UNMAILED: gettext_lazy("those whose code has not been mailed yet"),
    ALL: gettext_lazy("all units whose code still works"),
    UNOPENED: gettext_lazy("only those whose letter nobody has answered"),
}


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = get_object_or_404(Round.objects.select_related("notice"), code=code)
    choice, units = _wanted(request)
    found = letter_mails(survey_round, choice=choice, units=units)
    blank = blank_form_of(survey_round)
    form = LetterMailsForm(request.POST or None, initial={"batch": uuid4().hex, "seen": found.seen})
    if request.method == "POST":
        if not request.user.has_perm(Permission.NOTICE_MANAGE):
            raise PermissionDenied
        if form.is_valid():
            return _send(request, survey_round, form, choice, units)
    context = staff_context(
        request,
        title=_("Letters by e-mail"),
        round=survey_round,
        found=found,
        form=form,
        blank=blank,
        units=units,
        choices=[(value, label, value == choice) for value, label in CHOICES.items()],
        may_send=request.user.has_perm(Permission.NOTICE_MANAGE),
    )
    return render(request, "surveys/letters/mail.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest) -> tuple[str, list[int]]:
    """What the address says: whose letters, and to which units it is narrowed."""
    choice = request.GET.get("choice", UNMAILED)
    units = [int(unit) for unit in request.GET.getlist("unit") if unit.isdecimal() and len(unit) < 10]
    return (choice if choice in CHOICES else UNMAILED), units


def _send(
    request: HttpRequest, survey_round: Round, form: LetterMailsForm, choice: str, units: list[int]
) -> HttpResponse:
    is_held = "hold" in request.POST
    try:
        done = mail_letters(
            survey_round=survey_round,
            choice=choice,
            units=units,
            by=request.user,
            hold=is_held,
            **form.cleaned_data,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(request.get_full_path())
    messages.success(request, _done(len(done.written), is_held=is_held))
    return redirect(reverse("surveys:letters", args=[survey_round.code]))


def _done(count: int, *, is_held: bool) -> str:
    if is_held:
        return _("The mails to %(count)d units are held. Release them among the outgoing mail.") % {
            "count": count
        }
    sentence = ngettext(
        "The letter to %(count)d unit is on its way.",
        "The letters to %(count)d units are on their way.",
        count,
    )
    return sentence % {"count": count}
