"""The pages of figures, each table of them as a file, and the comparison of two spans."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Permission
from communities.models import Community
from core.clock import today
from core.csv_lines import csv_lines
from injuries.access import community_or_404
from injuries.forms.comparisons import CompareForm
from injuries.selectors import public as public_selectors
from injuries.selectors import scopes
from injuries.selectors.comparisons import compared, suggested
from injuries.selectors.coverage import opening, spanned, whole_years_of, years_counted
from injuries.selectors.dashboards import Dashboard, dashboard
from injuries.selectors.datasets import open_for_records, own_communities, places_of_own_data
from injuries.selectors.scopes import View
from injuries.selectors.tables import Table
from injuries.views.pages import page_context


@login_required
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One community: straight to it; who looks from above comes to the figures of all below."""
    communities = own_communities(request.user)
    has_above = scopes.may_look_above(request.user)
    if has_above and not communities:
        return redirect("injuries:above")
    if len(communities) == 1 and not has_above:
        return redirect("injuries:dashboard", community_id=communities[0].pk)
    return render(request, "injuries/own.html", {"communities": communities, "has_above": has_above})


@login_required
@never_cache
@require_safe
def community(request: HttpRequest, community_id: int) -> HttpResponse:
    row = community_or_404(request, community_id)
    view = scopes.of_community(row, request.user)
    context = page_context(request, row, tab="dashboard", **_figures(request, view))
    if context["may_record"]:
        context |= {"open_sets": open_for_records(row), "published": public_selectors.published_years(row)}
    return render(request, "injuries/dashboard/community.html", context)


@login_required
@never_cache
@require_safe
def above(request: HttpRequest) -> HttpResponse:
    view, provinces = _view_above(request)
    context = {"provinces": provinces, "province": request.GET.get("province", ""), **_figures(request, view)}
    context["may_approve"] = scopes.may_approve(request.user)
    context["giving"] = places_of_own_data(request.user)
    return render(request, "injuries/dashboard/above.html", context)


@login_required
@never_cache
@require_safe
def table(request: HttpRequest, community_id: int, table_code: str) -> StreamingHttpResponse:
    """One table of the page as a file."""
    row = community_or_404(request, community_id)
    return _file(request, scopes.of_community(row, request.user), table_code)


@login_required
@never_cache
@require_safe
def table_above(request: HttpRequest, table_code: str) -> StreamingHttpResponse:
    view, _provinces = _view_above(request)
    return _file(request, view, table_code)


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest, community_id: int) -> HttpResponse:
    """Two spans of years, chosen by the reader or suggested: before and after the naming."""
    row = community_or_404(request, community_id)
    known = whole_years_of(row)
    last = known[0] if known else today().year - 1
    form = CompareForm(request.GET or None, suggested=suggested(row, last, known))
    context = page_context(request, row, tab="compare", form=form)
    if form.is_valid():
        context["found"] = compared(row, form.before, form.after, causes=form.causes)
    return render(request, "injuries/dashboard/compare.html", context)


@require_safe
def public(request: HttpRequest, community_id: int) -> HttpResponse:
    """Not there before a year is published, whoever asks. The tables are fixed: there is nothing to choose."""
    row = get_object_or_404(Community, pk=community_id)
    years = public_selectors.shown_years(row)
    if not years:
        raise Http404
    return render(request, "injuries/public.html", {"community": row, "years": years})


def _view_above(request: HttpRequest) -> tuple[View, list[str]]:
    """The country or one province for the association, those below for an authority."""
    if request.user.has_perm(Permission.INJURY_VIEW):
        provinces = scopes.provinces_counted()
        wanted = request.GET.get("province", "")
        if wanted in provinces:
            return scopes.of_province(wanted), provinces
        return scopes.of_nation(_("All communities")), provinces
    if not scopes.may_look_above(request.user):
        raise PermissionDenied(Permission.INJURY_VIEW)
    return scopes.of_those_below(request.user, _("The communities below")), []


def _figures(request: HttpRequest, view: View) -> dict[str, Any]:
    told = years_counted(view)
    board = _dashboard(request, view, told)
    for one in board.tables:
        one.download = (
            reverse("injuries:table", args=[view.community.pk, one.code])
            if view.community
            else reverse("injuries:table_above", args=[one.code])
        )
    years = spanned(told)
    return {
        "years": years,
        "untold": set(years) - set(told),
        "running": today().year,
        "board": board,
        "query": request.GET.urlencode(),
    }


def _dashboard(request: HttpRequest, view: View, told: list[int]) -> Dashboard:
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in map(str, spanned(told)) else opening(told)
    return dashboard(view, year)


def _file(request: HttpRequest, view: View, code: str) -> StreamingHttpResponse:
    board = _dashboard(request, view, years_counted(view))
    chosen: Table | None = next((one for one in board.tables if one.code == code), None)
    if chosen is None:
        raise Http404
    head = [str(chosen.label_head), *map(str, chosen.heads)]
    rows = [[str(line.label), *_cells(line.values, is_hidden=chosen.is_hidden)] for line in chosen.all_lines]
    answer = StreamingHttpResponse(csv_lines([head, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-{board.year}.csv"'
    return answer


def _cells(values: list[Any], *, is_hidden: bool) -> list[Any]:
    """What was hidden says so; a program that adds up must not take it for nothing. What is not known stays empty."""
    empty = _("hidden") if is_hidden else ""
    return [empty if value is None else value for value in values]
