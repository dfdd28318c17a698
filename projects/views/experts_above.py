"""The pool of experts of an authority: the same list and the same form, for whoever judges the work below it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.pages import form_page
from projects.access import planning_authority_or_404
from projects.selectors.shelves import REGISTERS
from projects.views.registers import Room, add_page, change_page, list_page, removed

FRAME = "projects/activities/above.html"
EXPERTS = REGISTERS["experts"]


def _room(request: HttpRequest, authority_id: int) -> Room:
    authority = planning_authority_or_404(request, authority_id)
    context = {"frame": FRAME, "owner_name": authority, "register": EXPERTS, "may_record": True}
    address = reverse("projects:authority_experts", args=[authority.pk])
    return Room(authority, EXPERTS, context, address, whole=True)


@login_required
@never_cache
@require_safe
def experts(request: HttpRequest, authority_id: int) -> HttpResponse:
    return list_page(request, _room(request, authority_id))


@login_required
@never_cache
@form_page
def add(request: HttpRequest, authority_id: int) -> HttpResponse:
    return add_page(request, _room(request, authority_id))


@login_required
@never_cache
@form_page
def change(request: HttpRequest, authority_id: int, row_id: int) -> HttpResponse:
    room = _room(request, authority_id)
    return change_page(request, room, get_object_or_404(EXPERTS.rows(room.owner), pk=row_id))


@login_required
@require_POST
def remove(request: HttpRequest, authority_id: int, row_id: int) -> HttpResponse:
    room = _room(request, authority_id)
    return removed(request, room, get_object_or_404(EXPERTS.rows(room.owner), pk=row_id))
