"""Activities of an authority and of the association: the same list and the same form, with files of their own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.pages import form_page
from projects.access import recording_authority_or_404
from projects.selectors.activities import Owner
from projects.selectors.counters import trainings_of
from projects.views.activities import (
    Room,
    activity_or_404,
    add_page,
    change_page,
    item_page,
    list_page,
    removed,
    year_of,
)

FRAME = "projects/activities/above.html"


def _room(request: HttpRequest, authority_id: int | None) -> Room:
    authority = recording_authority_or_404(request, authority_id)
    owner = Owner(authority=authority)
    name = authority.name if authority is not None else _("The association")
    if authority is not None:
        address = reverse("projects:authority_activities", args=[authority.pk])
    else:
        address = reverse("projects:association_activities")
    return Room(owner, {"owner_name": name, "may_record": True, "community": None}, address, FRAME)


@login_required
@never_cache
@require_safe
def activities(request: HttpRequest, authority_id: int | None = None) -> HttpResponse:
    room = _room(request, authority_id)
    year = year_of(request)
    counters = trainings_of([authority_id], year) if authority_id is not None else {}
    return list_page(request, room, counter=counters.get(authority_id))


@login_required
@never_cache
@require_safe
def activity(request: HttpRequest, activity_id: int, authority_id: int | None = None) -> HttpResponse:
    room = _room(request, authority_id)
    return item_page(request, room, activity_or_404(room, activity_id))


@login_required
@never_cache
@form_page
def add(request: HttpRequest, authority_id: int | None = None) -> HttpResponse:
    return add_page(request, _room(request, authority_id))


@login_required
@never_cache
@form_page
def change(request: HttpRequest, activity_id: int, authority_id: int | None = None) -> HttpResponse:
    room = _room(request, authority_id)
    return change_page(request, room, activity_or_404(room, activity_id))


@login_required
@require_POST
def remove(request: HttpRequest, activity_id: int, authority_id: int | None = None) -> HttpResponse:
    room = _room(request, authority_id)
    return removed(request, room, activity_or_404(room, activity_id))
