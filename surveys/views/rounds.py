"""Whom a round asks: chosen and looked at before it opens, opened, and added to later."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from core.pages import form_page
from surveys.enums import Asked, RoundStage
from surveys.forms.rounds import AudienceForm, DueForm, OpenForm, audience_initial
from surveys.models import Round
from surveys.selectors.audiences import (
    asked_ids,
    audience_choices,
    audience_words,
    list_text,
    preview,
)
from surveys.selectors.rehearsals import last_rehearsal
from surveys.selectors.rounds import AudienceFilter, audience
from surveys.services.asking import ask_further
from surveys.services.rounds import open_round, set_audience

LONGEST_ID = 9


def managed_round(code: str) -> Round:
    found: Round = get_object_or_404(
        Round.objects.select_related("notice", "edition", "programme"), code=code
    )
    return found


def round_page(survey_round: Round) -> str:
    return reverse("admin:surveys_round_change", args=[survey_round.pk])


def say(request: HttpRequest, refused: Refused) -> None:
    for reason in refused.reasons:
        messages.error(request, str(reason))


def ticked(request: HttpRequest) -> tuple[int, ...]:
    """The units ticked in a table; what is no number was not sent by our page."""
    sent = (value for value in request.POST.getlist("unit") if len(value) <= LONGEST_ID)
    return tuple(dict.fromkeys(int(value) for value in sent if value.isascii() and value.isdecimal()))


# --- before opening ---------------------------------------------------------------------------------------


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_audience(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = managed_round(code)
    if survey_round.stage != RoundStage.PREPARING:
        return redirect("surveys:round_ask", code=code)
    form = _audience_form(request, survey_round)
    wanted = AudienceFilter.read(survey_round.audience)
    if form.is_bound:
        if not form.is_valid():
            return _audience_page(request, survey_round, form, None, status=422)
        wanted = AudienceFilter(communities=ticked(request)) if "only" in request.POST else form.wanted
        if "save" in request.POST or "only" in request.POST:
            return _keep(request, survey_round, wanted)
    return _audience_page(request, survey_round, form, wanted)


def _keep(request: HttpRequest, survey_round: Round, wanted: AudienceFilter) -> HttpResponse:
    if "only" in request.POST and wanted.is_empty:
        messages.error(request, _("Choose at least one unit."))
    else:
        try:
            set_audience(survey_round=survey_round, wanted=wanted, by=request.user)
        except Refused as refused:
            say(request, refused)
        else:
            messages.success(request, _("The choice has been saved. Nobody has been asked yet."))
    return redirect("surveys:round_audience", code=survey_round.code)


def _audience_form(request: HttpRequest, survey_round: Round) -> AudienceForm:
    choices = audience_choices(survey_round)
    if request.method == "POST":
        return AudienceForm(survey_round, choices, request.POST)
    wanted = AudienceFilter.read(survey_round.audience)
    only = AudienceFilter(communities=wanted.communities)
    listed = list_text(audience(survey_round, only)) if wanted.communities else ""
    return AudienceForm(survey_round, choices, initial=audience_initial(wanted, listed))


def _audience_page(
    request: HttpRequest,
    survey_round: Round,
    form: AudienceForm,
    wanted: AudienceFilter | None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = preview(audience(survey_round, wanted)) if wanted is not None else None
    left_out = len(wanted.communities) - found.count if wanted and found and wanted.communities else 0
    context = staff_context(
        request,
        title=_("Whom the round asks"),
        round=survey_round,
        form=form,
        preview=found,
        left_out=max(left_out, 0),
        words=audience_words(AudienceFilter.read(survey_round.audience)),
        back=round_page(survey_round),
    )
    return render(request, "admin/surveys/round/audience.html", context, status=status)


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_open(request: HttpRequest, code: str) -> HttpResponse:
    """Who will be asked and what the rehearsal found, then one press. A fault asks for a tick, it never bars."""
    survey_round = managed_round(code)
    if survey_round.stage != RoundStage.PREPARING:
        return redirect(round_page(survey_round))
    rehearsal = last_rehearsal(survey_round)
    found = preview(audience(survey_round)) if survey_round.asks == Asked.NAMED else None
    sent = request.POST if request.method == "POST" else None
    form = OpenForm(sent, must_confirm=not rehearsal.is_fine, initial={"seen": found.seen if found else ""})
    if sent is not None and form.is_valid():
        try:
            open_round(survey_round=survey_round, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refused:
            say(request, refused)
        else:
            return _opened(request, survey_round)
        return redirect("surveys:round_open", code=code)
    context = staff_context(request, title=_("Open the round"), back=round_page(survey_round))
    context |= {"round": survey_round, "preview": found, "rehearsal": rehearsal, "form": form}
    return render(request, "admin/surveys/round/open.html", context, status=422 if form.is_bound else 200)


def _opened(request: HttpRequest, survey_round: Round) -> HttpResponse:
    if survey_round.asks == Asked.PROSPECTS:
        messages.success(request, _("The round is open; units come by its open link."))
        return redirect(round_page(survey_round))
    count = survey_round.responses.count()
    sentence = ngettext(
        "The round is open: %(count)d unit is asked. Print its letter here.",
        "The round is open: %(count)d units are asked. Print their letters here.",
        count,
    )
    messages.success(request, sentence % {"count": count})
    return redirect("surveys:letters", code=survey_round.code)


# --- later --------------------------------------------------------------------------------------------------


@staff_view(Permission.ROUND_MANAGE)
@never_cache
@form_page
def round_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Further units of an open round. Who was asked before is not even shown."""
    survey_round = managed_round(code)
    if survey_round.stage == RoundStage.PREPARING:
        return redirect("surveys:round_audience", code=code)
    form, due = _audience_form(request, survey_round), DueForm(request.POST or None)
    wanted = AudienceFilter.read(survey_round.audience)
    if form.is_bound:
        if not (form.is_valid() and due.is_valid()):
            return _ask_page(request, survey_round, form, due, None, status=422)
        if "ask" in request.POST:
            return _ask(request, survey_round, due.cleaned_data["due_on"])
        wanted = form.wanted
    return _ask_page(request, survey_round, form, due, wanted)


def _ask(request: HttpRequest, survey_round: Round, due_on: Any) -> HttpResponse:
    try:
        asked = ask_further(
            survey_round=survey_round, communities=ticked(request), due_on=due_on, by=request.user
        )
    except Refused as refused:
        say(request, refused)
        return redirect("surveys:round_ask", code=survey_round.code)
    sentence = ngettext("%(count)d further unit is asked.", "%(count)d further units are asked.", len(asked))
    messages.success(request, sentence % {"count": len(asked)})
    return redirect("surveys:letters", code=survey_round.code)


def _ask_page(
    request: HttpRequest,
    survey_round: Round,
    form: AudienceForm,
    due: DueForm,
    wanted: AudienceFilter | None,
    *,
    status: int = 200,
) -> HttpResponse:
    asked = asked_ids(survey_round)
    found = None
    if wanted is not None:
        found = preview(unit for unit in audience(survey_round, wanted) if unit.pk not in asked)
    context = staff_context(
        request,
        title=_("Ask further units"),
        round=survey_round,
        form=form,
        due=due,
        preview=found,
        asked=len(asked),
        is_open=survey_round.stage == RoundStage.OPEN and survey_round.asks == Asked.NAMED,
        back=round_page(survey_round),
    )
    return render(request, "admin/surveys/round/ask.html", context, status=status)
