"""The words of a kind of mail as the office wants them, instead of those that ship with the platform."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from notices.enums import Kind


class MailText(models.Model):
    """Subject line and body of one kind in one language. Greeting and signature are put around it."""

    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject line"), max_length=200)
    text = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed"), default=now)

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        ordering = ("kind", "language")
        constraints = (models.UniqueConstraint(fields=("kind", "language"), name="mail_text_once"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "kind", "language", "subject", "text", "changed_at"})

    def __str__(self) -> str:
        label = Kind(self.kind).label if self.kind in Kind else self.kind
        return f"{label} ({self.get_language_display()})"
