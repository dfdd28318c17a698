"""Surveys of residents: the community's pages, and the one page that everybody with the link sees."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import address_of
from accounts.enums import Permission
from core import pace
from core.errors import Refused
from core.pages import add_refusals
from projects.access import community_or_404
from projects.forms.residents import AnswersForm, ResidentSurveyForm
from projects.models import ResidentSurvey
from projects.selectors import residents as selectors
from projects.services import residents as services
from projects.views.pages import page_context
from surveys.selectors.rounds import questionnaire

# Residents of a whole block may share one address; a program that fills in forms does not wait an hour.
FORMS, PAUSE = 120, 60 * 60


def _survey_or_404(request: HttpRequest, community_id: int, pk: int) -> ResidentSurvey:
    community = community_or_404(request, community_id)
    return get_object_or_404(selectors.surveys_of(community), pk=pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def surveys(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    if request.method == "POST":
        community_or_404(request, community_id, Permission.WORK_RECORD)
    form = ResidentSurveyForm(community, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            survey = services.open_survey(community=community, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:resident_survey", community_id=community.pk, survey_id=survey.pk)
    rows = selectors.surveys_of(community)
    context = page_context(request, community, tab="diagnosis", surveys=rows, form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/residents/list.html", context, status=status)


@login_required
@never_cache
@require_safe
def survey(request: HttpRequest, community_id: int, survey_id: int) -> HttpResponse:
    found = _survey_or_404(request, community_id, survey_id)
    context = page_context(
        request,
        found.community,
        tab="diagnosis",
        survey=found,
        results=selectors.results(found),
        address=selectors.address_of(found),
    )
    return render(request, "projects/residents/results.html", context)


@login_required
@require_POST
def end(request: HttpRequest, community_id: int, survey_id: int) -> HttpResponse:
    found = _survey_or_404(request, community_id, survey_id)
    services.end_survey(survey=found, by=request.user)
    messages.success(request, _("The survey has ended."))
    return redirect("projects:resident_survey", community_id=community_id, survey_id=survey_id)


@login_required
@never_cache
@require_safe
def poster(request: HttpRequest, community_id: int, survey_id: int) -> HttpResponse:
    """A sheet to hang up: the code and one sentence."""
    found = _survey_or_404(request, community_id, survey_id)
    context = {"survey": found, "address": selectors.address_of(found)}
    return render(request, "projects/residents/poster.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Open to everybody. The address is only counted, never kept with an answer."""
    found = selectors.by_token(token)
    if found is None:
        raise Http404
    if not found.is_open:
        return render(request, "projects/residents/over.html", {"survey": found}, status=410)
    form = AnswersForm(questionnaire(found.edition), request.POST or None)
    status = 200
    if request.method == "POST":
        status = _take(request, found, form)
    if status == 201:
        return render(request, "projects/residents/thanks.html", {"survey": found})
    return render(request, "projects/residents/answer.html", {"survey": found, "form": form}, status=status)


def _take(request: HttpRequest, survey: ResidentSurvey, form: AnswersForm) -> int:
    """The status of the answer; what is wrong stands in the form."""
    if not form.is_valid():
        return 422
    if pace.count(f"residents:{survey.pk}:{address_of(request)}", PAUSE) > FORMS:
        form.add_error(None, _("Too many entries from here. Please try again in an hour."))
        return 429
    try:
        services.take_answers(survey=survey, answers=form.answers, key=form.cleaned_data["key"])
    except Refused as refused:
        form.refuse(refused.reasons)
        return 422
    return 201
