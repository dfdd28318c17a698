"""What a community sets for its injury data: parts, who else may look, which years everybody may read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.models import Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from injuries.access import own_community_or_404
from injuries.forms.datasets import AccessForm, SubAreaForm
from injuries.models import RowAccess, SubArea
from injuries.selectors import public
from injuries.selectors.coverage import years_of
from injuries.selectors.datasets import accesses_of
from injuries.services import accesses as services
from injuries.services import publishing
from injuries.views.pages import page_context


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
