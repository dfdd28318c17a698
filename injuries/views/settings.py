"""What a community sets for its injury data: population, parts, who else may look, which years everybody may read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.enums import PopulationBasis
from communities.models import Community, Population
from core.clock import today
from core.errors import Refused
from injuries.access import own_community_or_404
from injuries.forms.datasets import AccessForm, SubAreaForm
from injuries.forms.people import PeopleForm
from injuries.models import RowAccess, SubArea
from injuries.selectors import public
from injuries.selectors.coverage import years_of
from injuries.selectors.datasets import accesses_of
from injuries.services import accesses as services
from injuries.services import people as people_services
from injuries.services import publishing
from injuries.views.pages import add_refusals, form_page, page_context

MOST_YEARS = 60


@login_required
@never_cache
@form_page
def people(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    year, basis = _year(request), _basis(request)
    rows = list(Population.objects.filter(community=community, year=year, basis=basis))
    version = people_services.version_of(rows, year, basis)
    form = PeopleForm(request.POST or None, rows=rows, year=year, basis=basis, version=version)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("year", "basis", "source", "seen")}
        try:
            people_services.write(community, cells=form.cells, by=request.user, **said)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:people", community_id=community.pk)
    known = Population.objects.filter(community=community).order_by("-year", "basis")
    context = page_context(
        request,
        community,
        tab="people",
        form=form,
        known=list(known.values_list("year", "basis").distinct()[:MOST_YEARS]),
        chosen=(year, basis),
    )
    return render(request, "injuries/settings/people.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def settings(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    context = page_context(
        request,
        community,
        tab="settings",
        areas=community.sub_areas.order_by("-is_used", "name"),
        accesses=accesses_of(community),
        area_form=SubAreaForm(community=community),
        access_form=AccessForm(),
        years=_years(community),
    )
    return render(request, "injuries/settings/settings.html", context)


@login_required
@never_cache
@form_page
def access_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    form = AccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.allow(community=community, by=request.user, **form.cleaned_data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("injuries:settings", community_id=community.pk)
    context = page_context(request, community, tab="settings", form=form)
    return render(request, "injuries/settings/access.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def access_end(request: HttpRequest, community_id: int, access_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    services.end(get_object_or_404(RowAccess, community=community, pk=access_id), by=request.user)
    return redirect("injuries:settings", community_id=community.pk)


@login_required
@require_POST
def area_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    form = SubAreaForm(request.POST, community=community)
    if form.is_valid():
        services.add_sub_area(community=community, name=form.cleaned_data["name"], by=request.user)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("injuries:settings", community_id=community.pk)


@login_required
@require_POST
def area_use(request: HttpRequest, community_id: int, area_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    area = get_object_or_404(SubArea, community=community, pk=area_id)
    services.use_sub_area(area, is_used=request.POST.get("used") == "1", by=request.user)
    return redirect("injuries:settings", community_id=community.pk)


@login_required
@require_POST
def publish(request: HttpRequest, community_id: int, year: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    try:
        if request.POST.get("shown") == "1":
            publishing.publish(community, year, by=request.user)
        else:
            publishing.withdraw(community, year, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("injuries:settings", community_id=community.pk)


def _years(community: Community) -> list[tuple[int, bool, bool]]:
    """Each with whether it is shown, and whether it may be."""
    counted = years_of(community)
    shown = set(community.published_injury_years.filter(is_shown=True).values_list("year", flat=True))
    ready = set(public.publishable(community, counted))
    return [(year, year in shown, year in ready) for year in counted]


def _year(request: HttpRequest) -> int:
    wanted = request.POST.get("year") or request.GET.get("year") or ""
    return (
        int(wanted)
        if wanted.isascii() and len(wanted) == 4 and wanted.isdigit() and 1990 <= int(wanted[:6]) <= 2200
        else today().year
    )


def _basis(request: HttpRequest) -> str:
    wanted = request.POST.get("basis") or request.GET.get("basis") or ""
    return wanted if wanted in PopulationBasis.values else PopulationBasis.RESIDENT
