"""The doors: 404 outside the reader's reach, 403 inside without the right; single records have a door of their own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.enums import Permission
from communities.models import Community
from injuries import authz
from injuries.models import DataSet


def community_or_404(request: HttpRequest, community_id: int) -> Community:
    """For whoever may see the figures."""
    within = Community.objects.visible_to(request.user).select_related("supervisor")
    community: Community = get_object_or_404(within, pk=community_id)
    if not authz.may_see_figures(request.user, community):
        raise PermissionDenied(Permission.INJURY_VIEW)
    return community


def own_community_or_404(request: HttpRequest, community_id: int) -> Community:
    """For who records in it."""
    community = community_or_404(request, community_id)
    if not authz.is_of(request.user, community):
        raise PermissionDenied(Permission.INJURY_RECORD)
    return community


def beginning_community_or_404(request: HttpRequest, community_id: int) -> Community:
    """For who begins a data set in it: its members, and the health department of its place."""
    community = community_or_404(request, community_id)
    if not authz.may_begin(request.user, community):
        raise PermissionDenied(Permission.INJURY_RECORD)
    return community


def data_set_or_404(request: HttpRequest, data_set_id: int) -> DataSet:
    """What is said about a data set and how far it has come; not what lies in it."""
    within = DataSet.objects.visible_to(request.user).select_related(
        "community__supervisor", "family", "kept_by__region"
    )
    data_set: DataSet = get_object_or_404(within, pk=data_set_id)
    if not authz.may_see_figures(request.user, data_set.community):
        raise PermissionDenied(Permission.INJURY_VIEW)
    return data_set


def own_data_set_or_404(request: HttpRequest, data_set_id: int) -> DataSet:
    """For who writes in it."""
    data_set = data_set_or_404(request, data_set_id)
    if not authz.records_in(request.user, data_set):
        raise PermissionDenied(Permission.INJURY_RECORD)
    return data_set


def community_data_set_or_404(request: HttpRequest, data_set_id: int) -> DataSet:
    """For the members of its community alone."""
    data_set = own_data_set_or_404(request, data_set_id)
    if not authz.is_of(request.user, data_set.community):
        raise PermissionDenied(Permission.INJURY_RECORD)
    return data_set
