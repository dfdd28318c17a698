"""The organisations taking part, and the matrix of their duties."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.errors import Refused
from core.pages import form_page
from projects.access import community_or_404
from projects.enums import PartnerKind
from projects.forms.organisation import OrganisationForm
from projects.models import Organisation
from projects.selectors import organisation as selectors
from projects.services import organisation as services
from projects.views.organisation import form_answer, organisation_context, refused


def _unit_or_404(request: HttpRequest, community_id: int, pk: int) -> Organisation:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    unit = get_object_or_404(Organisation, community=community, pk=pk)
    unit.community = community
    return unit


@login_required
@never_cache
@require_safe
def units(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in PartnerKind.values else ""
    context = organisation_context(
        request,
        community,
        part="units",
        page=selectors.organisations_page(
            selectors.organisations(community, kind=kind), request.GET.get("page")
        ),
        kinds=PartnerKind.choices,
        kind=kind,
    )
    return render(request, "projects/organisation/units.html", context)


@login_required
@never_cache
@require_safe
def duties(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    matrix = selectors.duty_matrix(community)
    context = organisation_context(request, community, part="duties", matrix=matrix)
    return render(request, "projects/organisation/duties.html", context)


@login_required
@never_cache
@form_page
def unit_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = OrganisationForm(request.POST or None, instance=Organisation(community=community))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_organisation(community=community, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:units", community_id=community_id)
    context = organisation_context(request, community, part="units", form=form)
    return form_answer(request, "projects/organisation/unit_form.html", context)


@login_required
@never_cache
@form_page
def unit_edit(request: HttpRequest, community_id: int, organisation_id: int) -> HttpResponse:
    unit = _unit_or_404(request, community_id, organisation_id)
    name = unit.name
    form = OrganisationForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_organisation(organisation=unit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:units", community_id=community_id)
    seats = selectors.seats_held(unit)
    context = organisation_context(
        request, unit.community, part="units", form=form, unit=unit, name=name, seats=seats
    )
    return form_answer(request, "projects/organisation/unit_form.html", context)


@login_required
@require_POST
def unit_remove(request: HttpRequest, community_id: int, organisation_id: int) -> HttpResponse:
    unit = _unit_or_404(request, community_id, organisation_id)
    try:
        services.remove_organisation(organisation=unit, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("projects:unit_edit", community_id=community_id, organisation_id=organisation_id)
    return redirect("projects:units", community_id=community_id)
