"""A table that came in as records: its file, how its columns were read, what became of it; undone as one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from documents.models import Run, StoredFile
from injuries.enums import BatchState
from injuries.models.datasets import DataSet
from injuries.querysets import ThroughDataSetQuerySet


class ColumnMap(models.Model):
    """How the columns of one source are read, remembered for its next table: ``{"伤害原因": "cause"}``."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="injury_column_maps", verbose_name=_("community")
    )
    source_kind = models.CharField(_("source"), max_length=20)
    source_name = models.CharField(_("name of the source"), max_length=100, blank=True)
    columns = models.JSONField(_("columns"), default=dict)
    changed_at = models.DateTimeField(_("changed"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of columns")
        verbose_name_plural = _("readings of columns")
        ordering = ("community", "source_kind", "source_name")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "source_kind", "source_name"), name="column_map_once_per_source"
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "source_kind", "source_name", "columns", "changed_at"})

    def __str__(self) -> str:
        return self.source_name or self.source_kind


class Batch(models.Model):
    """All rows of a table are taken, or none; what was taken can be taken back as one.

    ``columns``: an ``importers.columns.Reading`` as JSON. ``report``: the first findings and how many there are of
    each kind, and why the table as a whole is not read. ``prepared``: the rows as they will be stored, without what
    is not taken.
    """

    data_set = models.ForeignKey(DataSet, models.CASCADE, related_name="batches", verbose_name=_("data set"))
    # Gone as soon as its rows are taken, or some days after the upload: it holds what nobody needs any more.
    file = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    prepared = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rows to be taken"),
    )
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("last work")
    )
    errors_file = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("marked table")
    )
    columns = models.JSONField(_("columns"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    faults = models.PositiveIntegerField(_("rows with faults"), default=0)
    warnings = models.PositiveIntegerField(_("rows with doubts"), default=0)
    report = models.JSONField(_("what was found"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), default=now)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)

    objects = ThroughDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of records")
        verbose_name_plural = _("imports of records")
        ordering = ("data_set", "-pk")
        constraints = (only_choices("state", BatchState, "injury_batch_state_known"),)

    class Privacy:
        personal = frozenset({"report"})
        plain = frozenset(
            {
                "id",
                "data_set",
                "file",
                "prepared",
                "run",
                "errors_file",
                "columns",
                "state",
                "rows",
                "faults",
                "warnings",
                "by",
                "created_at",
                "taken_at",
            }
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
