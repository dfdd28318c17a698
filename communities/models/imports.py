"""Tables that staff bring in: what each row would do, what it did, and what stood there before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.enums import ImportKind, ImportState, RowFate
from communities.models.communities import Community
from core.clock import now
from core.fields import only_choices
from documents.models import Run, StoredFile


class ImportBatch(models.Model):
    """One table as it was uploaded, from its dry run to its undoing. The counts stay when the rows have expired.

    ``problem`` says why the whole file is not taken: ``[code, {detail: value}]``. ``overtaken``: between dry run and
    taking over somebody changed what it touches; nothing was written, and the rows were compared anew.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=ImportKind)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.READING)
    source = models.CharField(_("source"), max_length=200, blank=True)
    file = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    errors_file = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rows to be mended"),
    )
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("last work")
    )
    titles = models.JSONField(_("titles of the columns"), default=list, blank=True)
    unread = models.JSONField(_("columns not read"), default=list, blank=True)
    problem = models.JSONField(_("why it is not taken"), default=list, blank=True)
    overtaken = models.BooleanField(_("changed between dry run and taking over"), default=False)
    new_count = models.PositiveIntegerField(_("new"), default=0)
    change_count = models.PositiveIntegerField(_("changes"), default=0)
    same_count = models.PositiveIntegerField(_("as before"), default=0)
    error_count = models.PositiveIntegerField(_("to be mended"), default=0)
    created_at = models.DateTimeField(_("uploaded"), default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    applied_at = models.DateTimeField(_("imported on"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    expired_at = models.DateTimeField(_("rows deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = (
            only_choices("kind", ImportKind, "import_kind_known"),
            only_choices("state", ImportState, "import_state_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "kind",
                "state",
                "source",
                "file",
                "errors_file",
                "run",
                "titles",
                "unread",
                "problem",
                "overtaken",
                "new_count",
                "change_count",
                "same_count",
                "error_count",
                "created_at",
                "created_by",
                "applied_at",
                "applied_by",
                "undone_at",
                "expired_at",
            }
        )

    def __str__(self) -> str:
        """Without the name of the file, which may be that of a person."""
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def row_count(self) -> int:
        return self.new_count + self.change_count + self.same_count + self.error_count


class ImportRow(models.Model):
    """One row of a table, with the number that Excel shows beside it.

    ``cells``: as it came, in the order of the batch's titles. ``changes``: {column: [old, new]}, as texts.
    ``problems``: {column: [[code, {detail: value}], …]}, those of the row as a whole under "". ``before``: what undoing
    puts back. ``after``: check value of what stood there once the batch was taken over.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    fate = models.CharField(_("what it does"), max_length=8, choices=RowFate)
    community = models.ForeignKey(
        Community,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("community"),
    )
    target = models.CharField(_("what it is about"), max_length=60, blank=True)
    label = models.CharField(_("community as written"), max_length=200, blank=True)
    cells = models.JSONField(_("cells"), default=list, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    problems = models.JSONField(_("what is to be mended"), default=dict, blank=True)
    before = models.JSONField(_("as it was before"), default=dict, blank=True)
    after = models.CharField(_("check value after"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("batch", "number")
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="import_row_once"),
            only_choices("fate", RowFate, "import_row_fate_known"),
        )
        indexes = (models.Index(fields=("batch", "fate", "number"), name="import_rows_by_fate"),)

    class Privacy:
        personal = frozenset({"cells", "changes", "problems", "before"})
        plain = frozenset({"id", "batch", "number", "fate", "community", "target", "label", "after"})

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
