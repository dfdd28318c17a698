"""The public page of a community's programmes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from communities.models import Community
from projects.selectors import programmes as selectors


@require_safe
def programmes(request: HttpRequest, community_id: int) -> HttpResponse:
    """Not there before the community publishes them, whoever asks."""
    community = get_object_or_404(Community, pk=community_id)
    if not selectors.is_public(community):
        raise Http404
    context = {"community": community, "programmes": selectors.public_programmes(community)}
    return render(request, "projects/programmes.html", context)
