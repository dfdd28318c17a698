"""Data sets: the list, one of them, its description, its moves, and which source is counted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can_somewhere
from core.errors import Refused
from core.pages import add_refusals, form_page
from injuries import authz
from injuries.access import (
    beginning_community_or_404,
    community_data_set_or_404,
    community_or_404,
    data_set_or_404,
    own_data_set_or_404,
)
from injuries.enums import Form, Stage
from injuries.forms.datasets import DataSetForm, ExceptionForm, MoveForm
from injuries.lifecycle import LIFECYCLE, WITH_REASON, advance, open_moves
from injuries.models import DataSet
from injuries.selectors import datasets as selectors
from injuries.selectors.outliers import Unusual, questions_to
from injuries.services import datasets as services
from injuries.views.pages import page_context


@login_required
@never_cache
@require_safe
def data_sets(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    page = selectors.of_community(community, request.GET.get("page"))
    may_begin = authz.may_begin(request.user, community)
    context = page_context(request, community, tab="data_sets", page=page, may_begin=may_begin)
    return render(request, "injuries/datasets/list.html", context)


@login_required
@never_cache
@form_page
def add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = beginning_community_or_404(request, community_id)
    form = DataSetForm(request.POST or None, of_health=not authz.is_of(request.user, community))
    if request.method == "POST" and form.is_valid():
        try:
            begun = services.begin(DataSet(community=community, **form.cleaned_data), by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            if begun.form == Form.RECORDS:
                return redirect("injuries:record_add", data_set_id=begun.pk)
            return redirect("injuries:data_set", data_set_id=begun.pk)
    context = page_context(request, community, tab="data_sets", form=form)
    return render(request, "injuries/datasets/form.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def data_set(request: HttpRequest, data_set_id: int) -> HttpResponse:
    row = data_set_or_404(request, data_set_id)
    own = authz.records_in(request.user, row)
    # Family by source by month is a table of small numbers: others read the sum.
    months = selectors.months_of(row)
    changes = list(row.stage_changes.select_related("by"))
    context = page_context(
        request,
        row.community,
        tab="data_sets",
        data_set=row,
        months=months if own else [],
        unusual=questions_to(request.user, row, months) if row.stage == Stage.OPEN else [],
        cases=sum(one.cases or 0 for one in months),
        is_empty=not any(one.cases for one in months),
        moves=open_moves(request.user, row),
        changes=changes,
        returned=changes[-1] if changes and changes[-1].move in WITH_REASON else None,
        is_open=own and row.stage == Stage.OPEN,
        may_write=own and (row.stage == Stage.OPEN or authz.may_mend_locked(request.user, row)),
        sees_rows=own or authz.row_access(request.user, row.community) is not None,
        may_except=row.stage != Stage.OPEN and services.may_except(request.user, row),
        exceptions=row.lock_exceptions.select_related("user"),
    )
    return render(request, "injuries/datasets/data_set.html", context)


@login_required
@never_cache
@form_page
def change(request: HttpRequest, data_set_id: int) -> HttpResponse:
    row = own_data_set_or_404(request, data_set_id)
    form = DataSetForm(request.POST or None, data_set=row, of_health=row.kept_by is not None)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["revision"]
            services.describe(row, form.cleaned_data, by=request.user, seen=seen)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:data_set", data_set_id=row.pk)
    context = page_context(request, row.community, tab="data_sets", form=form, data_set=row)
    return render(request, "injuries/datasets/form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, data_set_id: int) -> HttpResponse:
    row = own_data_set_or_404(request, data_set_id)
    try:
        services.remove(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("injuries:data_set", data_set_id=row.pk)
    return redirect("injuries:data_sets", community_id=row.community_id)


@login_required
@require_POST
def choose(request: HttpRequest, data_set_id: int) -> HttpResponse:
    """Which source is counted."""
    row = community_data_set_or_404(request, data_set_id)
    try:
        if request.POST.get("counted") == "1":
            services.count(row, by=request.user)
        else:
            services.set_aside(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("injuries:data_set", data_set_id=row.pk)


@login_required
@never_cache
@form_page
def move(request: HttpRequest, data_set_id: int, step: str) -> HttpResponse:
    """A move that needs a reason has a page of its own; the others are pressed where they stand."""
    row = data_set_or_404(request, data_set_id)
    if step not in {one.name for one in LIFECYCLE}:
        raise Http404
    form = MoveForm(request.POST or None, initial={"revision": row.revision})
    if request.method == "POST" and form.is_valid():
        form.ask(_doubts(request, row, step))
        if not form.asked and (answer := _made(request, row, step, form)):
            return answer
    context: dict[str, Any] = page_context(
        request, row.community, tab="data_sets", data_set=row, form=form, move=step
    )
    status = 422 if form.errors or form.asked else 200
    return render(request, "injuries/datasets/move.html", context, status=status)


def _doubts(request: HttpRequest, row: DataSet, step: str) -> list[Unusual]:
    """What the community is asked before it closes, where nothing else forbids it."""
    if step != "close" or LIFECYCLE.find(step).refusals(row):
        return []
    return questions_to(request.user, row, selectors.months_of(row))


def _made(request: HttpRequest, row: DataSet, step: str, form: MoveForm) -> HttpResponse | None:
    """None where the page is shown again with what stands in the way."""
    try:
        said = form.cleaned_data
        advance(row, step, by=request.user, note=said["note"], seen=said["revision"])
    except Refused as refused:
        if step in WITH_REASON:
            add_refusals(form, refused)
            return None
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect("injuries:data_set", data_set_id=row.pk)


@login_required
@never_cache
@form_page
def exception(request: HttpRequest, data_set_id: int) -> HttpResponse:
    row = data_set_or_404(request, data_set_id)
    if not authz.approves(request.user, row.community):
        raise PermissionDenied(Permission.INJURY_APPROVE)
    form = ExceptionForm(request.POST or None, members=selectors.writers_of(row.community))
    if request.method == "POST" and form.is_valid():
        try:
            services.except_from_lock(row, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:data_set", data_set_id=row.pk)
    context = page_context(request, row.community, tab="data_sets", data_set=row, form=form)
    return render(request, "injuries/datasets/exception.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the approval of this reader."""
    if not can_somewhere(request.user, Permission.INJURY_APPROVE):
        raise PermissionDenied(Permission.INJURY_APPROVE)
    page = selectors.waiting(request.user, request.GET.get("page"))
    return render(request, "injuries/waiting.html", {"page": page})
