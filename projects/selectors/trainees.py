"""The list of those who were trained: persons, shown to their own community and to nobody else (S3-8)."""

from __future__ import annotations

from typing import Any

from communities.enums import REACHING
from communities.models import Community
from projects.enums import LISTED
from projects.models import Activity, Trainee


def has_list(activity: Activity) -> bool:
    """A training or a lecture of a community."""
    return activity.community_id is not None and activity.kind in LISTED


def is_own(user: Any, community: Community | None) -> bool:
    """A member of this very community: neither an authority above nor staff reads names that it needs not."""
    if community is None or not user.is_authenticated:
        return False
    return bool(user.memberships.filter(community=community, state__in=REACHING).exists())


def trainees_of(activity: Activity) -> list[Trainee]:
    return list(activity.trainees.order_by("position", "pk"))


def as_lines(activity: Activity) -> str:
    """As it is typed: one a line, the number of the certificate after a comma."""
    return "\n".join(
        f"{one.person}，{one.certificate}" if one.certificate else one.person for one in trainees_of(activity)
    )
