"""The boards: an authority looks at the communities below it, the association at all of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Permission
from communities.authz import can_somewhere
from communities.models import Community
from core.admin_site import staff_context, staff_view
from core.clock import today
from projects.enums import ReportKind
from projects.selectors import board as selectors
from projects.selectors.board import BoardFilter, Tally
from projects.selectors.home import own_authorities


@login_required
@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    if not can_somewhere(request.user, Permission.WORK_VIEW):
        raise PermissionDenied(Permission.WORK_VIEW)
    shown = _board(request, selectors.below(request.user))
    return render(request, "projects/board/board.html", shown)


@staff_view(Permission.WORK_VIEW)
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    communities = selectors.below(request.user)
    provinces = selectors.provinces_of(communities)
    shown = _board(request, communities, provinces=provinces)
    title = _("Safety work of the communities")
    return render(request, "projects/board/overview.html", staff_context(request, title=title, **shown))


@login_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this reader."""
    if not can_somewhere(request.user, Permission.WORK_JUDGE):
        raise PermissionDenied(Permission.WORK_JUDGE)
    page = selectors.waiting_page(request.user, request.GET.get("page"))
    return render(request, "projects/board/queue.html", {"page": page})


def _board(
    request: HttpRequest, communities: QuerySet[Community], *, provinces: list[str] | None = None
) -> dict[str, Any]:
    years = selectors.years_of(communities)
    wanted = _wanted(request, years, provinces or [])
    communities = selectors.of_province(communities, wanted.province)
    of_all = request.user.has_perm(Permission.WORK_VIEW) and not wanted.province
    rows = selectors.reports_of(communities, wanted, of_all=of_all)
    kinds = selectors.by_kind(rows, wanted, of_all=of_all)
    return {
        "wanted": wanted,
        "years": years,
        "provinces": provinces,
        "kinds": kinds,
        "total": sum((row.tally for row in kinds), Tally()),
        "columns": list(selectors.COLUMNS.values()),
        "standings": [(name, selectors.COLUMNS[name]) for name in selectors.STANDINGS],
        "kind_choices": ReportKind.choices,
        "page": selectors.page_of(communities, rows, wanted, request.GET.get("page")),
        "not_begun": selectors.not_begun(request.user),
        "may_judge": can_somewhere(request.user, Permission.WORK_JUDGE),
        "own_authorities": own_authorities(request.user),
        "may_manage": request.user.has_perm(Permission.WORK_MANAGE),
    }


def _wanted(request: HttpRequest, years: list[int], provinces: list[str]) -> BoardFilter:
    """What is none of the choices counts as not chosen."""
    year = request.GET.get("year", "")
    kind = request.GET.get("kind", "")
    standing = request.GET.get("standing", "")
    province = request.GET.get("province", "")
    return BoardFilter(
        year=int(year) if year in map(str, years) else today().year,
        kind=kind if kind in ReportKind.values else "",
        standing=standing if standing in selectors.STANDINGS else "",
        province=province if province in provinces else "",
    )
