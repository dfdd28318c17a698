"""Tables of records: upload, dry run, columns, taking over, taking back; and the table as it leaves the platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import is_verified
from accounts.selectors import has_second_factor
from core.errors import Refused
from core.pages import add_refusals, form_page
from core.xlsx import XLSX
from documents.access import file_response
from documents.enums import RunState
from injuries.access import community_data_set_or_404, own_data_set_or_404
from injuries.enums import Form, Stage
from injuries.forms.imports import ColumnsForm, ExportForm, UploadForm
from injuries.importers.columns import SHEET, Reading
from injuries.models import Batch, DataSet
from injuries.selectors import imports as selectors
from injuries.services import exports
from injuries.services.imports import batches as services
from injuries.services.imports import retention, showing
from injuries.views.pages import page_context


def _of_records(row: DataSet) -> DataSet:
    if row.form != Form.RECORDS:
        raise Http404
    return row


def _records_or_404(request: HttpRequest, data_set_id: int) -> DataSet:
    return _of_records(own_data_set_or_404(request, data_set_id))


def _batch_or_404(request: HttpRequest, data_set_id: int, batch_id: int) -> Batch:
    row = own_data_set_or_404(request, data_set_id)
    found: Batch = get_object_or_404(selectors.batches(row), pk=batch_id)
    found.data_set = row
    return found


@login_required
@never_cache
@form_page
def imports(request: HttpRequest, data_set_id: int) -> HttpResponse:
    row = _records_or_404(request, data_set_id)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.receive(row, form.cleaned_data["upload"], by=request.user)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("upload", str(reason))
        else:
            return redirect("injuries:import", data_set_id=row.pk, batch_id=batch.pk)
    more: dict[str, Any] = {
        "data_set": row,
        "form": form,
        "page": selectors.of_data_set(row, request.GET.get("page")),
        "is_open": row.stage == Stage.OPEN,
        "days": retention.kept_days(),
    }
    context = page_context(request, row.community, tab="data_sets", **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "injuries/imports/list.html", context, status=status)


@login_required
@never_cache
@require_safe
def batch(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponse:
    """While a worker is at it, htmx asks for the progress alone; the end of the work draws the page anew."""
    found = _batch_or_404(request, data_set_id, batch_id)
    if getattr(request, "htmx", False):
        if not services.is_working(found):
            return HttpResponseClientRefresh()
        return render(request, "injuries/imports/_progress.html", {"batch": found})
    return _batch_page(request, found)


def _batch_page(request: HttpRequest, found: Batch, form: ColumnsForm | None = None) -> HttpResponse:
    row, reading = found.data_set, Reading.from_json(found.columns)
    more: dict[str, Any] = {
        "data_set": row,
        "batch": found,
        "is_working": services.is_working(found),
        "has_failed": found.run is not None and found.run.state == RunState.FAILED,
        "problem": showing.problem(found),
        "faults": showing.lines(found, "faults"),
        "doubts": showing.lines(found, "doubts"),
        "refused": [reading.titles[place] for place in reading.refused],
        "unread": showing.unread(reading),
        "columns_form": form or ColumnsForm(reading=reading),
        "changed": selectors.changed_since(found),
        **selectors.acts_on(found, is_open=row.stage == Stage.OPEN),
    }
    context = page_context(request, row.community, tab="data_sets", **more)
    return render(request, "injuries/imports/batch.html", context, status=422 if form else 200)


@login_required
@require_POST
def columns(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponse:
    found = _batch_or_404(request, data_set_id, batch_id)
    form = ColumnsForm(request.POST, reading=Reading.from_json(found.columns))
    if form.is_valid():
        try:
            services.choose_columns(found, form.chosen, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
    if form.errors:
        return _batch_page(request, found, form)
    return redirect("injuries:import", data_set_id=data_set_id, batch_id=batch_id)


def _act(request: HttpRequest, data_set_id: int, batch_id: int, service: Callable[..., Any]) -> HttpResponse:
    found = _batch_or_404(request, data_set_id, batch_id)
    try:
        service(found, by=request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
    return redirect("injuries:import", data_set_id=data_set_id, batch_id=batch_id)


@login_required
@require_POST
def take(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponse:
    return _act(request, data_set_id, batch_id, services.take)


@login_required
@require_POST
def undo(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponse:
    return _act(request, data_set_id, batch_id, services.undo)


@login_required
@require_POST
def discard(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponse:
    return _act(request, data_set_id, batch_id, services.discard)


@login_required
@never_cache
@require_safe
def errors(request: HttpRequest, data_set_id: int, batch_id: int) -> HttpResponseBase:
    found = _batch_or_404(request, data_set_id, batch_id)
    if found.errors_file is None:
        raise Http404
    return file_response(found.errors_file, download=True)


@login_required
@never_cache
@require_safe
def template(request: HttpRequest, data_set_id: int) -> HttpResponse:
    _records_or_404(request, data_set_id)
    # Loaded by the first who asks, as everywhere: what writes workbooks is heavy.
    content = import_string("injuries.services.export_files.make_template")()
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{SHEET}_模板.xlsx"
    )
    return answer


@login_required
@never_cache
@form_page
def export(request: HttpRequest, data_set_id: int) -> HttpResponse:
    """By the community alone, with a reason and a second factor; without one the page says where to set it up."""
    row = _of_records(community_data_set_or_404(request, data_set_id))
    form, is_known = ExportForm(request.POST or None), is_verified(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            run = exports.request_export(row, reason=reason, by=request.user, is_verified=is_known)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("documents:run", run_id=run.pk)
    more: dict[str, Any] = {"data_set": row, "form": form, "is_verified": is_known}
    more["has_second_factor"] = has_second_factor(request.user)
    context = page_context(request, row.community, tab="data_sets", **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "injuries/imports/export.html", context, status=status)
