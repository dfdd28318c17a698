"""The registers of emergency plans, teams and equipment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Community
from core.errors import Refused
from projects.access import community_or_404
from projects.forms.emergency import RegisterForm, form_of
from projects.selectors.emergency import REGISTERS, Register
from projects.selectors.organisation import sees_names
from projects.services import emergency as services
from projects.services.evidence import check_files
from projects.services.organisation import STALE
from projects.views.activities import CHOOSE_AGAIN, form_page
from projects.views.pages import add_refusals, page_context


def _register_or_404(code: str) -> Register:
    if code not in REGISTERS:
        raise Http404
    return REGISTERS[code]


@login_required
@never_cache
@require_safe
def rows(request: HttpRequest, community_id: int, register: str) -> HttpResponse:
    community = community_or_404(request, community_id)
    chosen = _register_or_404(register)
    context = page_context(
        request,
        community,
        tab="activities",
        register=chosen,
        registers=REGISTERS.values(),
        page=chosen.page(community, request.GET.get("page")),
        sees_names=sees_names(request.user, community),
    )
    return render(request, "projects/activities/register.html", context)


@login_required
@never_cache
@form_page
def add(request: HttpRequest, community_id: int, register: str) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    chosen = _register_or_404(register)
    form = form_of(chosen)(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add(register=chosen, community=community, by=request.user, **_values(form, chosen))
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return _saved(request, community, chosen)
    return _form_page(request, community, chosen, form)


@login_required
@never_cache
@form_page
def change(request: HttpRequest, community_id: int, register: str, row_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    chosen = _register_or_404(register)
    row = get_object_or_404(chosen.rows(community), pk=row_id)
    form = form_of(chosen)(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST" and form.is_valid():
        more = {"seen": form.cleaned_data["seen"], "dropped": form.cleaned_data.get("dropped", ())}
        try:
            services.change(register=chosen, row=row, by=request.user, **more, **_values(form, chosen))
        except Refused as refused:
            add_refusals(form, refused)
            if STALE.code in refused.codes:
                form.begin_again()
        else:
            return _saved(request, community, chosen)
    return _form_page(request, community, chosen, form, row=row)


@login_required
@require_POST
def remove(request: HttpRequest, community_id: int, register: str, row_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    chosen = _register_or_404(register)
    row = get_object_or_404(chosen.rows(community), pk=row_id)
    services.remove(register=chosen, row=row, by=request.user)
    return redirect("projects:emergency", community_id=community.pk, register=chosen.code)


def _values(form: RegisterForm, register: Register) -> dict[str, Any]:
    values = {name: form.cleaned_data[name] for name in register.fields}
    return values | {"checked": check_files(form.cleaned_data.get("files") or [])}


def _saved(request: HttpRequest, community: Community, register: Register) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("projects:emergency", community_id=community.pk, register=register.code)


def _form_page(
    request: HttpRequest, community: Community, register: Register, form: RegisterForm, row: Any = None
) -> HttpResponse:
    if request.FILES and form.errors and "files" in form.fields:
        form.add_error("files", CHOOSE_AGAIN)
    context = page_context(request, community, tab="activities", register=register, form=form, row=row)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/activities/register_form.html", context, status=status)
