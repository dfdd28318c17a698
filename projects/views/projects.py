"""The promotion projects of a community: list, page, form, moves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Permission
from communities.authz import can
from communities.models import Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from injuries.authz import may_see_figures
from injuries.selectors.coverage import opening, years_of
from projects.access import community_or_404
from projects.enums import Area, Means, ProjectStage
from projects.forms.projects import MoveForm, ProjectForm
from projects.lifecycle.projects import NOTES, PROJECT_LIFECYCLE, advance_project, refusals_of
from projects.models import Project
from projects.selectors import burden as burden_selectors
from projects.selectors import coverage as coverage_selectors
from projects.selectors import projects as selectors
from projects.services import projects as services
from projects.views.pages import page_context


def project_or_404(
    request: HttpRequest, community_id: int, project_id: int, permission: Permission = Permission.WORK_VIEW
) -> Project:
    """The community that was looked up at the door stands on the project, so that nobody asks for it again."""
    community = community_or_404(request, community_id, permission)
    project: Project = get_object_or_404(Project.objects.filter(community=community), pk=project_id)
    project.community = community
    return project


@login_required
@never_cache
@require_safe
def projects(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    wanted = selectors.Wanted.read(request.GET)
    rows = selectors.projects_of(community, wanted)
    context = page_context(
        request,
        community,
        tab="projects",
        page=selectors.projects_page(rows, request.GET.get("page")),
        wanted=wanted,
        counter=selectors.project_counter(community),
        stages=ProjectStage.choices,
        areas=Area.choices,
    )
    return render(request, "projects/projects/list.html", context)


@login_required
@never_cache
@require_safe
def project(request: HttpRequest, community_id: int, project_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    shown = get_object_or_404(selectors.project_with_parts(community), pk=project_id)
    measures = list(shown.measures.all())
    context = page_context(
        request,
        community,
        tab="projects",
        project=shown,
        means=[(label, [one for one in measures if one.means == value]) for value, label in Means.choices],
        moves=_moves(request.user, community, shown),
        partners=[str(partner) for partner in shown.partners.all()],
        lists=_lists(shown),
        injuries=burden_selectors.effect_of(shown, request.user),
    )
    return render(request, "projects/projects/project.html", context)


def _lists(project: Project) -> list[tuple[str, str]]:
    """Codes in the reader's words, with what the list is called."""
    fields = ProjectForm.base_fields
    found = []
    for name in ("groups", "ages", "environments", "six_settings"):
        words = dict(fields[name].choices)  # type: ignore[attr-defined]
        chosen = [str(words[code]) for code in getattr(project, name) if code in words]
        if chosen:
            found.append((str(fields[name].label), _(", ").join(chosen)))
    return found


MOVE_WORDS = {
    "review": gettext_noop("Record the review"),
    "start": gettext_noop("Start"),
    "complete": gettext_noop("Complete"),
    "stop": gettext_noop("Stop"),
    "resume": gettext_noop("Resume"),
    "evaluate": gettext_noop("Evaluate"),
}


def _moves(user: Any, community: Community, project: Project) -> list[dict[str, str]]:
    return [
        {"name": move.name, "label": _(MOVE_WORDS[move.name])}
        for move in PROJECT_LIFECYCLE
        if project.stage in move.from_stages and can(user, move.permission, community)
    ]


@login_required
@never_cache
@form_page
def project_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, Permission.WORK_RECORD)
    form = ProjectForm(request.POST or None, community=community, initial=_first(request, community))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose(
                community=community,
                fields=form.entered,
                form_key=form.cleaned_data["form_key"],
                by=request.user,
            )
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:project", community_id=community.pk, project_id=made.pk)
    context = page_context(request, community, tab="projects", form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/projects/form.html", context, status=status)


def _first(request: HttpRequest, community: Community) -> dict[str, Any]:
    """From the page of a finding, or from an empty cell of the matrix, the form begins with what is known."""
    wanted = selectors.Wanted.read(request.GET)
    first: dict[str, Any] = {"area": wanted.area}
    for field, code in (("ages", wanted.age), ("environments", wanted.environment), ("groups", wanted.group)):
        first[field] = [code] if code else []
    number = request.GET.get("finding", "")
    finding = (
        selectors.finding_of(community, int(number)) if number.isdecimal() and len(number) < 10 else None
    )
    if finding is not None:
        first |= {"finding": finding.pk, "area": finding.area or wanted.area}
    return first


@login_required
@never_cache
@form_page
def project_edit(request: HttpRequest, community_id: int, project_id: int) -> HttpResponse:
    project = project_or_404(request, community_id, project_id, Permission.WORK_RECORD)
    form = ProjectForm(request.POST or None, instance=project, community=project.community)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                project=project, fields=form.entered, seen=form.cleaned_data["seen"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Project.objects.get(pk=project.pk))
        else:
            return redirect("projects:project", community_id=community_id, project_id=project_id)
    context = page_context(request, project.community, tab="projects", form=form, project=project)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/projects/form.html", context, status=status)


@login_required
@never_cache
@form_page
def project_move(request: HttpRequest, community_id: int, project_id: int, move: str) -> HttpResponse:
    if move not in MOVE_WORDS:
        raise Http404
    project = project_or_404(request, community_id, project_id)
    if not can(request.user, PROJECT_LIFECYCLE.find(move).permission, project.community):
        raise PermissionDenied
    form = MoveForm(request.POST or None, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            advance_project(project, move, by=request.user, note=form.cleaned_data["note"])
        except Refused as refused:
            add_refusals(form, refused)
        else:
            messages.success(
                request, _("The project is now: %(stage)s") % {"stage": project.get_stage_display()}
            )
            return redirect("projects:project", community_id=community_id, project_id=project_id)
    in_the_way = [reason for reason in refusals_of(project, move, note="-") if request.method != "POST"]
    context = page_context(
        request,
        project.community,
        tab="projects",
        form=form,
        project=project,
        move={"name": move, "label": _(MOVE_WORDS[move])},
        in_the_way=in_the_way,
        needs_note=move in NOTES,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/projects/move.html", context, status=status)


@login_required
@never_cache
@require_safe
def burden(request: HttpRequest, community_id: int) -> HttpResponse:
    """Where people are hurt beside where the work goes."""
    community = community_or_404(request, community_id)
    if not may_see_figures(request.user, community):
        raise PermissionDenied(Permission.INJURY_VIEW)
    years = years_of(community)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted in map(str, years) else opening(years)
    found = burden_selectors.burden(community, year)
    context = page_context(request, community, tab="projects", burden=found, years=years)
    return render(request, "projects/projects/burden.html", context)


@login_required
@never_cache
@require_safe
def coverage(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    context = page_context(
        request,
        community,
        tab="projects",
        matrix=coverage_selectors.coverage(community),
        unanswered=coverage_selectors.unanswered(community),
    )
    return render(request, "projects/projects/coverage.html", context)
