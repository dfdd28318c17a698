"""The population of a community: the grid of a year, and all years as a workbook there and back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communities.enums import PopulationBasis
from communities.models import Community, Population
from core.clock import today
from core.errors import Refused
from core.pages import add_refusals, form_page
from core.xlsx import XLSX
from injuries.access import own_community_or_404
from injuries.forms.people import PeopleForm, PeopleWorkbookForm
from injuries.selectors.population import FIRST_YEAR, grid, grids_of
from injuries.services import people as services
from injuries.services import population_workbooks
from injuries.views.pages import page_context

MOST_YEARS = 60


@login_required
@never_cache
@form_page
def people(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    year, basis = _year(request), _basis(request)
    rows = Population.objects.filter(community=community, year=year, basis=basis)
    form = PeopleForm(request.POST or None, known=grid(year, basis, rows))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("year", "basis", "source", "seen")}
        try:
            services.write(community, cells=form.cells, by=request.user, **said)
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
@form_page
def workbook(request: HttpRequest, community_id: int) -> HttpResponse:
    """A file is compared and shown; only the yes to what was shown writes."""
    community = own_community_or_404(request, community_id)
    if "changes" in request.POST:
        return _take(request, community)
    form = (
        PeopleWorkbookForm(request.POST, request.FILES) if request.method == "POST" else PeopleWorkbookForm()
    )
    context = page_context(request, community, tab="people", form=form)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            found = population_workbooks.compare(community, form.cleaned_data["workbook"])
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("workbook", str(reason))
        else:
            context |= {"found": found, "sealed": population_workbooks.sealed(community, found.changes)}
            status = 422 if found.faults else 200
    return render(request, "injuries/settings/people_workbook.html", context, status=status)


def _take(request: HttpRequest, community: Community) -> HttpResponse:
    try:
        count = population_workbooks.take(community, request.POST["changes"], by=request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
        return redirect("injuries:people_workbook", community_id=community.pk)
    text = ngettext(
        "The population of %(count)d year was taken over from the workbook.",
        "The population of %(count)d years was taken over from the workbook.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("injuries:people", community_id=community.pk)


@login_required
@never_cache
@require_safe
def workbook_download(request: HttpRequest, community_id: int) -> HttpResponse:
    community = own_community_or_404(request, community_id)
    # Loaded by the first who asks: what writes workbooks is a fifth of a web worker's memory and start.
    population_workbook = import_string("injuries.workbooks.population.population_workbook")
    answer = HttpResponse(population_workbook(community, grids_of(community)), content_type=XLSX)
    name = f"人口_{community.name_zh}_{today():%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _year(request: HttpRequest) -> int:
    wanted = request.POST.get("year") or request.GET.get("year") or ""
    if len(wanted) == 4 and wanted.isascii() and wanted.isdigit() and int(wanted) >= FIRST_YEAR:
        return int(wanted)
    return today().year


def _basis(request: HttpRequest) -> str:
    wanted = request.POST.get("basis") or request.GET.get("basis") or ""
    return wanted if wanted in PopulationBasis.values else PopulationBasis.RESIDENT
