"""The door: outside your reach there is nothing (404); inside it, not without the permission (403)."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from communities.models import Community


def community_or_404(user: Any, pk: int) -> Community:
    """A published community for everybody, another one for those who reach it."""
    community = Community.objects.filter(pk=pk).select_related("supervisor").first()
    if community is None or not (community.published or _reaches(user, community)):
        raise Http404
    return community


def _reaches(user: Any, community: Community) -> bool:
    return Community.objects.visible_to(user).filter(pk=community.pk).exists()
