"""The one outbox. The change that wants a mail writes a row in its own transaction; a worker sends it later."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from core.masks import masked_email
from notices.enums import Channel, Kind, NoticeState
from notices.querysets import NoticeQuerySet

TEST = "test"


class Notice(models.Model):
    """One message to one address about one subject. ``subject`` is written as ``app.model:pk``."""

    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.MAIL)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    subject = models.CharField(_("about"), max_length=80)
    due_on = models.CharField(_("due date"), max_length=10, blank=True, help_text=_("YYYY-MM-DD, or empty"))
    step = models.CharField(_("step"), max_length=20, blank=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    community_id = models.BigIntegerField(_("community's number"), null=True, blank=True, db_index=True)
    context = models.JSONField(_("content"), default=dict, blank=True)
    own_subject = models.CharField(_("own subject line"), max_length=200, blank=True)
    own_text = models.TextField(
        _("own text"), blank=True, help_text=_("instead of the text of its kind; placeholders in braces")
    )
    attachments = models.JSONField(
        _("attachments"), default=list, blank=True, help_text=_("named only; made when the mail leaves")
    )
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    created_at = models.DateTimeField(_("created"), default=now)
    not_before = models.DateTimeField(_("not before"), default=now)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing notice")
        verbose_name_plural = _("outbox")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "channel", "address", "subject", "due_on", "step", "batch"),
                name="notice_at_most_once",
            ),
            only_choices("state", NoticeState, "notice_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=NoticeState.SENT) | models.Q(sent_at__isnull=False),
                name="notice_sent_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("state", "not_before"), name="notice_queue"),
            models.Index(
                fields=("recipient", "-sent_at"),
                name="notice_inbox",
                condition=models.Q(channel=Channel.SITE),
            ),
        )

    class Privacy:
        personal = frozenset({"recipient", "address", "context", "own_subject", "own_text", "last_error"})
        plain = frozenset(
            {
                "id",
                "kind",
                "channel",
                "language",
                "subject",
                "due_on",
                "step",
                "batch",
                "community_id",
                "attachments",
                "state",
                "created_at",
                "not_before",
                "lease_until",
                "attempts",
                "sent_at",
                "read_at",
            }
        )

    @property
    def is_test(self) -> bool:
        """Sent by staff to themselves: asked about nothing, and without one-time links."""
        return self.step == TEST

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind else self.kind

    def __str__(self) -> str:
        return f"{self.kind_label} → {masked_email(self.address)}"


class RefusedAddress(models.Model):
    """An address that a mail server refused for good. It goes when the address takes a mail, or when staff say so."""

    address = models.CharField(_("address"), max_length=254, unique=True)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    refused_at = models.DateTimeField(_("refused"), default=now)

    class Meta:
        verbose_name = _("refused address")
        verbose_name_plural = _("refused addresses")
        ordering = ("-refused_at", "-pk")

    class Privacy:
        personal = frozenset({"address", "answer"})
        plain = frozenset({"id", "refused_at"})

    def __str__(self) -> str:
        return masked_email(self.address)
