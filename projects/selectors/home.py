"""What a reader's safety work begins with."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.enums import Permission
from communities.enums import REACHING
from communities.models import Authority, Community, Membership
from projects.models import SafetyWork


def own_communities(user: Any) -> list[Community]:
    """Those whose work this person records as a member."""
    rows: QuerySet[Membership] = Membership.objects.filter(user=user, state__in=REACHING)
    held = rows.select_related("community", "role").order_by("community_id")
    return [row.community for row in held if Permission.WORK_VIEW in row.role.permissions]


def work_of(community: Community) -> SafetyWork | None:
    """None before the community has begun."""
    return getattr(community, "safety_work", None)


def own_authorities(user: Any) -> list[Authority]:
    """Those at which this person has a post that records and judges."""
    posts = user.authority_posts.select_related("authority", "role").order_by("authority__path")
    return [post.authority for post in posts if Permission.WORK_JUDGE in post.role.permissions]
