"""Tables that staff bring in: upload, dry run, taking over, undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from communities.enums import ImportKind
from communities.forms import ImportForm
from communities.models import ImportBatch
from communities.selectors import imports as selectors
from communities.services.imports import batches as services
from communities.services.imports import showing
from communities.services.retention import kept_until
from core.admin_site import staff_context, staff_view
from core.errors import Refused
from core.xlsx import XLSX
from documents.access import file_response

page_view = require_http_methods(["GET", "HEAD", "POST"])


def _may_import(request: HttpRequest) -> None:
    """Platform-wide or below an authority: which it is decides what a table may touch, not whether this opens."""
    if not selectors.may_import(request.user):
        raise PermissionDenied


def _batch_or_404(request: HttpRequest, pk: int) -> ImportBatch:
    _may_import(request)
    batch: ImportBatch = get_object_or_404(selectors.batches_for(request.user), pk=pk)
    return batch


def _kind_or_404(request: HttpRequest, kind: str) -> ImportKind:
    _may_import(request)
    if kind not in selectors.kinds_for(request.user):
        raise Http404
    return ImportKind(kind)


@staff_view()
@never_cache
@page_view
def imports(request: HttpRequest) -> HttpResponse:
    _may_import(request)
    kinds = selectors.kinds_for(request.user)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*data, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.receive_table(by=request.user, **form.cleaned_data)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("upload", str(reason))
        else:
            return redirect("communities:import", pk=batch.pk)
    page = selectors.batch_page(request.user, request.GET.get("page"))
    context = staff_context(request, title=_("Import from Excel"), form=form, kinds=kinds, page=page)
    status = 422 if request.method == "POST" else 200
    return render(request, "admin/communities/imports/list.html", context, status=status)


@staff_view()
@never_cache
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """While a worker is at it, htmx asks for the progress alone; the end of the work draws the page anew."""
    found = _batch_or_404(request, pk)
    is_working = selectors.is_working(found)
    if getattr(request, "htmx", False):
        if not is_working:
            return HttpResponseClientRefresh()
        return render(request, "admin/communities/imports/_progress.html", {"batch": found})
    rows = showing.row_page(found, request.GET.get("fate", ""), request.GET.get("page"))
    context = staff_context(
        request,
        title=_("Import: %(kind)s") % {"kind": found.get_kind_display()},
        batch=found,
        rows=rows,
        is_working=is_working,
        has_failed=selectors.has_failed(found),
        problem=showing.file_problem(found),
        kept_until=kept_until(found),
        **selectors.acts_on(found),
    )
    return render(request, "admin/communities/imports/batch.html", context)


def _act(request: HttpRequest, pk: int, service: Callable[..., Any]) -> HttpResponse:
    try:
        service(batch=_batch_or_404(request, pk), by=request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
    return redirect("communities:import", pk=pk)


@staff_view()
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.check_again)


@staff_view()
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.apply_batch)


@staff_view()
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, services.undo_batch)


@staff_view()
@never_cache
@require_safe
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _batch_or_404(request, pk)
    if found.errors_file is None:
        raise Http404
    return file_response(found.errors_file, download=True)


@staff_view()
@never_cache
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    wanted = _kind_or_404(request, kind)
    # Loaded by the first who asks, as everywhere: what writes workbooks is heavy.
    make = import_string("communities.services.imports.work.make_template")
    name, content = make(wanted)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@staff_view()
@require_POST
def table(request: HttpRequest, kind: str) -> HttpResponse:
    run = services.request_table(kind=_kind_or_404(request, kind), by=request.user)
    return redirect("documents:run", run_id=run.pk)
