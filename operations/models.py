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


class RetentionPeriod(models.Model):
    """For how many days the office keeps what a rule of ``core.retention`` is about, if not the rule's own."""

    rule = models.CharField(_("rule"), max_length=40, unique=True)
    days = models.PositiveIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ("rule",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "rule", "days", "reason"})

    def __str__(self) -> str:
        return self.rule
