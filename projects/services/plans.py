"""Recording plans, their stages, and goals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.errors import Reason, Refused
from projects.enums import PlanKind
from projects.models import Goal, Plan, PlanStage
from projects.selectors.plans import hangs_on_itself, possible_parents
from projects.services import records

FOREIGN = Reason(_("A plan hangs on one of its own community or of an authority above."), "foreign", "parent")
CIRCLE = Reason(_("A plan cannot hang on itself."), code="circle", field="parent")
HAS_CHILDREN = Reason(_("Other plans hang on this one."), code="has_children")
FOREIGN_PLAN = Reason(_("A goal belongs to a plan of its own community."), code="foreign", field="plan")


def owner_of(plan: Plan) -> records.Owner:
    owner = plan.community or plan.authority
    if owner is None:
        raise ValueError("a plan belongs to a community or to an authority")
    return owner


@transaction.atomic
def record_plan(*, owner: records.Owner, fields: Mapping[str, Any], by: Any) -> Plan:
    """The same words sent twice are one plan. An authority's plan is the overall plan of its district."""
    records.may_record(by, owner)
    type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)  # noqa: SLF001 - public
    belongs = {"community": owner} if isinstance(owner, Community) else {"authority": owner}
    words = dict(fields) if isinstance(owner, Community) else {**fields, "kind": PlanKind.OVERALL}
    plan = Plan(**belongs, **words)
    _refuse_parent(plan, words.get("parent"))
    same = ("kind", "title", "year_from", "year_to")
    known = Plan.objects.filter(**belongs, **{name: words[name] for name in same}).first()
    if known is not None:
        return known
    return records.add(plan, owner=owner, action="plan.add", by=by)


@transaction.atomic
def change_plan(*, plan: Plan, fields: Mapping[str, Any], seen: str | None, by: Any) -> Plan:
    _refuse_parent(plan, fields.get("parent"))
    return records.change(plan, owner=owner_of(plan), fields=fields, seen=seen, action="plan.change", by=by)


@transaction.atomic
def remove_plan(*, plan: Plan, by: Any) -> None:
    """Its stages go with it; its goals stay."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.children.exists():
        raise Refused(HAS_CHILDREN)
    records.remove(plan, owner=owner_of(plan), action="plan.remove", by=by)


def _refuse_parent(plan: Plan, parent: Plan | None) -> None:
    if parent is None:
        return
    if plan.community is None or not possible_parents(plan.community).filter(pk=parent.pk).exists():
        raise Refused(FOREIGN)
    if plan.pk is not None and hangs_on_itself(plan, parent):
        raise Refused(CIRCLE)


@transaction.atomic
def add_stage(*, plan: Plan, fields: Mapping[str, Any], by: Any) -> PlanStage:
    """At the end of the row. The same words sent twice are one stage."""
    records.may_record(by, owner_of(plan))
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    known = PlanStage.objects.filter(plan=plan, **fields).first()
    if known is not None:
        return known
    last = plan.stages.aggregate(last=Max("position"))["last"] or 0
    stage = PlanStage(plan=plan, position=last + 1, **fields)
    return records.add(stage, owner=owner_of(plan), action="plan_stage.add", by=by)


def change_stage(*, stage: PlanStage, fields: Mapping[str, Any], seen: str | None, by: Any) -> PlanStage:
    return records.change(
        stage, owner=owner_of(stage.plan), fields=fields, seen=seen, action="plan_stage.change", by=by
    )


def remove_stage(*, stage: PlanStage, by: Any) -> None:
    records.remove(stage, owner=owner_of(stage.plan), action="plan_stage.remove", by=by)


@transaction.atomic
def record_goal(*, community: Community, fields: Mapping[str, Any], by: Any) -> Goal:
    """The same words sent twice are one goal."""
    records.may_record(by, community)
    _refuse_plan(community, fields.get("plan"))
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    known = Goal.objects.filter(community=community, **fields).first()
    if known is not None:
        return known
    return records.add(Goal(community=community, **fields), owner=community, action="goal.add", by=by)


@transaction.atomic
def change_goal(*, goal: Goal, fields: Mapping[str, Any], seen: str | None, by: Any) -> Goal:
    _refuse_plan(goal.community, fields.get("plan"))
    return records.change(goal, owner=goal.community, fields=fields, seen=seen, action="goal.change", by=by)


def remove_goal(*, goal: Goal, by: Any) -> None:
    records.remove(goal, owner=goal.community, action="goal.remove", by=by)


def _refuse_plan(community: Community, plan: Plan | None) -> None:
    if plan is not None and plan.community_id != community.pk:
        raise Refused(FOREIGN_PLAN)
