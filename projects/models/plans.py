"""Plans with their approval and stages, and goals with baseline, target and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from projects.enums import Area, GoalFigure, Horizon, PlanKind
from projects.models.evidence import Evidence
from projects.querysets import OfCommunityOrAuthorityQuerySet, ThroughPlanQuerySet


class Plan(models.Model):
    """A unit's plan, or a district's, on which its units' plans hang (渝办发〔2010〕93号)."""

    community = models.ForeignKey(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="safety_plans",
        verbose_name=_("community"),
    )
    authority = models.ForeignKey(
        Authority,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="safety_plans",
        verbose_name=_("authority"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PlanKind)
    title = models.CharField(_("title"), max_length=120)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("hangs on")
    )
    year_from = models.PositiveSmallIntegerField(_("from the year"))
    year_to = models.PositiveSmallIntegerField(_("to the year"))
    approved_by = models.CharField(_("approved by (body)"), max_length=100, blank=True)
    approved_at_meeting = models.CharField(_("at the meeting"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="plans", verbose_name=_("documents"))
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OfCommunityOrAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("-year_from", "pk")
        constraints = (
            only_choices("kind", PlanKind, "plan_kind_known"),
            models.CheckConstraint(
                condition=Q(community__isnull=False, authority__isnull=True)
                | Q(community__isnull=True, authority__isnull=False),
                name="plan_of_one_owner",
            ),
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="plan_years_in_order"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "authority",
                "kind",
                "title",
                "parent",
                "year_from",
                "year_to",
                "approved_by",
                "approved_at_meeting",
                "approved_on",
                "evidence",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.title


class PlanStage(models.Model):
    """A stage may lie in the past when the plan is written (成都市锦江区 2014); planned and actual both stay."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="stages", verbose_name=_("plan"))
    title = models.CharField(_("stage"), max_length=120)
    planned_from = models.DateField(_("planned from"), null=True, blank=True)
    planned_to = models.DateField(_("planned to"))
    actual_from = models.DateField(_("really from"), null=True, blank=True)
    actual_to = models.DateField(_("really to"), null=True, blank=True)
    deliverables = models.TextField(_("what it brings"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ThroughPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage of a plan")
        verbose_name_plural = _("stages of a plan")
        ordering = ("plan", "position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(planned_from__isnull=True) | Q(planned_to__gte=F("planned_from")),
                name="plan_stage_planned_in_order",
            ),
            models.CheckConstraint(
                condition=Q(actual_from__isnull=True)
                | Q(actual_to__isnull=True)
                | Q(actual_to__gte=F("actual_from")),
                name="plan_stage_actual_in_order",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "plan",
                "title",
                "planned_from",
                "planned_to",
                "actual_from",
                "actual_to",
                "deliverables",
                "position",
            }
        )

    def __str__(self) -> str:
        return self.title


class Goal(models.Model):
    """A measurable goal: the figure it started from, the one wanted, the one reached. Unknown stays empty."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="safety_goals", verbose_name=_("community")
    )
    plan = models.ForeignKey(
        Plan, models.SET_NULL, null=True, blank=True, related_name="goals", verbose_name=_("plan")
    )
    horizon = models.CharField(_("horizon"), max_length=10, choices=Horizon)
    year_from = models.PositiveSmallIntegerField(_("from the year"))
    year_to = models.PositiveSmallIntegerField(_("to the year"))
    area = models.CharField(_("area"), max_length=20, choices=Area, blank=True)
    title = models.CharField(_("goal"), max_length=120)
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("reached"), max_digits=12, decimal_places=2, null=True, blank=True)
    less_is_better = models.BooleanField(_("a lower figure is better"), default=True)
    figure = models.CharField(
        _("figure of the injury records"),
        max_length=8,
        choices=GoalFigure,
        blank=True,
        default="",
        db_default="",
    )
    cause = models.PositiveSmallIntegerField(_("cause of injury"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety goal")
        verbose_name_plural = _("safety goals")
        ordering = ("community", "-year_from", "pk")
        constraints = (
            only_choices("horizon", Horizon, "goal_horizon_known"),
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="goal_years_in_order"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "plan",
                "horizon",
                "year_from",
                "year_to",
                "area",
                "title",
                "unit",
                "baseline",
                "target",
                "actual",
                "less_is_better",
                "figure",
                "cause",
                "note",
            }
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_reached(self) -> bool | None:
        """None as long as no figure is known."""
        if self.actual is None:
            return None
        return self.actual <= self.target if self.less_is_better else self.actual >= self.target
