"""The home of a community's safety work."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can, can_somewhere
from core.errors import Refused
from projects.access import community_or_404
from projects.selectors import home as selectors
from projects.selectors.activities import home_activities
from projects.selectors.coverage import home_projects
from projects.selectors.organisation import home_organisation, sees_names
from projects.selectors.reports import home_rhythm
from projects.selectors.shortcomings import tally_of
from projects.selectors.templates import templates
from projects.services import work as services
from projects.views.pages import page_context


@login_required
@never_cache
@require_safe
def own_work(request: HttpRequest) -> HttpResponse:
    """One community: straight to it; several: a choice. Who has a post at an authority comes to what it reads."""
    communities = selectors.own_communities(request.user)
    has_board = can_somewhere(request.user, Permission.WORK_VIEW)
    if has_board and not communities:
        return redirect("projects:board")
    if not communities and can_somewhere(request.user, Permission.INJURY_VIEW):
        return redirect("injuries:own")  # a health department, which reads nothing else of the work
    if len(communities) == 1 and not has_board:
        return redirect("projects:work", community_id=communities[0].pk)
    context = {"communities": communities, "has_board": has_board}
    return render(request, "projects/own_work.html", context)


@login_required
@never_cache
@require_safe
def work(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    context = page_context(request, community, tab="work")
    context["may_show"] = can(request.user, Permission.WORK_REVIEW, community)
    if context["work"] is None:
        context["templates"] = templates()
    else:
        context |= {
            "rhythm": home_rhythm(community),
            "activities": home_activities(community),
            "shortcomings": tally_of(community),
            "projects": home_projects(community),
            "organisation": home_organisation(community, whole=sees_names(request.user, community)),
        }
    return render(request, "projects/home.html", context)


@login_required
@require_POST
def begin(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    services.begin(community=community, by=request.user)
    return redirect("projects:work", community_id=community.pk)


@login_required
@require_POST
def show(request: HttpRequest, community_id: int) -> HttpResponse:
    """The programmes go onto the public page, or leave it."""
    community = community_or_404(request, community_id, Permission.WORK_REVIEW)
    try:
        services.show_to_public(community=community, shown=request.POST.get("shown") == "1", by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("projects:work", community_id=community.pk)
