"""What else is done with a whole round: tried out beforehand, given more time in part, copied for the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from core.pages import form_page
from surveys.enums import RoundStage
from surveys.forms.rounds import CopyForm, ExtensionForm
from surveys.models import Round
from surveys.selectors.audiences import line_of
from surveys.selectors.extensions import Extension, extension, invited
from surveys.selectors.rehearsals import last_rehearsal
from surveys.selectors.round_copies import proposed_copy
from surveys.services.deadlines import extend_deadlines
from surveys.services.rehearsals import request_rehearsal
from surveys.services.rounds import copy_round
from surveys.views.rounds import managed_round, round_page, say

WRITING = "writing"


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_rehearsal(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = managed_round(code)
    if request.method == "POST":
        try:
            run = request_rehearsal(survey_round=survey_round, by=request.user)
        except Refused as refused:
            say(request, refused)
            return redirect("surveys:round_rehearsal", code=code)
        return redirect("documents:run", run_id=run.pk)
    context = staff_context(
        request,
        title=_("Rehearsal"),
        round=survey_round,
        rehearsal=last_rehearsal(survey_round),
        is_preparing=survey_round.stage == RoundStage.PREPARING,
        back=round_page(survey_round),
    )
    return render(request, "admin/surveys/round/rehearsal.html", context)


# --- more time ----------------------------------------------------------------------------------------------


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_extension(request: HttpRequest, code: str) -> HttpResponse:
    """First what it comes to, then one press. Who hands in meanwhile is left alone, and that is said."""
    survey_round = managed_round(code)
    sent = request.POST if request.method == "POST" else None
    form = ExtensionForm(survey_round, sent, initial={"units": _units_asked_for(request, survey_round)})
    found = None
    if sent is not None and form.is_valid():
        found = extension(survey_round, form.cleaned_data["units"], form.cleaned_data["due_on"])
        if "confirm" in sent and (done := _extend(request, survey_round, form, found)):
            return done
    context = staff_context(
        request,
        title=_("More time for several units"),
        round=survey_round,
        form=form,
        found=found,
        is_open=survey_round.stage == RoundStage.OPEN,
        back=round_page(survey_round),
    )
    return render(request, "admin/surveys/round/extension.html", context, status=422 if form.errors else 200)


def _units_asked_for(request: HttpRequest, survey_round: Round) -> str:
    """The units chosen in the list of invitations, or all that have not handed in."""
    chosen = {int(value) for value in request.GET.getlist("unit") if value.isascii() and value.isdecimal()}
    if request.GET.get("units") == WRITING:
        rows = invited(survey_round, only_writing=True)
    else:
        rows = [unit for unit in invited(survey_round) if unit.pk in chosen] if chosen else []
    return "\n".join(line_of(unit, unit.number) for unit in rows)


def _extend(
    request: HttpRequest, survey_round: Round, form: ExtensionForm, found: Extension
) -> HttpResponse | None:
    """None: nothing was done, and the page says why."""
    said = form.cleaned_data
    if request.POST.get("seen") != found.seen:
        messages.info(request, _("This is not what the page had shown. Please look at it once more."))
        return None
    try:
        done = extend_deadlines(
            survey_round=survey_round,
            communities=said["units"],
            due_on=said["due_on"],
            reason=said["reason"],
            move_closing=said["move_closing"],
            by=request.user,
        )
    except Refused as refused:
        _show(form, refused)
        return None
    count = len(done.extended)
    sentence = ngettext("%(count)d unit has more time.", "%(count)d units have more time.", count)
    messages.success(request, sentence % {"count": count})
    if done.left:
        left = ngettext("%(count)d was left as it is.", "%(count)d were left as they are.", done.left)
        messages.info(request, left % {"count": done.left})
    return redirect("surveys:round_extension", code=survey_round.code)


def _show(form: Any, refused: Refused) -> None:
    for reason in refused.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))


# --- the next round -----------------------------------------------------------------------------------------


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_copy(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = managed_round(code)
    proposed = proposed_copy(survey_round)
    sent = request.POST if request.method == "POST" else None
    form = CopyForm(survey_round, sent, initial={**proposed.initial(), "edition": survey_round.edition})
    if sent is not None and form.is_valid():
        try:
            copy = copy_round(survey_round=survey_round, by=request.user, **form.cleaned_data)
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _("The copy has been made. Nobody has been asked yet."))
            return redirect(round_page(copy))
    context = staff_context(
        request,
        title=_("Copy this round"),
        round=survey_round,
        proposed=proposed,
        form=form,
        back=round_page(survey_round),
    )
    return render(request, "admin/surveys/round/copy.html", context, status=422 if form.errors else 200)
