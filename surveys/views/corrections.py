"""A response made void, opened again, or given another day: each a page of its own that asks once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.enums import Permission
from core.admin_site import staff_context
from core.errors import Refused
from surveys.access import may_read_responses, must_hold
from surveys.forms.reviews import DueDayForm, ReopenForm, WhyForm
from surveys.models import Response
from surveys.selectors.reviews import any_responses
from surveys.services import corrections as services
from surveys.services.verdicts import usual_due_day


def _correction(view: Callable[[HttpRequest, Response], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for reviewers of this very response, whatever its stage: also what was never handed in."""

    @may_read_responses
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def entry(request: HttpRequest, reference: str) -> HttpResponse:
        response: Response = get_object_or_404(any_responses(request.user), reference=reference)
        must_hold(request, Permission.RESPONSE_REVIEW, response)
        return view(request, response)

    return entry


@_correction
def review_void(request: HttpRequest, response: Response) -> HttpResponse:
    return _by_service(
        request,
        response,
        WhyForm(request.POST or None),
        partial(services.void_response, response=response),
        title=_("Make void: %(community)s"),
        lead=_(
            "The unit no longer sees this form, and it is counted nowhere."
            " Answers and papers are kept; it can be opened again."
        ),
        button=_("Make void"),
        done=_("%(community)s: the response is void."),
    )


@_correction
def review_reopen(request: HttpRequest, response: Response) -> HttpResponse:
    lead = _(
        "The unit can write on where it stood and hands in a new version."
        " Papers printed before are no longer valid."
    )
    if not response.round.is_taking_answers and response.first_submitted_at is None:
        lead = _(
            "The round is closed and this form was never handed in:"
            " the unit can hand it in only once the round is open again."
        )
    return _by_service(
        request,
        response,
        ReopenForm(request.POST or None),
        partial(services.reopen_response, response=response),
        title=_("Open again: %(community)s"),
        lead=lead,
        button=_("Open again"),
        done=_("%(community)s: the response is open again."),
    )


@_correction
def review_due_day(request: HttpRequest, response: Response) -> HttpResponse:
    initial = {"due_on": response.return_due_on or usual_due_day(response)}
    return _by_service(
        request,
        response,
        DueDayForm(request.POST or None, initial=initial),
        partial(services.move_due_day, response=response),
        title=_("Day to answer the return: %(community)s"),
        lead=_("The unit is told the new day by mail."),
        button=_("Save"),
        done=_("%(community)s: the new day has been saved."),
    )


def _by_service(
    request: HttpRequest,
    response: Response,
    form: Form,
    service: Callable[..., object],
    *,
    done: str,
    **words: Any,
) -> HttpResponse:
    """A form whose cleaned values a service takes; a refusal comes back as errors of the form."""
    name = {"community": response.community}
    if request.method == "POST" and form.is_valid():
        try:
            service(by=request.user, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        else:
            messages.success(request, done % name)
            return redirect(_back(response))
    context = {
        **words,
        "title": words["title"] % name,
        "form": form,
        "response": response,
        "back": _back(response),
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/review/correction.html", staff_context(request, **context), status=status)


def _back(response: Response) -> str:
    return reverse("admin:surveys_response_change", args=[response.pk])
