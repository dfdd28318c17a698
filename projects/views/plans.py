"""Plans of a community with their approval and stages, and its goals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Permission
from communities.models import Community
from core.errors import Refused
from core.pages import add_refusals, form_page
from injuries.authz import may_see_figures
from projects.access import community_or_404
from projects.forms.plans import GoalForm, PlanForm, PlanStageForm
from projects.models import Goal, Plan, PlanStage
from projects.selectors import plans as selectors
from projects.selectors.burden import with_figures
from projects.services import plans as services
from projects.views.pages import page_context

RECORD = Permission.WORK_RECORD


def _own_or_404(request: HttpRequest, community_id: int, model: type[Any], pk: int) -> Any:
    """A plan or a goal of this community, for somebody who records its work."""
    community = community_or_404(request, community_id, RECORD)
    own = get_object_or_404(model.objects.filter(community=community), pk=pk)
    own.community = community
    return own


def _form(request: HttpRequest, community: Community, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = page_context(request, community, tab="plans", form=form, heading=heading, **more)
    status = 422 if request.method == "POST" else 200
    return render(request, "projects/plans/form.html", context, status=status)


@login_required
@never_cache
@require_safe
def plans(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id)
    context = page_context(
        request,
        community,
        tab="plans",
        plans=selectors.plans_page(selectors.plans_of(community), request.GET.get("plans")),
        goals=_goals_page(request, community),
    )
    return render(request, "projects/plans/list.html", context)


def _goals_page(request: HttpRequest, community: Community) -> Page[Goal]:
    """Goals about injuries read what was reached from the records, for who may see those."""
    page = selectors.goals_page(selectors.goals_of(community), request.GET.get("page"))
    if may_see_figures(request.user, community):
        page.object_list = with_figures(community, page.object_list)
    return page


@login_required
@never_cache
@require_safe
def plan(request: HttpRequest, community_id: int, plan_id: int) -> HttpResponse:
    """The community's own, or that of an authority on which one of its own hangs: to be read, not changed."""
    community = community_or_404(request, community_id)
    shown = get_object_or_404(selectors.readable_plans(community), pk=plan_id)
    context = page_context(
        request, community, tab="plans", plan=shown, stages=selectors.stages_with_state(shown)
    )
    goals = list(shown.goals.all())
    is_own = shown.community_id == community.pk and may_see_figures(request.user, community)
    context["goals"] = with_figures(community, goals) if is_own else goals
    context["may_record"] = context["may_record"] and shown.community_id == community.pk
    return render(request, "projects/plans/plan.html", context)


@login_required
@never_cache
@form_page
def plan_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, RECORD)
    form = PlanForm(request.POST or None, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.record_plan(owner=community, fields=form.entered, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:plan", community_id=community.pk, plan_id=made.pk)
    return _form(request, community, form, _("New plan"))


@login_required
@never_cache
@form_page
def plan_edit(request: HttpRequest, community_id: int, plan_id: int) -> HttpResponse:
    stored = _own_or_404(request, community_id, Plan, plan_id)
    community = stored.community
    form = PlanForm(request.POST or None, instance=stored, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_plan(
                plan=stored, fields=form.entered, seen=form.cleaned_data["seen"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Plan.objects.get(pk=plan_id))
        else:
            return redirect("projects:plan", community_id=community_id, plan_id=plan_id)
    return _form(request, community, form, _("Change the plan"), plan=stored)


@login_required
@require_POST
def plan_remove(request: HttpRequest, community_id: int, plan_id: int) -> HttpResponse:
    stored = _own_or_404(request, community_id, Plan, plan_id)
    try:
        services.remove_plan(plan=stored, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("projects:plan", community_id=community_id, plan_id=plan_id)
    return redirect("projects:plans", community_id=community_id)


@login_required
@never_cache
@form_page
def plan_stage_add(request: HttpRequest, community_id: int, plan_id: int) -> HttpResponse:
    stored = _own_or_404(request, community_id, Plan, plan_id)
    form = PlanStageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_stage(plan=stored, fields=form.entered, by=request.user)
        return redirect("projects:plan", community_id=community_id, plan_id=plan_id)
    return _form(request, stored.community, form, _("New stage"), back=stored)


def _stage_or_404(request: HttpRequest, community_id: int, stage_id: int) -> PlanStage:
    community = community_or_404(request, community_id, RECORD)
    rows = PlanStage.objects.filter(plan__community=community).select_related("plan")
    stage: PlanStage = get_object_or_404(rows, pk=stage_id)
    stage.plan.community = community
    return stage


@login_required
@never_cache
@form_page
def plan_stage(request: HttpRequest, community_id: int, stage_id: int) -> HttpResponse:
    stored = _stage_or_404(request, community_id, stage_id)
    form = PlanStageForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_stage(
                stage=stored, fields=form.entered, seen=form.cleaned_data["seen"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(PlanStage.objects.get(pk=stage_id))
        else:
            return redirect("projects:plan", community_id=community_id, plan_id=stored.plan_id)
    community = community_or_404(request, community_id, RECORD)
    return _form(request, community, form, _("Stage"), back=stored.plan, stage=stored)


@login_required
@require_POST
def plan_stage_remove(request: HttpRequest, community_id: int, stage_id: int) -> HttpResponse:
    stored = _stage_or_404(request, community_id, stage_id)
    services.remove_stage(stage=stored, by=request.user)
    return redirect("projects:plan", community_id=community_id, plan_id=stored.plan_id)


@login_required
@never_cache
@form_page
def goal_add(request: HttpRequest, community_id: int) -> HttpResponse:
    community = community_or_404(request, community_id, RECORD)
    form = GoalForm(request.POST or None, community=community)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_goal(community=community, fields=form.entered, by=request.user)
        except Refused as refused:
            add_refusals(form, refused)
        else:
            return redirect("projects:plans", community_id=community.pk)
    return _form(request, community, form, _("New goal"))


@login_required
@never_cache
@form_page
def goal(request: HttpRequest, community_id: int, goal_id: int) -> HttpResponse:
    stored: Goal = _own_or_404(request, community_id, Goal, goal_id)
    form = GoalForm(request.POST or None, instance=stored, community=stored.community)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_goal(
                goal=stored, fields=form.entered, seen=form.cleaned_data["seen"], by=request.user
            )
        except Refused as refused:
            add_refusals(form, refused)
            form.look_again(Goal.objects.get(pk=goal_id))
        else:
            return redirect("projects:plans", community_id=community_id)
    return _form(request, stored.community, form, _("Goal"), goal=stored)


@login_required
@require_POST
def goal_remove(request: HttpRequest, community_id: int, goal_id: int) -> HttpResponse:
    services.remove_goal(goal=_own_or_404(request, community_id, Goal, goal_id), by=request.user)
    return redirect("projects:plans", community_id=community_id)
