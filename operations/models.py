"""When what must go on by itself last did so."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now


class Pulse(models.Model):
    """One row for each thing that must happen again and again; a row that grows old is an alarm."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    at = models.DateTimeField(_("time"), default=now)
    note = models.JSONField(_("note"), default=dict, blank=True)

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")
        ordering = ("name",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "name", "at", "note"})

    def __str__(self) -> str:
        return self.name
