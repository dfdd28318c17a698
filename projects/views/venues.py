"""The ledger of small businesses and venues: list, one of them, adding on a phone, pasting many, Excel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Community
from core.clock import today
from core.errors import Refused
from core.pages import add_refusals, form_page
from core.xlsx import XLSX
from projects.access import community_or_404
from projects.enums import CheckResult, VenueKind
from projects.forms.venues import CheckForm, PasteForm, VenueForm
from projects.models import Venue
from projects.selectors import venues as selectors
from projects.selectors.organisation import sees_names
from projects.services import venues as services
from projects.views.pages import page_context

TAB = "shortcomings"


def _venue_or_404(
    request: HttpRequest, community_id: int, pk: int, permission: Permission = Permission.WORK_VIEW
) -> Venue:
    community = community_or_404(request, community_id, permission)
    venue: Venue = get_object_or_404(Venue.objects.filter(community=community), pk=pk)
    venue.community = community
    return venue


@login_required
@never_cache
@require_safe
def venues(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    wanted = selectors.VenueFilter.read(request.GET)
    page = selectors.page_of(selectors.venues_of(community, wanted), request.GET.get("page"))
    whole = sees_names(request.user, community)
    context = page_context(
        request,
        community,
        tab=TAB,
        part="venues",
        page=page,
        rows=[(venue, selectors.people_of(venue, whole=whole)) for venue in page.object_list],
        wanted=wanted,
        there=selectors.kinds_of(community),
        kinds=VenueKind.choices,
        results=[*CheckResult.choices, (selectors.NEVER, _("never checked yet"))],
    )
    return render(request, "projects/venues/list.html", context)


@login_required
@never_cache
@require_safe
def venue(request: HttpRequest, community_id: int, venue_id: int) -> HttpResponse:
    found = _venue_or_404(request, community_id, venue_id)
    context = page_context(
        request,
        found.community,
        tab=TAB,
        venue=found,
        people=selectors.people_of(found, whole=sees_names(request.user, found.community)),
        lines=selectors.shortcomings_of_venue(found),
    )
    return render(request, "projects/venues/venue.html", context)


def _form_page(
    request: HttpRequest, community: Community, form: Any, heading: str, **more: Any
) -> HttpResponse:
    context = page_context(request, community, tab=TAB, form=form, heading=heading, **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/venues/form.html", context, status=status)


@login_required
@never_cache
@form_page
def venue_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add(
                community=community,
                fields=form.entered,
                form_key=form.cleaned_data["form_key"],
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:venue", community_id=community.pk, venue_id=made.pk)
    return _form_page(request, community, form, _("Add a venue"))


@login_required
@never_cache
@form_page
def venue_paste(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added, known = services.add_many(community=community, rows=form.read(), by=request.user)
        sentence = _("%(added)d added, %(known)d were there already.")
        messages.success(request, sentence % {"added": added, "known": known})
        return redirect("projects:venues", community_id=community.pk)
    return _form_page(request, community, form, _("Add many venues"))


def _changed(
    request: HttpRequest, community_id: int, venue_id: int, shape: type[Any], heading: str
) -> HttpResponse:
    """The whole row, or what a check notes of it."""
    found = _venue_or_404(request, community_id, venue_id, Permission.WORK_RECORD)
    initial = {"checked_on": today()} if shape is CheckForm else {}
    form = shape(request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            services.change(venue=found, fields=form.entered, seen=seen, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Venue.objects.get(pk=venue_id))
        else:
            return redirect("projects:venue", community_id=community_id, venue_id=venue_id)
    return _form_page(request, found.community, form, heading, venue=found)


@login_required
@never_cache
@form_page
def venue_edit(request: HttpRequest, community_id: int, venue_id: int) -> HttpResponse:
    return _changed(request, community_id, venue_id, VenueForm, _("Change"))


@login_required
@never_cache
@form_page
def venue_check(request: HttpRequest, community_id: int, venue_id: int) -> HttpResponse:
    return _changed(request, community_id, venue_id, CheckForm, _("Note a check"))


@login_required
@require_POST
def venue_remove(request: HttpRequest, community_id: int, venue_id: int) -> HttpResponse:
    found = _venue_or_404(request, community_id, venue_id, Permission.WORK_RECORD)
    try:
        services.remove(venue=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:venue", community_id=community_id, venue_id=venue_id)
    return redirect("projects:venues", community_id=community_id)


@login_required
@never_cache
@require_POST
def venue_workbook(request: HttpRequest, community_id: int) -> HttpResponse:
    """The whole ledger; persons and telephones as this reader may see them."""
    community = community_or_404(request, community_id)
    whole = sees_names(request.user, community)
    rows = selectors.venues_of(community)
    services.note_export(community=community, rows=rows.count(), whole=whole, by=request.user)
    # Loaded by the first who asks: what writes workbooks is a fifth of a web worker's memory and start.
    ledger = import_string("projects.workbooks.venue_ledger")
    lines = ((one, selectors.people_of(one, whole=whole)) for one in rows.iterator(chunk_size=500))
    name = f"venues-{community.pk}-{today():%Y%m%d}.xlsx"
    return HttpResponse(
        ledger(lines),
        headers={"Content-Type": XLSX, "Content-Disposition": f'attachment; filename="{name}"'},
    )
