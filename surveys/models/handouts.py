"""A section handed out to another body: the police or the hospital fills it in without an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import now
from surveys.models.responses import Response
from surveys.querysets import ThroughResponseQuerySet


class SectionHandout(models.Model):
    """One section of one response behind a signed link. Its answers count only once the liaison accepts them."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="handouts", verbose_name=_("response")
    )
    section = models.CharField(_("section"), max_length=60)
    sent_to = models.CharField(_("sent to"), max_length=100)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    filled_by = models.CharField(_("filled in by"), max_length=100, blank=True)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    filled_at = models.DateTimeField(_("handed back"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("section handed out")
        verbose_name_plural = _("sections handed out")
        ordering = ("response", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(filled_at__isnull=False),
                name="handout_accepted_was_filled",
            ),
        )

    class Privacy:
        personal = frozenset({"sent_to", "answers", "filled_by"})
        plain = frozenset(
            {
                "id",
                "response",
                "section",
                "opened_at",
                "filled_at",
                "accepted_at",
                "accepted_by",
                "expires_at",
                "revoked_at",
                "created_at",
                "created_by",
            }
        )

    def __str__(self) -> str:
        return f"{self.response_id} {self.section}"
