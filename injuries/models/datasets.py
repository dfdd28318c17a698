"""What came from one source for one family and time: single records or totals, counted or only shown beside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from injuries.enums import Completeness, Dimension, Form, SourceKind, Stage
from injuries.models.codes import Family
from injuries.months import Month
from injuries.querysets import ThroughDataSetQuerySet


class SubArea(models.Model):
    """A part of a community (居委会, 村, 小区) in which injuries are placed; others see none of it."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="sub_areas", verbose_name=_("community")
    )
    name = models.CharField(_("name"), max_length=60)
    is_used = models.BooleanField(_("offered"), default=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a community")
        verbose_name_plural = _("parts of communities")
        ordering = ("community", "name")
        constraints = (models.UniqueConstraint(fields=("community", "name"), name="sub_area_once"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "name", "is_used"})

    def __str__(self) -> str:
        return self.name


class DataSet(models.Model):
    """Of several that tell of the same family and months exactly one is counted; reports are never matched."""

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="injury_data", verbose_name=_("community")
    )
    family = models.ForeignKey(Family, models.PROTECT, related_name="+", verbose_name=_("family"))
    source_kind = models.CharField(_("source"), max_length=20, choices=SourceKind)
    source_name = models.CharField(_("name of the source"), max_length=100, blank=True)
    form = models.CharField(_("kind of data"), max_length=8, choices=Form)
    first_month = models.PositiveSmallIntegerField(_("first month"))
    last_month = models.PositiveSmallIntegerField(_("last month"))
    definition = models.TextField(_("what is counted as a case"), blank=True)
    completeness = models.CharField(
        _("completeness"), max_length=8, choices=Completeness, default=Completeness.UNKNOWN
    )
    # The health department of this place began it and owns it beside the community; empty: the community's own.
    kept_by = models.ForeignKey(
        Authority,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("kept by the health department"),
    )
    is_counted = models.BooleanField(_("counted in the figures"), default=False, editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.OPEN, editable=False)
    stage_since = models.DateTimeField(_("since"), default=now, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        ordering = ("community", "-last_month", "family", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")), name="data_set_months_in_order"
            ),
            only_choices("form", Form, "data_set_form_known"),
            only_choices("stage", Stage, "data_set_stage_known"),
            only_choices("source_kind", SourceKind, "data_set_source_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "family",
                "source_kind",
                "source_name",
                "form",
                "first_month",
                "last_month",
                "definition",
                "completeness",
                "kept_by",
                "is_counted",
                "stage",
                "stage_since",
                "revision",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.family} {self.months}"

    @property
    def months(self) -> str:
        """2025, 2025-01 to 2025-06: as short as the months allow."""
        return Month.span(self.first_month, self.last_month)


class StageChange(models.Model):
    """How a data set was closed, approved and opened again, by whom and why."""

    data_set = models.ForeignKey(
        DataSet, models.CASCADE, related_name="stage_changes", verbose_name=_("data set")
    )
    move = models.CharField(_("move"), max_length=20)
    from_stage = models.CharField(_("from"), max_length=10, choices=Stage)
    to_stage = models.CharField(_("to"), max_length=10, choices=Stage)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=now)
    note = models.TextField(_("reason"), blank=True)

    objects = ThroughDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a data set")
        verbose_name_plural = _("steps of data sets")
        ordering = ("data_set", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "data_set", "move", "from_stage", "to_stage", "by", "at", "note"})

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"


class LockException(models.Model):
    """One person may still mend a closed data set until a day, for a reason that stays on record."""

    data_set = models.ForeignKey(
        DataSet, models.CASCADE, related_name="lock_exceptions", verbose_name=_("data set")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given"), default=now)

    objects = ThroughDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception from a lock")
        verbose_name_plural = _("exceptions from locks")
        ordering = ("data_set", "-until", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "data_set", "user", "until", "reason", "given_by", "given_at"})

    def __str__(self) -> str:
        return f"{self.data_set}: {self.until}"


class Total(models.Model):
    """So many cases of a month, as a whole or by one division. Zero is a statement, no row is silence."""

    data_set = models.ForeignKey(DataSet, models.CASCADE, related_name="totals", verbose_name=_("data set"))
    month = models.PositiveSmallIntegerField(_("month"))
    dimension = models.CharField(_("divided"), max_length=10, choices=Dimension, default=Dimension.ALL)
    number = models.PositiveSmallIntegerField(_("code"), default=0)
    cases = models.PositiveIntegerField(_("cases"))

    objects = ThroughDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
        ordering = ("data_set", "month", "dimension", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("data_set", "month", "dimension", "number"), name="injury_total_once"
            ),
            only_choices("dimension", Dimension, "injury_total_dimension_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "data_set", "month", "dimension", "number", "cases"})

    def __str__(self) -> str:
        return f"{Month.text(self.month)} {self.get_dimension_display()}: {self.cases}"
