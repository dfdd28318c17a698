"""The board of gaps against the twelve elements; printed as it stands."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.clock import today
from projects.access import community_or_404
from projects.selectors import gaps as selectors
from projects.views.pages import page_context


@login_required
@never_cache
@require_safe
def gaps(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    years = selectors.years_of(community)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in map(str, years) else today().year
    board = selectors.gap_board(community, year)
    context = page_context(
        request,
        community,
        tab="shortcomings",
        part="gaps",
        rows=board.rows,
        open_gaps=board.open_gaps,
        empty=board.empty,
        is_cut=board.is_cut,
        years=years,
        year=year,
    )
    return render(request, "projects/shortcomings/gaps.html", context)
