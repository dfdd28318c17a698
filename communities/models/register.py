"""Programmes, a community's entry in a programme's register, and the designations in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from communities.enums import DatePrecision, EntryEnd
from communities.models.communities import Community
from communities.querysets import OwnedQuerySet, RegisterEntryQuerySet
from core.clock import now
from core.fields import Bilingual, only_choices


class Programme(models.Model):
    """A scheme under which communities are named: international, national, provincial, municipal. All of it is data."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    title_zh = models.CharField(_("Chinese title of a named unit"), max_length=60, blank=True)
    title_en = models.CharField(_("English title of a named unit"), max_length=100, blank=True)
    level = models.PositiveSmallIntegerField(
        _("rank"), default=0, help_text=_("higher is wider: 40 international")
    )
    validity_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)
    validity_origin = models.CharField(_("origin of the rule"), max_length=200, blank=True)
    name = Bilingual("name")
    title = Bilingual("title")

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ("-level", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "code",
                "name_zh",
                "name_en",
                "title_zh",
                "title_en",
                "level",
                "validity_months",
                "validity_origin",
            }
        )

    def __str__(self) -> str:
        return str(self.name)


class RegisterEntry(models.Model):
    """One community in one programme's register: its number for life, how it was printed, and when it ends.

    ``ends_earliest`` and ``ends_latest`` are derived from the last designation by the services and stored, so that the
    status is a SQL expression. ``complete_to``: up to this day all designations of the entry are known to be recorded.
    """

    community = models.ForeignKey(
        Community, models.PROTECT, related_name="entries", verbose_name=_("community")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="entries", verbose_name=_("programme")
    )
    number = models.PositiveIntegerField(_("designation number"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("row in the list"), null=True, blank=True)
    printed = models.JSONField(_("cells as printed"), default=dict, blank=True)
    corrections = models.JSONField(_("corrections"), default=list, blank=True)
    first_year = models.PositiveSmallIntegerField(_("year of naming"), null=True, blank=True, db_index=True)
    year_inferred = models.BooleanField(_("year inferred, not printed"), default=False)
    ends_earliest = models.DateField(_("ends at the earliest"), null=True, blank=True, editable=False)
    ends_latest = models.DateField(_("ends at the latest"), null=True, blank=True, editable=False)
    complete_to = models.DateField(_("record complete up to"), null=True, blank=True)
    ended_kind = models.CharField(_("ended by"), max_length=10, choices=EntryEnd, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_basis = models.CharField(_("decision document"), max_length=200, blank=True)
    external_id = models.CharField(_("number on the certifying centre's platform"), max_length=60, blank=True)
    external_url = models.URLField(_("page on the certifying centre's platform"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    loaded = models.JSONField(_("values as last loaded"), default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now)

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        ordering = ("programme", "-number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "number"), name="designation_number_once_per_programme"
            ),
            models.UniqueConstraint(fields=("programme", "community"), name="community_once_per_programme"),
            models.CheckConstraint(
                condition=Q(ends_earliest__isnull=True, ends_latest__isnull=True)
                | Q(ends_latest__gte=F("ends_earliest")),
                name="entry_ends_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_kind="", ended_on__isnull=True)
                | (~Q(ended_kind="") & Q(ended_on__isnull=False)),
                name="entry_end_has_date",
            ),
        )
        indexes = (
            # The order of the public register; with the number it answers for late pages alone.
            models.Index(
                "programme",
                Coalesce("number", 0).desc(),
                "id",
                include=("number",),
                name="entry_newest_first",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "programme",
                "number",
                "sequence",
                "printed",
                "corrections",
                "first_year",
                "year_inferred",
                "ends_earliest",
                "ends_latest",
                "complete_to",
                "ended_kind",
                "ended_on",
                "ended_basis",
                "external_id",
                "external_url",
                "source",
                "loaded",
                "updated_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.community} {self.number or ''}".strip()


class Designation(models.Model):
    """One cycle: the naming (cycle 0) or a re-designation (1, 2 …). The date has a precision and is an interval.

    ``designated_on`` is the first day of that interval, for example 2015-01-01 with precision year.
    """

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="designations", verbose_name=_("register entry")
    )
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="designations", verbose_name=_("community")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=0)
    designated_on = models.DateField(_("date"))
    precision = models.CharField(_("precision"), max_length=6, choices=DatePrecision)
    inferred = models.BooleanField(_("inferred"), default=False)
    source = models.CharField(_("source"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ("entry", "cycle")
        constraints = (
            models.UniqueConstraint(fields=("entry", "cycle"), name="designation_cycle_once"),
            only_choices("precision", DatePrecision, "designation_precision_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "entry",
                "community",
                "cycle",
                "designated_on",
                "precision",
                "inferred",
                "source",
                "recorded_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.community} {self.date_text}"

    @property
    def date_text(self) -> str:
        """``2015``, ``2015-06`` or ``2015-06-30``: no more than is known."""
        lengths = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7, DatePrecision.DAY: 10}
        return self.designated_on.isoformat()[: lengths[DatePrecision(self.precision)]]
