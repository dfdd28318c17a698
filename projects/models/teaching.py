"""Who is to be taught what, when; and who was trained."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.dates import format_date
from core.fields import only_choices
from projects.enums import ActivityKind
from projects.models.plans import Plan
from projects.querysets import ThroughActivityQuerySet


class PlannedTeaching(models.Model):
    """One entry of a plan of publicity and training: which months, which ages, which audience (渝办发〔2010〕93号)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="planned_teaching", verbose_name=_("community")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    month_from = models.PositiveSmallIntegerField(_("from the month"))
    month_to = models.PositiveSmallIntegerField(_("to the month"))
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind, default=ActivityKind.TRAINING)
    topic = models.CharField(_("topic"), max_length=120)
    ages = models.JSONField(_("ages"), default=list, blank=True)
    groups = models.JSONField(_("audience"), default=list, blank=True)
    plan = models.ForeignKey(
        Plan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="planned_teaching",
        verbose_name=_("plan"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned training or publicity")
        verbose_name_plural = _("planned training and publicity")
        ordering = ("community", "-year", "month_from", "pk")
        constraints = (
            only_choices("kind", ActivityKind, "planned_teaching_kind_known"),
            models.CheckConstraint(
                condition=Q(month_from__gte=1, month_to__lte=12, month_to__gte=F("month_from")),
                name="planned_teaching_months_in_order",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {"id", "community", "year", "month_from", "month_to", "kind", "topic", "ages", "groups", "plan"}
        )

    def __str__(self) -> str:
        return self.topic

    @property
    def when(self) -> str:
        """2026年6月, or 2026年6月–2026年8月."""
        months = {self.month_from, self.month_to}
        return "–".join(format_date(f"{self.year}-{month:02}") for month in sorted(months))


class Trainee(models.Model):
    """One line of a training's list: a role or a name, and the number of the certificate. Own community only."""

    activity = models.ForeignKey(
        "projects.Activity", models.CASCADE, related_name="trainees", verbose_name=_("training")
    )
    person = models.CharField(_("role or name"), max_length=60)
    certificate = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ThroughActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        ordering = ("activity", "position", "pk")

    class Privacy:
        personal = frozenset({"person", "certificate"})
        plain = frozenset({"id", "activity", "position"})

    def __str__(self) -> str:
        """Without the person: labels travel into lists, logs and the trail."""
        return f"{self.activity_id}.{self.position}"
