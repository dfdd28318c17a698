"""Safety promotion projects: the finding they answer, whom they are for, by which means, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now, today
from core.fields import only_choices
from projects.enums import Area, IndicatorKind, Means, ProjectStage, RuralTopic
from projects.models.diagnosis import Finding
from projects.models.evidence import Evidence
from projects.models.organisation import Body, Organisation
from projects.querysets import ThroughProjectQuerySet


class Project(models.Model):
    """One project. Lists of codes (groups, ages, environments, settings) are kept as they are asked: together."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="safety_projects", verbose_name=_("community")
    )
    title = models.CharField(_("title"), max_length=120)
    area = models.CharField(_("area"), max_length=20, choices=Area)
    rural_topic = models.CharField(_("rural topic"), max_length=20, choices=RuralTopic, blank=True)
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("project group"),
    )
    finding = models.ForeignKey(
        Finding,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("finding it answers"),
    )
    background = models.TextField(_("problem and baseline"), blank=True)
    evidence_base = models.TextField(_("what shows that it works"), blank=True)
    six_settings = models.JSONField(_("settings"), default=list, blank=True)
    groups = models.JSONField(_("target groups"), default=list, blank=True)
    ages = models.JSONField(_("ages"), default=list, blank=True)
    environments = models.JSONField(_("environments"), default=list, blank=True)
    # Numbers of the card's list of causes, so that injuries and effort can be put side by side.
    causes = models.JSONField(
        _("causes of injury it is meant to lower"),
        default=list,
        blank=True,
        db_default=models.Value([], output_field=models.JSONField()),
    )
    lead = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_projects",
        verbose_name=_("lead"),
    )
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="partnered_projects", verbose_name=_("partners")
    )
    budget = models.DecimalField(_("budget in yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    in_kind = models.TextField(_("contributions in kind"), blank=True)
    volunteers = models.PositiveIntegerField(_("volunteers"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    stage = models.CharField(
        _("stage"), max_length=10, choices=ProjectStage, default=ProjectStage.PROPOSED, editable=False
    )
    effect = models.TextField(_("effect"), blank=True)
    no_outcome_because = models.TextField(_("why no outcome could be measured"), blank=True)
    improvement = models.TextField(_("what is improved next"), blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="projects", verbose_name=_("evidence")
    )
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety promotion project")
        verbose_name_plural = _("safety promotion projects")
        ordering = ("community", "-pk")
        constraints = (
            only_choices("area", Area, "project_area_known"),
            only_choices("stage", ProjectStage, "project_stage_known"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="project_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="project_once_per_form"
            ),
        )
        indexes = (
            models.Index(fields=("community", "-id"), name="project_by_community"),
            models.Index(fields=("community", "stage", "area"), name="project_by_stage"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "title",
                "area",
                "rural_topic",
                "body",
                "finding",
                "background",
                "evidence_base",
                "six_settings",
                "groups",
                "ages",
                "environments",
                "causes",
                "lead",
                "partners",
                "budget",
                "in_kind",
                "volunteers",
                "starts_on",
                "ends_on",
                "stage",
                "effect",
                "no_outcome_because",
                "improvement",
                "evidence",
                "form_key",
                "revision",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.title


class Measure(models.Model):
    """What is done, by one of the five means."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="measures", verbose_name=_("project"))
    means = models.CharField(_("means"), max_length=12, choices=Means)
    text = models.TextField(_("measure"))

    objects = ThroughProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("project", "pk")
        constraints = (only_choices("means", Means, "measure_means_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "project", "means", "text"})

    def __str__(self) -> str:
        return f"{self.get_means_display()}: {self.text[:40]}"


class Indicator(models.Model):
    """Process, reach or outcome: baseline, target and what was reached; unknown stays empty."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=8, choices=IndicatorKind)
    name = models.CharField(_("indicator"), max_length=100)
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField(_("reached"), max_digits=12, decimal_places=2, null=True, blank=True)

    objects = ThroughProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("project", "pk")
        constraints = (
            only_choices("kind", IndicatorKind, "indicator_kind_known"),
            models.UniqueConstraint(fields=("project", "name"), name="indicator_once"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "project", "kind", "name", "unit", "baseline", "target", "actual"})

    def __str__(self) -> str:
        return self.name


class ProjectReview(models.Model):
    """The look at a project every half-year: what went on, what hinders, what comes next."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reviews", verbose_name=_("project"))
    year = models.PositiveSmallIntegerField(_("year"))
    half = models.PositiveSmallIntegerField(_("half-year"))
    reviewed_on = models.DateField(_("day"), default=today)
    progress = models.TextField(_("what went on"))
    problems = models.TextField(_("what hinders"), blank=True)
    next_steps = models.TextField(_("what comes next"), blank=True)

    objects = ThroughProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("half-yearly review of a project")
        verbose_name_plural = _("half-yearly reviews of projects")
        ordering = ("project", "-year", "-half")
        constraints = (
            models.UniqueConstraint(fields=("project", "year", "half"), name="project_review_once"),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="project_review_half_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {"id", "project", "year", "half", "reviewed_on", "progress", "problems", "next_steps"}
        )

    def __str__(self) -> str:
        return f"{self.year}-{self.half}"


class ProjectStageChange(models.Model):
    """One move of a project, with what was said: the body that reviewed it, why it was stopped."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="stage_changes", verbose_name=_("project")
    )
    move = models.CharField(_("step"), max_length=30)
    from_stage = models.CharField(_("from"), max_length=10, choices=ProjectStage)
    to_stage = models.CharField(_("to"), max_length=10, choices=ProjectStage)
    at = models.DateTimeField(_("time"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("note"), blank=True)

    objects = ThroughProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a project")
        verbose_name_plural = _("steps of projects")
        ordering = ("project", "at", "pk")

    class Privacy:
        personal = frozenset({"note"})
        plain = frozenset({"id", "project", "move", "from_stage", "to_stage", "at", "by"})

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d}"
