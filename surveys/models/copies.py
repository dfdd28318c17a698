"""The sealed copy: the files as they were uploaded, and the pages recognised on them. Nobody ever draws a seal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from documents.models import StoredFile
from surveys.enums import FilePurpose, PageMatch, SettledBy
from surveys.models.responses import Response, Submission
from surveys.querysets import ThroughResponseQuerySet


class SealedCopy(models.Model):
    """The signed and sealed paper of one submission. A new one is begun when the copy is returned; older ones stay."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="sealed_copies", verbose_name=_("response")
    )
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="sealed_copies", verbose_name=_("submission")
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    created_at = models.DateTimeField(_("begun"), default=now)
    sent_at = models.DateTimeField(_("sent for review"), null=True, blank=True)
    # The pages as one upright A4 document; ``stamped_key`` says from which pages it was made.
    stamped = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stamped PDF")
    )
    stamped_key = models.CharField(_("made from"), max_length=64, blank=True, editable=False)
    # Pages of earlier copies that count here too; written down when the copy is sent, computed before.
    carried_pages = models.ManyToManyField(
        "surveys.CopyPage", related_name="carried_into", blank=True, verbose_name=_("pages carried over")
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed copy")
        verbose_name_plural = _("sealed copies")
        ordering = ("submission", "number")
        constraints = (
            models.UniqueConstraint(fields=("submission", "number"), name="sealed_copy_number_once"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "response",
                "submission",
                "number",
                "created_at",
                "sent_at",
                "stamped",
                "stamped_key",
                "carried_pages",
            }
        )

    def __str__(self) -> str:
        return f"{self.submission} {self.number}"


class UploadedFile(models.Model):
    """One file of a sealed copy. Withdrawn ones are hidden, never deleted."""

    sealed_copy = models.ForeignKey(
        SealedCopy, models.CASCADE, related_name="files", verbose_name=_("sealed copy")
    )
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("stored file"))
    purpose = models.CharField(_("what it is"), max_length=8, choices=FilePurpose, default=FilePurpose.PAGES)
    uploaded_at = models.DateTimeField(_("uploaded"), default=now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ("sealed_copy", "pk")
        constraints = (only_choices("purpose", FilePurpose, "uploaded_file_purpose_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "sealed_copy",
                "stored",
                "purpose",
                "uploaded_at",
                "uploaded_by",
                "read_at",
                "error",
                "withdrawn_at",
            }
        )

    def __str__(self) -> str:
        return str(self.stored)


class CopyPage(models.Model):
    """One page seen in an uploaded file, and which printed page it is."""

    file = models.ForeignKey(
        UploadedFile, models.CASCADE, related_name="pages", verbose_name=_("uploaded file")
    )
    index = models.PositiveSmallIntegerField(_("place in the file"))
    match = models.CharField(_("result"), max_length=16, choices=PageMatch, default=PageMatch.WAITING)
    page = models.PositiveSmallIntegerField(_("printed page"), null=True, blank=True)
    # What the code says; of two pages on one picture what both say, a blank between them.
    code_read = models.CharField(_("code read"), max_length=120, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=6, choices=SettledBy, blank=True)
    rotation = models.PositiveSmallIntegerField(_("turned by degrees"), default=0)
    # Codes of ``enums.Advice``: hints for people, never a bar.
    advice = models.JSONField(_("advice"), default=list, blank=True)
    # Four points as fractions of the picture, by which it is straightened; null: as it is.
    corners = models.JSONField(_("corners of the sheet"), null=True, blank=True)
    thumbnail = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("small picture")
    )

    class Meta:
        verbose_name = _("page of a sealed copy")
        verbose_name_plural = _("pages of sealed copies")
        ordering = ("file", "index")
        constraints = (
            models.UniqueConstraint(fields=("file", "index"), name="copy_page_once"),
            only_choices("match", PageMatch, "copy_page_match_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "file",
                "index",
                "match",
                "page",
                "code_read",
                "settled_by",
                "rotation",
                "advice",
                "corners",
                "thumbnail",
            }
        )

    def __str__(self) -> str:
        return f"{self.file} {self.index}"
