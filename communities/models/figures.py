"""What lets counts be kept in memory."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now


class Touch(models.Model):
    """Something was changed that counts are kept of (``communities.figures``).

    Rows are only added, so that nobody waits for anybody; now and then one stands for all. ``token`` tells a row from
    one that had its number before and was taken back.
    """

    token = models.UUIDField(_("token"), default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"), default=now, editable=False)

    class Meta:
        verbose_name = _("change of what is counted")
        verbose_name_plural = _("changes of what is counted")
        ordering = ("pk",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "token", "at"})

    def __str__(self) -> str:
        return str(self.token)
