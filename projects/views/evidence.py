"""The archive of a community: add, look, describe anew, take out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from core.errors import Refused
from core.pages import add_refusals, form_page
from documents.access import file_response
from projects.access import community_or_404
from projects.enums import Element
from projects.forms.evidence import EvidenceDetailsForm, EvidenceForm
from projects.models import Evidence
from projects.selectors import evidence as selectors
from projects.services import evidence as services
from projects.services.evidence_exports import request_year
from projects.views.pages import page_context


def _evidence_or_404(request: HttpRequest, community_id: int, pk: int) -> Evidence:
    community = community_or_404(request, community_id)
    rows = Evidence.objects.filter(community=community).select_related("file", "thumbnail")
    return get_object_or_404(rows, pk=pk)


def _year(text: str) -> str:
    """Four digits that are a year, or nothing."""
    return text if text.isascii() and text.isdigit() and len(text) == 4 and int(text) else ""


@login_required
@never_cache
@require_safe
def archive(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    element = request.GET.get("element", "")
    year = _year(request.GET.get("year", ""))
    rows = selectors.archive(
        community, element=element if element in Element.values else "", year=int(year) if year else None
    )
    context = page_context(
        request,
        community,
        tab="evidence",
        page=selectors.archive_page(rows, request.GET.get("page")),
        elements=Element.choices,
        element=element,
        years=selectors.years(community),
        year=year,
    )
    return render(request, "projects/evidence/archive.html", context)


@login_required
@form_page
def add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            checked = services.check_files(data.pop("files"))
            kept = services.add_files(community=community, checked=checked, by=request.user, **data)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            text = ngettext("%(n)d file is in the archive.", "%(n)d files are in the archive.", len(kept))
            messages.success(request, text % {"n": len(kept)})
            return redirect("projects:evidence", community_id=community.pk)
    context = page_context(request, community, tab="evidence", form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/evidence/add.html", context, status=status)


@login_required
@never_cache
@form_page
def item(request: HttpRequest, community_id: int, evidence_id: int) -> HttpResponse:
    evidence = _evidence_or_404(request, community_id, evidence_id)
    context = page_context(request, evidence.community, tab="evidence", evidence=evidence)
    form = EvidenceDetailsForm(request.POST or None, instance=evidence)
    if request.method == "POST":
        if not context["may_record"]:
            raise PermissionDenied(Permission.WORK_RECORD)
        if form.is_valid():
            services.describe_anew(evidence=evidence, by=request.user, **form.cleaned_data)
            return redirect("projects:evidence", community_id=evidence.community_id)
    context |= {"form": form, "uses": selectors.uses_of(evidence)}
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/evidence/item.html", context, status=status)


@login_required
@require_safe
def file(request: HttpRequest, community_id: int, evidence_id: int) -> HttpResponseBase:
    return file_response(_evidence_or_404(request, community_id, evidence_id).file)


@login_required
@require_safe
def thumbnail(request: HttpRequest, community_id: int, evidence_id: int) -> HttpResponseBase:
    evidence = _evidence_or_404(request, community_id, evidence_id)
    if evidence.thumbnail is None:
        raise Http404
    return file_response(evidence.thumbnail)


@login_required
@require_POST
def remove(request: HttpRequest, community_id: int, evidence_id: int) -> HttpResponse:
    evidence = _evidence_or_404(request, community_id, evidence_id)
    try:
        services.remove(evidence=evidence, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:evidence_item", community_id=community_id, evidence_id=evidence_id)
    return redirect("projects:evidence", community_id=community_id)


@login_required
@require_POST
def year_zip(request: HttpRequest, community_id: int) -> HttpResponse:
    """Everything of a year in one file: asked for here, made in the background."""
    community = community_or_404(request, community_id)
    year = _year(request.POST.get("year", ""))
    if not year:
        raise Http404
    try:
        run = request_year(community=community, year=int(year), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:evidence", community_id=community.pk)
    return redirect("documents:run", run_id=run.pk)
