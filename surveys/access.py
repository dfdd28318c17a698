"""The door to responses: 404 outside the reader's reach, 403 inside without the permission."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.enums import Permission
from communities.authz import can, remember
from communities.enums import REACHING
from communities.models import Membership
from core.admin_site import staff_view
from surveys.models import Response
from surveys.selectors.discretion import is_withheld
from surveys.selectors.reviews import desk_responses

may_read_responses = staff_view(permission=Permission.RESPONSE_VIEW)


def response_or_404(
    request: HttpRequest, reference: str, permission: Permission = Permission.RESPONSE_FILL
) -> Response:
    """One query for a member of the unit, who comes most often; everybody else is asked about the long way."""
    user: Any = request.user
    own = Membership.objects.filter(
        user=user,
        community=OuterRef("community"),
        state__in=REACHING,
    ).values("role__permissions")[:1]
    standing = Response.objects.standing().select_related(
        "round__edition", "community__supervisor", "invitation"
    )
    response: Any = get_object_or_404(standing.annotate(own_permissions=Subquery(own)), reference=reference)
    response.invitation.round = response.round
    if response.own_permissions is not None:
        remember(user, response.community, response.own_permissions)
    elif not Response.objects.visible_to(user).filter(pk=response.pk).exists():
        raise Http404
    if not can(user, permission, response.community):
        raise PermissionDenied(permission)
    return response


def may_see_contacts(user: Any, response: Response) -> bool:
    """Whoever fills the form in knows its persons, once we know who that is; all others need the right to."""
    if can(user, Permission.RESPONSE_FILL, response.community):
        return not is_withheld(user, response)
    return can(user, Permission.CONTACT_VIEW, response.community)


def staff_response(request: HttpRequest, reference: str) -> Response:
    """What the review desk opens: anything within reach that was handed in at least once."""
    found: Response = get_object_or_404(desk_responses(request.user), reference=reference)
    return found


def must_hold(request: HttpRequest, permission: Permission, response: Response) -> None:
    if not can(request.user, permission, response.community):
        raise PermissionDenied(permission)
