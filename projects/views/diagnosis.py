"""What endangers people here: diagnoses, their findings, and the gaps that no project answers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.access import community_or_404
from projects.enums import Method
from projects.forms.diagnosis import DiagnosisForm, FindingForm
from projects.models import Diagnosis, Finding
from projects.selectors import diagnosis as selectors
from projects.selectors.coverage import unanswered
from projects.services import diagnosis as services
from projects.views.pages import page_context

TAB = "diagnosis"


def _diagnosis_or_404(
    request: HttpRequest, community_id: int, pk: int, permission: Permission = Permission.WORK_VIEW
) -> Diagnosis:
    community = community_or_404(request, community_id, permission)
    rows = selectors.with_files(Diagnosis.objects.filter(community=community))
    diagnosis: Diagnosis = get_object_or_404(rows, pk=pk)
    diagnosis.community = community
    return diagnosis


def _finding_or_404(
    request: HttpRequest, community_id: int, pk: int, permission: Permission = Permission.WORK_VIEW
) -> Finding:
    community = community_or_404(request, community_id, permission)
    finding: Finding = get_object_or_404(selectors.findings_of(community), pk=pk)
    finding.community = community
    return finding


@login_required
@never_cache
@require_safe
def diagnoses(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    context = page_context(
        request,
        community,
        tab=TAB,
        page=selectors.diagnoses_page(community, request.GET.get("page")),
        unanswered=unanswered(community),
    )
    return render(request, "projects/diagnosis/list.html", context)


@login_required
@never_cache
@require_safe
def diagnosis(request: HttpRequest, community_id: int, diagnosis_id: int) -> HttpResponse:
    shown = _diagnosis_or_404(request, community_id, diagnosis_id)
    words = dict(Method.choices)
    context = page_context(
        request,
        shown.community,
        tab=TAB,
        diagnosis=shown,
        methods=[words[code] for code in shown.methods if code in words],
        kinds=selectors.findings_by_kind(shown),
    )
    return render(request, "projects/diagnosis/diagnosis.html", context)


@login_required
@never_cache
@form_page
def diagnosis_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = DiagnosisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.record_diagnosis(community=community, fields=form.entered, by=request.user)
        return redirect("projects:diagnosis_page", community_id=community.pk, diagnosis_id=made.pk)
    context = page_context(request, community, tab=TAB, form=form, heading=_("New diagnosis"))
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/diagnosis/form.html", context, status=status)


@login_required
@never_cache
@form_page
def diagnosis_edit(request: HttpRequest, community_id: int, diagnosis_id: int) -> HttpResponse:
    stored = _diagnosis_or_404(request, community_id, diagnosis_id, Permission.WORK_RECORD)
    form = DiagnosisForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            services.change_diagnosis(diagnosis=stored, fields=form.entered, seen=seen, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Diagnosis.objects.get(pk=stored.pk))
        else:
            return redirect("projects:diagnosis_page", community_id=community_id, diagnosis_id=stored.pk)
    context = page_context(
        request, stored.community, tab=TAB, form=form, heading=_("Change the diagnosis"), diagnosis=stored
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/diagnosis/form.html", context, status=status)


@login_required
@require_POST
def diagnosis_remove(request: HttpRequest, community_id: int, diagnosis_id: int) -> HttpResponse:
    stored = _diagnosis_or_404(request, community_id, diagnosis_id, Permission.WORK_RECORD)
    try:
        services.remove_diagnosis(diagnosis=stored, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:diagnosis_page", community_id=community_id, diagnosis_id=diagnosis_id)
    return redirect("projects:diagnosis", community_id=community_id)


@login_required
@never_cache
@require_safe
def finding(request: HttpRequest, community_id: int, finding_id: int) -> HttpResponse:
    shown = _finding_or_404(request, community_id, finding_id)
    context = page_context(request, shown.community, tab=TAB, finding=shown)
    return render(request, "projects/diagnosis/finding.html", context)


@login_required
@never_cache
@form_page
def finding_add(request: HttpRequest, community_id: int, diagnosis_id: int) -> HttpResponse:
    stored = _diagnosis_or_404(request, community_id, diagnosis_id, Permission.WORK_RECORD)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_finding(diagnosis=stored, fields=form.entered, by=request.user)
        return redirect("projects:diagnosis_page", community_id=community_id, diagnosis_id=diagnosis_id)
    context = page_context(
        request, stored.community, tab=TAB, form=form, heading=_("New finding"), diagnosis=stored
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/diagnosis/form.html", context, status=status)


@login_required
@never_cache
@form_page
def finding_edit(request: HttpRequest, community_id: int, finding_id: int) -> HttpResponse:
    stored = _finding_or_404(request, community_id, finding_id, Permission.WORK_RECORD)
    form = FindingForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            services.change_finding(finding=stored, fields=form.entered, seen=seen, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Finding.objects.get(pk=stored.pk))
        else:
            return redirect("projects:finding", community_id=community_id, finding_id=finding_id)
    context = page_context(
        request, stored.community, tab=TAB, form=form, heading=_("Change the finding"), finding=stored
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/diagnosis/form.html", context, status=status)


@login_required
@require_POST
def finding_remove(request: HttpRequest, community_id: int, finding_id: int) -> HttpResponse:
    stored = _finding_or_404(request, community_id, finding_id, Permission.WORK_RECORD)
    try:
        services.remove_finding(finding=stored, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:finding", community_id=community_id, finding_id=finding_id)
    return redirect("projects:diagnosis_page", community_id=community_id, diagnosis_id=stored.diagnosis_id)
