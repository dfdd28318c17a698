"""Plans of a community and of the authorities above it, and its goals."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, F, Prefetch, Q, QuerySet, Value

from communities.models import Authority, Community
from core.clock import today
from core.paging import BothEndsPaginator
from projects.enums import PlanKind
from projects.models import Evidence, Goal, Plan, PlanStage

PER_PAGE = 20


def plans_of(community: Community) -> QuerySet[Plan]:
    rows = Plan.objects.filter(community=community).select_related("parent")
    return rows.annotate(
        stages_all=Count("stages"), stages_done=Count("stages", filter=Q(stages__actual_to__isnull=False))
    ).order_by("-year_from", "-pk")


def plans_page(rows: QuerySet[Plan], number: str | None) -> Page[Plan]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def readable_plans(community: Community) -> QuerySet[Plan]:
    """The community's own, and those of authorities on which one of its own hangs."""
    own = Plan.objects.filter(community=community)
    hung_on = own.filter(parent__isnull=False).values("parent")
    rows = Plan.objects.filter(Q(community=community) | Q(authority__isnull=False, pk__in=hung_on))
    files = Evidence.objects.select_related("file").order_by("-happened_on", "-pk")
    return rows.select_related("parent", "authority").prefetch_related(
        "stages", Prefetch("evidence", files), Prefetch("goals", Goal.objects.order_by("-year_from", "pk"))
    )


def possible_parents(community: Community, plan: Plan | None = None) -> QuerySet[Plan]:
    """Overall plans of the authorities above, and the community's own other plans."""
    condition = Q(community=community)
    if community.supervisor is not None:
        above = Authority.objects.alias(own_path=Value(community.supervisor.path)).filter(
            own_path__startswith=F("path")
        )
        condition |= Q(kind=PlanKind.OVERALL, authority__in=above)
    rows = Plan.objects.filter(condition).order_by("-year_from", "pk")
    return rows.exclude(pk=plan.pk) if plan is not None and plan.pk else rows


def hangs_on_itself(plan: Plan, parent: Plan | None) -> bool:
    """Whether ``plan`` would be found again on the way up from ``parent``."""
    seen: set[int] = set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == plan.pk:
            return True
        seen.add(parent.pk)
        parent = parent.parent
    return False


@dataclass(frozen=True)
class StageState:
    stage: PlanStage
    is_done: bool
    is_late: bool


def stages_with_state(plan: Plan) -> list[StageState]:
    """Late: ended after the planned day, or that day has passed without an end."""
    day = today()
    return [
        StageState(
            stage,
            is_done=stage.actual_to is not None,
            is_late=(stage.actual_to or day) > stage.planned_to,
        )
        for stage in plan.stages.all()
    ]


def goals_of(community: Community) -> QuerySet[Goal]:
    return Goal.objects.filter(community=community).select_related("plan").order_by("-year_from", "-pk")


def goals_page(rows: QuerySet[Goal], number: str | None) -> Page[Goal]:
    return BothEndsPaginator(rows, PER_PAGE).get_page(number)


def authority_plans(authority: Authority) -> QuerySet[Plan]:
    rows = Plan.objects.filter(authority=authority)
    return rows.annotate(hanging=Count("children")).order_by("-year_from", "-pk")
