"""The door to a community's safety work: 404 outside the reader's reach, 403 inside without the permission."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.enums import Permission
from communities.authz import can
from communities.models import Authority, Community
from projects.authz import can_for_authority, may_record_above


def community_or_404(
    request: HttpRequest, community_id: int, permission: Permission = Permission.WORK_VIEW
) -> Community:
    within = Community.objects.visible_to(request.user).select_related("supervisor", "safety_work")
    community: Community = get_object_or_404(within, pk=community_id)
    if not can(request.user, permission, community):
        raise PermissionDenied(permission)
    return community


def planning_authority_or_404(request: HttpRequest, authority_id: int) -> Authority:
    """For whoever judges the work below this authority; to all others it is not there."""
    authority: Authority = get_object_or_404(Authority, pk=authority_id)
    if can_for_authority(request.user, Permission.WORK_JUDGE, authority):
        return authority
    if request.user.has_perm(Permission.REGISTER_VIEW):
        raise PermissionDenied(Permission.WORK_JUDGE)
    raise Http404


def recording_authority_or_404(request: HttpRequest, authority_id: int | None) -> Authority | None:
    """None: the association. For whoever records there, who may look too; to all others it is not there."""
    authority = get_object_or_404(Authority, pk=authority_id) if authority_id is not None else None
    if not may_record_above(request.user, authority):
        raise Http404
    return authority
