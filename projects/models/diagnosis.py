"""What endangers people here, and how that was found out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from projects.enums import Area, FindingKind
from projects.models.evidence import Evidence


class Diagnosis(models.Model):
    """One look at the community's risks, by one method or several (成都市锦江区 2014)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="diagnoses", verbose_name=_("community")
    )
    title = models.CharField(_("title"), max_length=120)
    methods = models.JSONField(_("methods"), default=list)
    began_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)
    participants = models.TextField(_("who took part"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="diagnoses", verbose_name=_("evidence")
    )
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnoses")
        ordering = ("community", "-began_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="diagnosis_dates_in_order",
            ),
        )

    class Privacy:
        personal = frozenset({"participants"})
        plain = frozenset(
            {
                "id",
                "community",
                "title",
                "methods",
                "began_on",
                "ended_on",
                "summary",
                "evidence",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """A group, a place, a hazard or a need that the diagnosis names; projects answer findings."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="findings", verbose_name=_("community")
    )
    diagnosis = models.ForeignKey(
        Diagnosis, models.CASCADE, related_name="findings", verbose_name=_("diagnosis")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=FindingKind)
    area = models.CharField(_("area"), max_length=20, choices=Area, blank=True)
    title = models.CharField(_("finding"), max_length=120)
    description = models.TextField(_("what was seen, with figures"), blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="findings", verbose_name=_("evidence")
    )
    settled_on = models.DateField(_("no longer a risk since"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings of a diagnosis")
        ordering = ("diagnosis", "kind", "pk")
        constraints = (only_choices("kind", FindingKind, "finding_kind_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "diagnosis",
                "kind",
                "area",
                "title",
                "description",
                "evidence",
                "settled_on",
            }
        )

    def __str__(self) -> str:
        return self.title
