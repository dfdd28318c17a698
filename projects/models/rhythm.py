"""The rhythm of the work: who reports what by when, and the numbers that are asked for in a year."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import CountedQuerySet, OwnedQuerySet
from core.clock import now, today
from core.fields import Bilingual, only_choices
from projects.enums import Minimum, ReportKind, ReportStage
from projects.models.evidence import Evidence
from projects.querysets import CountedOwnedQuerySet, ThroughReportQuerySet


class SafetyWork(models.Model):
    """That a community records its work here, since when, and whether it shows its programmes to the public."""

    community = models.OneToOneField(
        Community, models.CASCADE, related_name="safety_work", verbose_name=_("community")
    )
    started_on = models.DateField(_("records its work since"), default=today)
    template = models.CharField(_("filled from"), max_length=40, blank=True)
    is_published = models.BooleanField(_("programmes shown to the public"), default=False)
    checks_reports = models.BooleanField(
        _("reports are checked by a second person before they are sent"), default=False, db_default=False
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety work")
        verbose_name_plural = _("safety work")
        ordering = ("community",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "started_on", "template", "is_published", "checks_reports"})

    def __str__(self) -> str:
        return str(self.community)


class YearlyMinimum(models.Model):
    """A number that is asked for, with where it comes from; staff change it, a shortfall only warns."""

    code = models.CharField(_("counted"), max_length=20, choices=Minimum, unique=True)
    least = models.PositiveSmallIntegerField(_("at least"))
    source_zh = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    is_on = models.BooleanField(_("counted here"), default=True)

    source = Bilingual("source")

    class Meta:
        verbose_name = _("yearly minimum")
        verbose_name_plural = _("yearly minima")
        ordering = ("pk",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "code", "least", "source_zh", "source_en", "is_on"})

    def __str__(self) -> str:
        return str(self.get_code_display())


class ReportRule(models.Model):
    """When a kind of report is due: on a day of the month so many months after its period ends; 31 is the last day."""

    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind, unique=True)
    months_after = models.PositiveSmallIntegerField(_("months after the period ends"), default=0)
    day = models.PositiveSmallIntegerField(_("day of that month"), default=31)
    source_zh = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    is_on = models.BooleanField(_("asked for"), default=True)

    source = Bilingual("source")

    objects = CountedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of a report")
        verbose_name_plural = _("rules of reports")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=31), name="report_rule_day_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "kind", "months_after", "day", "source_zh", "source_en", "is_on"})

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PeriodReport(models.Model):
    """One report of one community for one period. It exists before anyone writes, so that what is missing shows.

    ``figures`` are counted from what was recorded and frozen when it is sent; the words are the liaison's.
    """

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="period_reports", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind)
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    due_on = models.DateField(_("due"))
    # The last day that a return named; the day on which the report was due stays as it was.
    return_due_on = models.DateField(_("to be sent again by"), null=True, blank=True)
    stage = models.CharField(
        _("stage"), max_length=10, choices=ReportStage, default=ReportStage.OPEN, editable=False
    )
    stage_since = models.DateTimeField(_("since"), default=now)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    summary = models.TextField(_("what was done"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_steps = models.TextField(_("what comes next"), blank=True)
    help_needed = models.TextField(_("help needed"), blank=True)
    # Only the yearly report to the association asks for these.
    people_changes = models.TextField(_("changes of the leader and the contact person"), blank=True)
    staff = models.PositiveIntegerField(_("staff for the safety work"), null=True, blank=True)
    cash = models.DecimalField(
        _("spent in the year, in yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    in_kind = models.TextField(_("contributions in kind"), blank=True)
    good_examples = models.TextField(_("good examples"), blank=True)
    first_submitted_at = models.DateTimeField(_("first sent"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="reports", verbose_name=_("evidence")
    )
    # Whoever has changed its words or files since it was last sent: others check it inside the unit.
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, editable=False, related_name="+", verbose_name=_("written by")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=now)

    objects = CountedOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a period")
        verbose_name_plural = _("reports of periods")
        ordering = ("community", "-due_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("community", "kind", "period_from"), name="period_report_once"),
            only_choices("kind", ReportKind, "period_report_kind_known"),
            only_choices("stage", ReportStage, "period_report_stage_known"),
        )
        indexes = (
            models.Index(fields=("community", "-due_on", "-id"), name="report_by_due_day"),
            models.Index(fields=("kind", "due_on", "stage"), name="report_by_kind"),
            # The first and the last year of the boards.
            models.Index(fields=("period_from",), name="report_by_period"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "kind",
                "period_from",
                "period_to",
                "due_on",
                "return_due_on",
                "stage",
                "stage_since",
                "figures",
                "summary",
                "problems",
                "next_steps",
                "help_needed",
                "people_changes",
                "staff",
                "cash",
                "in_kind",
                "good_examples",
                "first_submitted_at",
                "is_late",
                "evidence",
                "writers",
                "revision",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_from:%Y-%m}"

    @property
    def last_day(self) -> dt.date:
        """By when the community is to send it now."""
        return self.return_due_on or self.due_on


class ReportStageChange(models.Model):
    report = models.ForeignKey(
        PeriodReport, models.CASCADE, related_name="stage_changes", verbose_name=_("report")
    )
    move = models.CharField(_("step"), max_length=30)
    from_stage = models.CharField(_("from"), max_length=10, choices=ReportStage)
    to_stage = models.CharField(_("to"), max_length=10, choices=ReportStage)
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

    objects = ThroughReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        ordering = ("report", "at", "pk")

    class Privacy:
        # A remark about a matter, which the trail keeps as its reason; the forms ask for no names.
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "report", "move", "from_stage", "to_stage", "at", "by", "note"})

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d}"
