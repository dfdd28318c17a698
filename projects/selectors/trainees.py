"""The list of those who were trained: persons, shown to their own community and to nobody else (S3-8)."""

from __future__ import annotations

from typing import Any

from accounts.enums import Permission
from communities.enums import MembershipState
from communities.models import Community
from projects.enums import LISTED
from projects.models import Activity, Trainee


def has_list(activity: Activity) -> bool:
    """A training or a lecture of a community."""
    return activity.community_id is not None and activity.kind in LISTED


def is_own(user: Any, community: Community | None) -> bool:
    """An approved member who records the work of this very community.

    Neither an authority above nor staff reads names that it needs not, nor who still waits to be approved.
    """
    if community is None or not user.is_authenticated:
        return False
    rows = user.memberships.filter(community=community, state=MembershipState.ACTIVE)
    return any(Permission.WORK_RECORD in codes for codes in rows.values_list("role__permissions", flat=True))


def trainees_of(activity: Activity) -> list[Trainee]:
    return list(activity.trainees.order_by("position", "pk"))


def as_lines(activity: Activity) -> str:
    """As it is typed: one a line, the number of the certificate after a comma."""
    return "\n".join(
        f"{one.person}，{one.certificate}" if one.certificate else one.person for one in trainees_of(activity)
    )
