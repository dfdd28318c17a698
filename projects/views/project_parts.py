"""What hangs on a project: measures, indicators, half-yearly reviews; and the files beside something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.enums import Permission
from core.errors import Refused
from core.pages import add_refusals, form_page
from projects.forms.entries import EntryForm
from projects.forms.projects import IndicatorForm, MeasureForm, ProjectReviewForm
from projects.models import Indicator, Measure, Project, ProjectReview
from projects.services import projects as services
from projects.views.pages import page_context
from projects.views.projects import project_or_404


@dataclass(frozen=True)
class Kind:
    model: type[services.Part]
    form: type[EntryForm]
    new: Promise
    known: Promise


KINDS = {
    "measures": Kind(Measure, MeasureForm, _("Add a measure"), _("Measure")),
    "indicators": Kind(Indicator, IndicatorForm, _("Add an indicator"), _("Indicator")),
    "reviews": Kind(ProjectReview, ProjectReviewForm, _("Add a half-yearly review"), _("Half-yearly review")),
}


def _kind_or_404(part: str) -> Kind:
    if part not in KINDS:
        raise Http404
    return KINDS[part]


def _part_or_404(kind: Kind, project: Project, part_id: int) -> services.Part:
    part = get_object_or_404(kind.model.objects.filter(project=project), pk=part_id)
    part.project = project
    return part


def _shown(request: HttpRequest, project: Project, form: EntryForm, **more: Any) -> HttpResponse:
    context = page_context(request, project.community, tab="projects", project=project, form=form, **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/projects/part.html", context, status=status)


def _back(project: Project, part: str) -> HttpResponse:
    answer = redirect("projects:project", community_id=project.community_id, project_id=project.pk)
    answer["Location"] += f"#{part}"
    return answer


@login_required
@never_cache
@form_page
def part_add(request: HttpRequest, community_id: int, project_id: int, part: str) -> HttpResponse:
    kind = _kind_or_404(part)
    project = project_or_404(request, community_id, project_id, Permission.WORK_RECORD)
    form = kind.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_part(project=project, model=kind.model, fields=form.entered, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return _back(project, part)
    return _shown(request, project, form, heading=kind.new)


@login_required
@never_cache
@form_page
def part_change(
    request: HttpRequest, community_id: int, project_id: int, part: str, part_id: int
) -> HttpResponse:
    kind = _kind_or_404(part)
    project = project_or_404(request, community_id, project_id, Permission.WORK_RECORD)
    stored = _part_or_404(kind, project, part_id)
    form = kind.form(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            services.change_part(part=stored, fields=form.entered, seen=seen, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(_part_or_404(kind, project, part_id))
        else:
            return _back(project, part)
    return _shown(request, project, form, heading=kind.known, part=part, part_id=part_id)


@login_required
@require_POST
def part_remove(
    request: HttpRequest, community_id: int, project_id: int, part: str, part_id: int
) -> HttpResponse:
    kind = _kind_or_404(part)
    project = project_or_404(request, community_id, project_id, Permission.WORK_RECORD)
    services.remove_part(part=_part_or_404(kind, project, part_id), by=request.user)
    return _back(project, part)
