"""A run's page: progress while it works, the file when it is ready, the reason when it failed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from documents import services
from documents.access import file_response, run_or_404
from documents.enums import RunState
from documents.models import Run

A_WHILE = 90  # seconds; beyond that minutes are said


@login_required
@never_cache
@require_GET
def run_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """The whole page, or only its progress when htmx asks for it."""
    run = run_or_404(request, run_id)
    services.note_seen(run)
    return _run_page(request, run)


def _run_page(request: HttpRequest, run: Run, *, status: int = 200) -> HttpResponse:
    template = "documents/_run_state.html" if getattr(request, "htmx", False) else "documents/run.html"
    context = {
        "run": run,
        "label": services.run_label(run),
        "back_url": services.run_back_url(run),
        "remarks": services.run_remarks(run),
        "time_left": _time_left(services.seconds_left(run)),
        "is_told": services.is_told(run),
        "is_working": run.state in {RunState.QUEUED, RunState.RUNNING},
        "has_failed": run.state == RunState.FAILED,
    }
    return render(request, template, context, status=status)


def _time_left(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < A_WHILE:
        sentence = ngettext("About %(count)d second left.", "About %(count)d seconds left.", seconds)
        return sentence % {"count": seconds}
    minutes = round(seconds / 60)
    return ngettext("About %(count)d minute left.", "About %(count)d minutes left.", minutes) % {
        "count": minutes
    }


@login_required
@require_POST
def run_retry(request: HttpRequest, run_id: int) -> HttpResponse:
    run = run_or_404(request, run_id)
    services.retry_run(run=run, by=request.user)
    return redirect("documents:run", run_id=run.pk)


@login_required
@never_cache
@require_GET
def run_result(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The file; 410 with a sentence when it has been kept for its time."""
    run = run_or_404(request, run_id)
    if run.result is None:
        raise Http404
    if run.is_expired:
        return _run_page(request, run, status=HTTPStatus.GONE)
    return file_response(run.result, download=True)
