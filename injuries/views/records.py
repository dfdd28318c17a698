"""Single cases: the line list, one case on a phone, its change and removal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.clock import now
from core.errors import STALE, Refused
from core.pages import add_refusals, form_page
from injuries import rules
from injuries.access import data_set_or_404, own_data_set_or_404
from injuries.authz import records_in, row_access
from injuries.enums import FollowUp, Stage
from injuries.forms.records import RecordForm, codes_of
from injuries.models import DataSet, Record
from injuries.selectors import records as selectors
from injuries.selectors.codes import all_codes
from injuries.services import accesses
from injuries.services import records as services
from injuries.views.pages import page_context

# How long one look of somebody of another house lasts, before the need is noted anew.
LOOK = dt.timedelta(minutes=30)


@login_required
@never_cache
@require_safe
def records(request: HttpRequest, data_set_id: int) -> HttpResponse:
    """Members see them; who has been given access sees them after having said so."""
    data_set = data_set_or_404(request, data_set_id)
    own = records_in(request.user, data_set)
    if not own and not _is_looking(request, data_set):
        access = row_access(request.user, data_set.community)
        if access is None:
            raise PermissionDenied(Permission.INJURY_RECORD)
        context = page_context(request, data_set.community, tab="data_sets", data_set=data_set, access=access)
        return render(request, "injuries/records/look.html", context)
    wanted = FollowUp.WANTED if request.GET.get("follow_up") == FollowUp.WANTED else ""
    context = page_context(
        request,
        data_set.community,
        tab="data_sets",
        data_set=data_set,
        lines=selectors.lines(data_set, is_own=own, after=request.GET.get("after", ""), wanted=wanted),
        wanted=wanted,
        own=own,
        is_open=own and data_set.stage == Stage.OPEN,
    )
    return render(request, "injuries/records/list.html", context)


@login_required
@require_POST
def look(request: HttpRequest, data_set_id: int) -> HttpResponse:
    """The look is noted with the need for which the access was given."""
    data_set = data_set_or_404(request, data_set_id)
    access = row_access(request.user, data_set.community)
    if access is None:
        raise PermissionDenied(Permission.INJURY_RECORD)
    accesses.note_look(data_set, access, by=request.user)
    request.session[_look_key(data_set)] = (now() + LOOK).isoformat()
    return redirect("injuries:records", data_set_id=data_set.pk)


@login_required
@never_cache
@form_page
def add(request: HttpRequest, data_set_id: int) -> HttpResponse:
    data_set = own_data_set_or_404(request, data_set_id)
    form = RecordForm(request.POST or None, codes=all_codes(), community=data_set.community)
    if request.method == "POST" and form.is_valid() and _is_confirmed(form):
        try:
            key = form.cleaned_data["form_key"]
            services.add(data_set, form.values, by=request.user, form_key=key)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Recorded."))
            if "another" in request.POST:
                return redirect("injuries:record_add", data_set_id=data_set.pk)
            return redirect("injuries:records", data_set_id=data_set.pk)
    return _form_page(request, data_set, form)


@login_required
@never_cache
@form_page
def record(request: HttpRequest, data_set_id: int, record_id: int) -> HttpResponse:
    data_set = own_data_set_or_404(request, data_set_id)
    row = _record_or_404(data_set, record_id)
    form = RecordForm(request.POST or None, codes=all_codes(), community=data_set.community, record=row)
    if request.method == "POST" and form.is_valid() and _is_confirmed(form):
        try:
            services.change(row, form.values, by=request.user, seen=form.cleaned_data["revision"])
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.look_again(_record_or_404(data_set, record_id))
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:records", data_set_id=data_set.pk)
    return _form_page(request, data_set, form, row)


@login_required
@require_POST
def remove(request: HttpRequest, data_set_id: int, record_id: int) -> HttpResponse:
    data_set = own_data_set_or_404(request, data_set_id)
    row = _record_or_404(data_set, record_id)
    try:
        services.remove(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The record was removed."))
    return redirect("injuries:records", data_set_id=data_set.pk)


def _record_or_404(data_set: DataSet, record_id: int) -> Record:
    rows = Record.objects.filter(data_set=data_set).select_related("data_set__community", "data_set__family")
    row: Record = get_object_or_404(rows, pk=record_id)
    return row


def _is_confirmed(form: RecordForm) -> bool:
    """Doubts are said once, beside their fields; sent again unchanged they stand."""
    found = rules.doubts(services.completed(form.values))
    if not found or form.cleaned_data["doubts_seen"] == codes_of(found):
        return True
    form.ask_again(found)
    return False


def _form_page(
    request: HttpRequest, data_set: DataSet, form: RecordForm, row: Record | None = None
) -> HttpResponse:
    more: dict[str, Any] = {"data_set": data_set, "form": form, "row": row}
    context = page_context(request, data_set.community, tab="data_sets", **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "injuries/records/form.html", context, status=status)


def _look_key(data_set: DataSet) -> str:
    return f"injury-look-{data_set.pk}"


def _is_looking(request: HttpRequest, data_set: DataSet) -> bool:
    until = request.session.get(_look_key(data_set))
    if not until or dt.datetime.fromisoformat(until) < now():
        return False
    return row_access(request.user, data_set.community) is not None
