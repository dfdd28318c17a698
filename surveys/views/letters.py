"""Invitation letters of a round: whom they will be printed for, before anything is printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from surveys.forms.letters import ONE_EACH, UNOPENED, LettersForm
from surveys.models import Round
from surveys.selectors.letters import letter_counts, wanted
from surveys.services import letters as services


@staff_view(Permission.ROUND_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = get_object_or_404(Round.objects.select_related("notice"), code=code)
    form = LettersForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = wanted(survey_round, unopened_only=form.cleaned_data["units"] == UNOPENED)
        handler = services.ONE_EACH if form.cleaned_data["file"] == ONE_EACH else services.ONE_FILE
        try:
            run = services.request_letters(
                invitations=chosen.select_related("round"), handler=handler, by=request.user
            )
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            return redirect("documents:run", run_id=run.pk)
    context = staff_context(
        request,
        title=_("Invitation letters"),
        round=survey_round,
        counts=letter_counts(survey_round),
        form=form,
    )
    return render(request, "surveys/letters/page.html", context, status=422 if form.is_bound else 200)
