"""The reports of one community: what is owed, one report with its figures and words, and its way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.authz import can
from core.clock import today
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.enums import OWED_REPORTS, ReportKind, ReportStage
from projects.forms.reports import CheckForm, JudgementForm, ReportForm
from projects.models import PeriodReport
from projects.selectors import figures
from projects.selectors import reports as selectors
from projects.services import evidence as files
from projects.services import reports as services
from projects.services import work
from projects.services.report_prints import request_print
from projects.views.pages import page_context

CHECKING = ReportStage.TO_CHECK


def _report_or_404(
    request: HttpRequest, community_id: int, pk: int, permission: Permission = Permission.WORK_VIEW
) -> PeriodReport:
    community = community_or_404(request, community_id, permission)
    report = get_object_or_404(PeriodReport, community=community, pk=pk)
    report.community = community
    return report


@login_required
@never_cache
@require_safe
def reports(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    years = selectors.years(community)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in map(str, years) else today().year
    context = page_context(
        request,
        community,
        tab="reports",
        lines=selectors.of_year(community, year),
        years=years,
        year=year,
        may_set=can(request.user, Permission.WORK_REVIEW, community),
    )
    return render(request, "projects/reports/list.html", context)


@login_required
@never_cache
@form_page
def report(request: HttpRequest, community_id: int, report_id: int) -> HttpResponse:
    found = _report_or_404(request, community_id, report_id)
    if request.method == "POST":
        return _written(request, found)
    return render(request, "projects/reports/report.html", _page(request, found))


def _written(request: HttpRequest, found: PeriodReport) -> HttpResponse:
    if not can(request.user, Permission.WORK_RECORD, found.community):
        raise PermissionDenied(Permission.WORK_RECORD)
    form = ReportForm(request.POST, request.FILES, instance=found)
    theirs = None
    if form.is_valid():
        try:
            _keep(request, found, dict(form.cleaned_data))
        except Refused as refused:
            add_refusals(form, refused)
            theirs = _saved_by_others(form, refused)
        else:
            return redirect("projects:report", community_id=found.community_id, report_id=found.pk)
    context = _page(request, found, form=form, theirs=theirs)
    return render(request, "projects/reports/report.html", context, status=422)


def _saved_by_others(form: ReportForm, refused: Refused) -> PeriodReport | None:
    """What is saved now, if that is why it was refused; saving once more then puts the typed words in its place."""
    if services.STALE.code not in refused.codes:
        return None
    theirs = PeriodReport.objects.get(pk=form.instance.pk)
    form.data = form.data.copy()
    form.data["revision"] = theirs.revision
    return theirs


def _keep(request: HttpRequest, found: PeriodReport, data: dict[str, Any]) -> None:
    uploads = files.check_files(data.pop("files"))
    if request.POST.get("act") == "submit":
        moved = services.submit_report(report=found, by=request.user, uploads=uploads, **data)
        is_sent = moved.stage != CHECKING
        messages.success(
            request, _("The report has been sent.") if is_sent else _("Handed over for the check.")
        )
    else:
        services.write_report(report=found, by=request.user, uploads=uploads, **data)
        messages.success(request, _("The report has been saved."))


def _page(
    request: HttpRequest,
    found: PeriodReport,
    *,
    form: ReportForm | None = None,
    judgement: JudgementForm | None = None,
    checking: CheckForm | None = None,
    theirs: PeriodReport | None = None,
) -> dict[str, Any]:
    context = page_context(request, found.community, tab="reports", report=found, theirs=theirs)
    is_owed, is_writable = found.stage in OWED_REPORTS, found.stage in services.WRITABLE
    if form is None and is_writable and context["may_record"]:
        form = ReportForm(instance=found, draft=_draft(found))
    return (
        context
        | _shown(found)
        | {
            "form": form if is_writable else None,
            "checking": checking or CheckForm(initial={"revision": found.revision}),
            "may_check": _may_check(request, found),
            "is_checked_first": context["work"] is not None and context["work"].checks_reports,
            "judgement": judgement or JudgementForm(initial={"revision": found.revision}),
            "may_judge": can(request.user, Permission.WORK_JUDGE, found.community),
            "is_owed": is_owed,
            "is_running": is_owed and found.period_to >= today(),
        }
    )


def _shown(found: PeriodReport) -> dict[str, Any]:
    """Figures are counted anew while the report is written, and stand as they were sent afterwards."""
    counted = figures.figures_of(found) if found.stage in OWED_REPORTS else found.figures
    return {
        "line": selectors.line_of(found),
        "figures": figures.figure_rows(counted, found.kind),
        "entries": figures.latest_entries(found),
        "files": found.evidence.select_related("file", "thumbnail").order_by("-happened_on", "-pk"),
        "remark": selectors.remark_of(found),
        "timeline": selectors.timeline(found),
        "is_yearly": found.kind == ReportKind.ASSOCIATION,
    }


def _may_check(request: HttpRequest, found: PeriodReport) -> bool:
    """Another person of the unit than those who wrote the report or handed it over."""
    if found.stage != CHECKING or not can(request.user, Permission.WORK_RECORD, found.community):
        return False
    return request.user.pk not in selectors.barred_from_checking(found)


def _draft(found: PeriodReport) -> str:
    if found.summary or found.stage != ReportStage.OPEN:
        return ""
    return figures.draft_summary(found)


@login_required
@require_POST
def take_back(request: HttpRequest, community_id: int, report_id: int) -> HttpResponse:
    found = _report_or_404(request, community_id, report_id, Permission.WORK_RECORD)
    try:
        services.take_back(report=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("projects:report", community_id=community_id, report_id=report_id)


@login_required
@require_POST
def print_out(request: HttpRequest, community_id: int, report_id: int) -> HttpResponse:
    """On paper: asked for here, made in the background."""
    run = request_print(report=_report_or_404(request, community_id, report_id), by=request.user)
    return redirect("documents:run", run_id=run.pk)


@login_required
@require_POST
def check(request: HttpRequest, community_id: int, report_id: int) -> HttpResponse:
    """Send it or give it back, by the second person of the unit; a refused one keeps the remark."""
    found = _report_or_404(request, community_id, report_id, Permission.WORK_RECORD)
    form = CheckForm(request.POST)
    if form.is_valid():
        try:
            services.check_report(report=found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            found = PeriodReport.objects.select_related("community__supervisor").get(pk=report_id)
            add_refusals(form, refused)
        else:
            messages.success(request, _("Done."))
            return redirect("projects:report", community_id=community_id, report_id=report_id)
    context = _page(request, found, checking=form)
    return render(request, "projects/reports/report.html", context, status=422)


@login_required
@require_POST
def check_first(request: HttpRequest, community_id: int) -> HttpResponse:
    """From now on a second person checks, or no longer."""
    community = community_or_404(request, community_id, Permission.WORK_REVIEW)
    try:
        work.check_reports(community=community, wanted=request.POST.get("wanted") == "1", by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("projects:reports", community_id=community.pk)


@login_required
@require_POST
def judge(request: HttpRequest, community_id: int, report_id: int) -> HttpResponse:
    """Accept, send back or open again; a refused one keeps the remark."""
    found = _report_or_404(request, community_id, report_id, Permission.WORK_JUDGE)
    form = JudgementForm(request.POST)
    if form.is_valid():
        try:
            services.judge_report(report=found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            found = PeriodReport.objects.select_related("community__supervisor").get(pk=report_id)
            add_refusals(form, refused)
        else:
            messages.success(request, _("Done. The community is told."))
            return redirect("projects:report", community_id=community_id, report_id=report_id)
    context = _page(request, found, judgement=form)
    return render(request, "projects/reports/report.html", context, status=422)
