"""The organisation of a community: its bodies and who sits in them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.enums import BodyKind
from projects.forms.organisation import BodyForm, RecordForm, SeatForm
from projects.models import Body, Seat
from projects.selectors import organisation as selectors
from projects.selectors.templates import templates
from projects.services import organisation as services
from projects.views.pages import page_context


def organisation_context(
    request: HttpRequest, community: Community, *, part: str, **more: Any
) -> dict[str, Any]:
    """``part``: which of the four pages of the organisation is open."""
    sees_names = selectors.sees_names(request.user, community)
    return page_context(request, community, tab="organisation", part=part, sees_names=sees_names, **more)


def form_answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def refused(form: RecordForm, refusal: Refused) -> None:
    """What was typed stays; who is told that another was quicker may press again."""
    add_refusals(form, refusal)
    if "stale" in refusal.codes:
        form.instance.refresh_from_db()
        form.show_anew(form.instance.revision)


def body_or_404(
    request: HttpRequest, community_id: int, pk: int, permission: Permission = Permission.WORK_VIEW
) -> Body:
    community = community_or_404(request, community_id, permission)
    body = get_object_or_404(Body, community=community, pk=pk)
    body.community = community
    return body


def _seat_or_404(request: HttpRequest, community_id: int, body_id: int, pk: int) -> Seat:
    body = body_or_404(request, community_id, body_id, Permission.WORK_RECORD)
    seat = get_object_or_404(Seat.objects.select_related("organisation"), body=body, pk=pk)
    seat.body = body
    return seat


@login_required
@never_cache
@require_safe
def organisation(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    rows = selectors.bodies(community, whole=selectors.sees_names(request.user, community))
    context = organisation_context(
        request,
        community,
        part="organisation",
        rows=rows,
        named_leaders=[leader for row in rows for leader in row.named_leaders],
        meetings=selectors.meetings(community),
        templates=templates(),
        staff=selectors.staff_numbers(community),
    )
    return render(request, "projects/organisation/bodies.html", context)


@login_required
@never_cache
@require_safe
def body(request: HttpRequest, community_id: int, body_id: int) -> HttpResponse:
    found = body_or_404(request, community_id, body_id)
    is_leading = found.kind == BodyKind.LEADING_GROUP
    context = organisation_context(
        request,
        found.community,
        part="organisation",
        body=found,
        seats=selectors.seats_of(found),
        activities=selectors.latest_activities(found),
        meetings=selectors.meetings(found.community) if is_leading else None,
    )
    return render(request, "projects/organisation/body.html", context)


@login_required
@never_cache
@form_page
def body_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = BodyForm(request.POST or None, instance=Body(community=community))
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_body(community=community, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:body", community_id=community.pk, body_id=added.pk)
    context = organisation_context(request, community, part="organisation", form=form)
    return form_answer(request, "projects/organisation/body_form.html", context)


@login_required
@never_cache
@form_page
def body_edit(request: HttpRequest, community_id: int, body_id: int) -> HttpResponse:
    found = body_or_404(request, community_id, body_id, Permission.WORK_RECORD)
    name = found.name
    form = BodyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_body(body=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:body", community_id=community_id, body_id=body_id)
    context = organisation_context(
        request, found.community, part="organisation", form=form, body=found, name=name
    )
    return form_answer(request, "projects/organisation/body_form.html", context)


@login_required
@require_POST
def body_remove(request: HttpRequest, community_id: int, body_id: int) -> HttpResponse:
    found = body_or_404(request, community_id, body_id, Permission.WORK_RECORD)
    try:
        services.remove_body(body=found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("projects:body", community_id=community_id, body_id=body_id)
    return redirect("projects:organisation", community_id=community_id)


@login_required
@never_cache
@form_page
def seat_add(request: HttpRequest, community_id: int, body_id: int) -> HttpResponse:
    found = body_or_404(request, community_id, body_id, Permission.WORK_RECORD)
    form = SeatForm(request.POST or None, instance=Seat(body=found), community=found.community)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_seat(body=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            name = "projects:seat_add" if "again" in request.POST else "projects:body"
            return redirect(name, community_id=community_id, body_id=body_id)
    context = organisation_context(request, found.community, part="organisation", form=form, body=found)
    return form_answer(request, "projects/organisation/seat_form.html", context)


@login_required
@never_cache
@form_page
def seat_edit(request: HttpRequest, community_id: int, body_id: int, seat_id: int) -> HttpResponse:
    seat = _seat_or_404(request, community_id, body_id, seat_id)
    form = SeatForm(request.POST or None, instance=seat, community=seat.body.community)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_seat(seat=seat, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refused(form, refusal)
        else:
            return redirect("projects:body", community_id=community_id, body_id=body_id)
    context = organisation_context(
        request, seat.body.community, part="organisation", form=form, body=seat.body, seat=seat
    )
    return form_answer(request, "projects/organisation/seat_form.html", context)


@login_required
@require_POST
def seat_remove(request: HttpRequest, community_id: int, body_id: int, seat_id: int) -> HttpResponse:
    services.remove_seat(seat=_seat_or_404(request, community_id, body_id, seat_id), by=request.user)
    return redirect("projects:body", community_id=community_id, body_id=body_id)


@login_required
@require_POST
def seat_move(request: HttpRequest, community_id: int, body_id: int, seat_id: int) -> HttpResponse:
    seat = _seat_or_404(request, community_id, body_id, seat_id)
    services.move_seat(seat=seat, up="up" in request.POST, by=request.user)
    return redirect("projects:body", community_id=community_id, body_id=body_id)
