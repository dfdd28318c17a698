"""Who works for a community, as its own people see and arrange it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities import selectors
from communities.authz import can
from communities.enums import REACHING
from communities.forms import ColleagueForm, RoleForm
from communities.models import Community, Membership
from communities.services import people as services
from core.errors import Refused


@login_required
@never_cache
@require_safe
def people(request: HttpRequest, community_id: int) -> HttpResponse:
    return _page(request, _community(request, community_id), ColleagueForm())


@login_required
@require_POST
def invite(request: HttpRequest, community_id: int) -> HttpResponse:
    community = _community(request, community_id)
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _page(request, community, form)
    try:
        services.invite_colleague(community=community, by=request.user, **form.cleaned_data)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(reason.field if reason.field in form.fields else None, str(reason))
        return _page(request, community, form)
    messages.success(request, _("Your colleague has been invited."))
    return redirect("communities:people", community_id=community_id)


@login_required
@require_POST
def role(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _membership(request, membership_id)
    return _done(
        request,
        membership,
        lambda: services.change_colleague_role(
            membership=membership, role=request.POST.get("role", ""), by=request.user
        ),
        _("The role has been changed."),
    )


@login_required
@require_POST
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _membership(request, membership_id)
    return _done(
        request,
        membership,
        lambda: services.end_colleague(membership=membership, by=request.user),
        _("%(user)s no longer works for the unit.") % {"user": membership.user},
    )


@login_required
@require_POST
def hand_over(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = _membership(request, membership_id)
    return _done(
        request,
        membership,
        lambda: services.hand_over(
            community=membership.community, to=membership, by=request.user, stays="stays" in request.POST
        ),
        _("You have handed over to %(user)s.") % {"user": membership.user},
    )


def _community(request: HttpRequest, pk: int) -> Community:
    """404 outside one's reach; 403 for who only looks on."""
    community = get_object_or_404(
        Community.objects.visible_to(request.user).select_related("supervisor"), pk=pk
    )
    if not can(request.user, Permission.RESPONSE_FILL, community):
        raise PermissionDenied(Permission.RESPONSE_FILL)
    return community


def _membership(request: HttpRequest, membership_id: int) -> Membership:
    memberships = Membership.objects.visible_to(request.user).select_related("community__supervisor", "user")
    found: Membership = get_object_or_404(memberships, pk=membership_id)
    _community(request, found.community_id)
    return found


def _done(
    request: HttpRequest, membership: Membership, change: Callable[[], Any], sentence: str
) -> HttpResponse:
    try:
        change()
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("communities:people", community_id=membership.community_id)
    messages.success(request, sentence)
    if membership.community.memberships.filter(user=request.user, state__in=REACHING).exists():
        return redirect("communities:people", community_id=membership.community_id)
    return redirect("communities:mine")


def _page(request: HttpRequest, community: Community, form: ColleagueForm) -> HttpResponse:
    context = {
        "community": community,
        "form": form,
        "members": selectors.people_of(community),
        "roles": RoleForm.base_fields["role"].choices,
    }
    return render(request, "communities/people.html", context, status=422 if form.errors else 200)
