"""Every stored file with its hash, and every piece of long work with its progress."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from documents.enums import FileKind, RunState
from documents.querysets import RunQuerySet


class StoredFile(models.Model):
    """A file kept exactly as it came or was made; never changed, found again by its SHA-256.

    Who may open it is decided by the record that points at it, never here.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=FileKind)
    file = models.FileField(_("file"), upload_to="%Y/%m", max_length=200)
    original_name = models.CharField(_("original name"), max_length=255, blank=True)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    created_at = models.DateTimeField(_("stored"), default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stored by"),
    )

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ("-pk",)
        constraints = (only_choices("kind", FileKind, "stored_file_kind_known"),)

    class Privacy:
        personal = frozenset({"file", "original_name"})
        plain = frozenset({"id", "kind", "content_type", "size", "sha256", "created_at", "created_by"})

    def __str__(self) -> str:
        return self.original_name or self.sha256[:12]


class Run(models.Model):
    """Long work that makes or reads files. The row is the truth; the broker is only a bell."""

    handler = models.CharField(_("work"), max_length=60)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    key = models.CharField(_("identity"), max_length=120, blank=True, db_index=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("requested by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    created_at = models.DateTimeField(_("requested"), default=now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen_at = models.DateTimeField(_("end seen"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    result = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("result")
    )
    error = models.CharField(_("error"), max_length=300, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ("-created_at", "-pk")
        constraints = (
            only_choices("state", RunState, "run_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[RunState.DONE, RunState.FAILED])
                | models.Q(finished_at__isnull=False),
                name="run_finished_has_time",
            ),
        )
        indexes = (models.Index(fields=("state", "lease_until"), name="run_queue"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "handler",
                "parameters",
                "key",
                "requested_by",
                "state",
                "done",
                "total",
                "attempts",
                "lease_until",
                "created_at",
                "started_at",
                "finished_at",
                "seen_at",
                "expires_at",
                "result",
                "error",
            }
        )

    def __str__(self) -> str:
        return f"{self.handler} {self.pk}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()
