"""The board of a round under /admin/: every number leads to its list, every list to a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Permission
from core.admin_site import staff_context, staff_view
from reports import selectors
from reports.access import round_or_404, wanted_units
from reports.services import exports
from reports.views import pages
from surveys.models import Round
from surveys.selectors.timelines import holder


@staff_view(Permission.ROUND_VIEW)
@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    context = staff_context(request, title=_("Survey rounds"), rounds=selectors.rounds_with_rates())
    return render(request, "reports/round_list.html", context)


@staff_view(Permission.ROUND_VIEW)
@require_GET
def board(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = round_or_404(code)
    context = staff_context(
        request, title=survey_round.title, **_exports(request), **pages.board_page(survey_round)
    )
    return render(request, "reports/board.html", context)


@staff_view(Permission.ROUND_VIEW)
@require_GET
def units(request: HttpRequest, code: str) -> HttpResponse:
    survey_round = round_or_404(code)
    wanted = wanted_units(request)
    total = selectors.totals(survey_round)
    page = selectors.units_page(survey_round, wanted, request.GET.get("page"), total)
    for unit in page.object_list:
        unit.holder = holder(unit)
    context = staff_context(
        request,
        title=_("Units of the round"),
        page=page,
        query=request.GET.urlencode(),
        **_exports(request),
        **pages.units_page(survey_round, wanted, total),
    )
    return render(request, "reports/units.html", context)


@staff_view(Permission.ROUND_VIEW)
@require_GET
def unit_provinces(request: HttpRequest, code: str) -> HttpResponse:
    """What the list of units shows once somebody asks for its provinces: counting them reads every unit."""
    survey_round = round_or_404(code)
    context = {
        "round": survey_round,
        "wanted": wanted_units(request),
        "provinces": pages.provinces(survey_round),
    }
    return render(request, "reports/_provinces.html", context)


@staff_view(Permission.ROUND_VIEW)
@require_GET
def series(request: HttpRequest, code: str) -> HttpResponse:
    """The counted answers of this round beside those of earlier ones."""
    survey_round = round_or_404(code)
    context = staff_context(
        request,
        title=_("Compared with earlier rounds"),
        round=survey_round,
        series=selectors.series(survey_round),
    )
    return render(request, "reports/series.html", context)


@staff_view(Permission.RESULT_EXPORT)
@require_POST
def export_workbook(request: HttpRequest, code: str) -> HttpResponse:
    return _export(request, round_or_404(code), exports.WORKBOOK)


@staff_view(Permission.RESULT_EXPORT)
@require_POST
def export_summary(request: HttpRequest, code: str) -> HttpResponse:
    return _export(request, round_or_404(code), exports.SUMMARY)


@staff_view(Permission.RESULT_EXPORT)
@require_POST
def export_papers(request: HttpRequest, code: str) -> HttpResponse:
    return _export(request, round_or_404(code), exports.ARCHIVE)


@staff_view(Permission.RESULT_EXPORT)
@require_POST
def export_papers_by_province(request: HttpRequest, code: str) -> HttpResponse:
    return _export(request, round_or_404(code), exports.BY_PROVINCE)


def _export(request: HttpRequest, survey_round: Round, handler: str) -> HttpResponse:
    run = exports.request_export(
        survey_round=survey_round, handler=handler, wanted=wanted_units(request), by=request.user
    )
    return redirect("documents:run", run_id=run.pk)


def _exports(request: HttpRequest) -> dict[str, bool]:
    may_export = request.user.has_perm(Permission.RESULT_EXPORT)
    may_see = request.user.has_perm(Permission.CONTACT_VIEW)
    return {
        "may_export": may_export,
        "may_export_papers": may_export and may_see,
        "may_manage": request.user.has_perm(Permission.ROUND_MANAGE),
    }
