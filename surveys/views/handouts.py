"""Handing a section to another office, on the unit's side: the link, where it stands, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from surveys.access import response_or_404
from surveys.forms.handouts import HandOutForm, read_taken
from surveys.models import SectionHandout
from surveys.selectors import handouts as selectors
from surveys.selectors.discretion import hidden_questions
from surveys.selectors.responses import answer_rows, writing_refusals
from surveys.selectors.rounds import questionnaire
from surveys.services import handouts as services
from surveys.views.refusals import succeeds


@login_required
@never_cache
@require_safe
def handouts(request: HttpRequest, reference: str) -> HttpResponse:
    """Every section that was handed out, and those that can be."""
    response = response_or_404(request, reference)
    may_write = not writing_refusals(response)
    sections = questionnaire(response.round.edition).sections
    context = {
        "response": response,
        "handouts": selectors.handouts_of(response),
        "sections": [one for one in sections if may_write and selectors.open_questions(response, one)],
    }
    return render(request, "surveys/handouts/list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handout_new(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    response = response_or_404(request, reference)
    found = next((one for one in questionnaire(response.round.edition).sections if one.id == section), None)
    if found is None:
        raise Http404
    form = HandOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.hand_out(response=response, section=section, by=request.user, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            return redirect("surveys:handout", reference, made.pk)
    context = {"response": response, "section": found, "form": form, "until": services.valid_until()}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/handouts/new.html", context, status=status)


def _handout(request: HttpRequest, reference: str, pk: int) -> SectionHandout:
    """One of this very response, which the door has loaded; anything else does not exist."""
    response = response_or_404(request, reference)
    found = get_object_or_404(selectors.handouts_visible_to(request.user), pk=pk, response=response)
    found.response = response
    return found


@login_required
@never_cache
@require_safe
def handout(request: HttpRequest, reference: str, handout_id: int) -> HttpResponse:
    return _page(request, _handout(request, reference, handout_id))


def _page(
    request: HttpRequest, handout: SectionHandout, *, conflicts: Any = (), status: int = 200
) -> HttpResponse:
    response, rows = handout.response, answer_rows(handout.response)
    hidden = hidden_questions(request.user, response.community, questionnaire(response.round.edition), rows)
    shown = selectors.differences(handout, rows, hidden) if handout.filled_at else []
    context = {
        "response": response,
        "listed": selectors.listed(handout),
        "handout": handout,
        "link": services.link_of(handout),
        "differences": shown,
        "is_open": not writing_refusals(response),
        "can_take": any(one.may_take and not one.is_same for one in shown),
        "is_equal": all(one.is_same for one in shown),
        "conflicts": set(conflicts),
    }
    return render(request, "surveys/handouts/handout.html", context, status=status)


@login_required
@require_POST
def handout_accept(request: HttpRequest, reference: str, handout_id: int) -> HttpResponse:
    """Take over what is ticked; where somebody changed an answer meanwhile, both are shown again."""
    found = _handout(request, reference, handout_id)
    try:
        outcome = services.accept(handout=found, seen=read_taken(request.POST), by=request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
        return redirect("surveys:handout", reference, handout_id)
    if outcome.saved:
        text = ngettext("%(count)d answer taken over.", "%(count)d answers taken over.", outcome.saved)
        messages.success(request, text % {"count": outcome.saved})
    elif not outcome.conflicts:
        messages.info(request, _("Nothing had to be changed."))
    if not outcome.conflicts:
        return redirect("surveys:handout", reference, handout_id)
    messages.error(
        request, _("Some answers have been changed meanwhile and were left as they are. Compare again.")
    )
    found = _handout(request, reference, handout_id)
    return _page(request, found, conflicts=outcome.conflicts, status=409)


def _do(
    request: HttpRequest, reference: str, pk: int, work: Callable[..., SectionHandout], said: str
) -> HttpResponse:
    found = _handout(request, reference, pk)
    done: list[SectionHandout] = []
    if succeeds(request, lambda: done.append(work(handout=found, by=request.user))):
        messages.success(request, said)
    return redirect("surveys:handout", reference, done[0].pk if done else pk)


@login_required
@require_POST
def handout_revoke(request: HttpRequest, reference: str, handout_id: int) -> HttpResponse:
    return _do(request, reference, handout_id, services.revoke, _("The link no longer works."))


@login_required
@require_POST
def handout_again(request: HttpRequest, reference: str, handout_id: int) -> HttpResponse:
    said = _("Here is the new link. The old one no longer works.")
    return _do(request, reference, handout_id, services.send_again, said)


@login_required
@require_POST
def handout_reopen(request: HttpRequest, reference: str, handout_id: int) -> HttpResponse:
    said = _("The link works again; please tell those who fill the section in.")
    return _do(request, reference, handout_id, services.open_again, said)
