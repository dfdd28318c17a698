"""The overall plans of an authority, on which the plans of its communities hang."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.models import Authority
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import planning_authority_or_404
from projects.forms.plans import AuthorityPlanForm
from projects.models import Plan
from projects.selectors import plans as selectors
from projects.services import plans as services


def _form(request: HttpRequest, authority: Authority, form: Any, heading: str) -> HttpResponse:
    context = {"authority": authority, "form": form, "heading": heading}
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/plans/authority_form.html", context, status=status)


@login_required
@never_cache
@require_safe
def authority_plans(request: HttpRequest, authority_id: int) -> HttpResponse:
    authority = planning_authority_or_404(request, authority_id)
    page = selectors.plans_page(selectors.authority_plans(authority), request.GET.get("page"))
    return render(request, "projects/plans/authority.html", {"authority": authority, "page": page})


@login_required
@never_cache
@form_page
def authority_plan_add(request: HttpRequest, authority_id: int) -> HttpResponse:
    authority = planning_authority_or_404(request, authority_id)
    form = AuthorityPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_plan(owner=authority, fields=form.entered, by=request.user)
        return redirect("projects:authority_plans", authority_id=authority.pk)
    return _form(request, authority, form, _("New plan"))


@login_required
@never_cache
@form_page
def authority_plan(request: HttpRequest, authority_id: int, plan_id: int) -> HttpResponse:
    authority = planning_authority_or_404(request, authority_id)
    stored = get_object_or_404(Plan.objects.filter(authority=authority), pk=plan_id)
    form = AuthorityPlanForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_plan(
                plan=stored, fields=form.entered, seen=form.cleaned_data["seen"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Plan.objects.get(pk=plan_id))
        else:
            return redirect("projects:authority_plans", authority_id=authority.pk)
    return _form(request, authority, form, _("Change the plan"))
