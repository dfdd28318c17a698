"""Reminders as data, and the days on which the office works although it should not, or the other way round."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from notices.enums import Unit

MOST_MAILS = 12


class ReminderPlan(models.Model):
    """When those who still owe something are reminded. ``about`` is written as ``round:3``."""

    about = models.CharField(_("about"), max_length=60, unique=True)
    unit = models.CharField(_("counted in"), max_length=6, choices=Unit, default=Unit.DAYS)
    steps = models.JSONField(
        _("steps"), default=list, help_text=_("days or months from the due date, negative before it")
    )
    escalates_from = models.SmallIntegerField(
        _("the authority is told from this step on"), null=True, blank=True
    )
    most_mails = models.PositiveSmallIntegerField(
        _("at most so many reminders to one address about one thing"), default=MOST_MAILS
    )
    is_active = models.BooleanField(_("reminders go out"), default=False)
    active_since = models.DateTimeField(_("active since"), default=now)
    origin = models.CharField(_("origin of the steps"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reminder plan")
        verbose_name_plural = _("reminder plans")
        ordering = ("pk",)
        constraints = (only_choices("unit", Unit, "reminder_plan_unit_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "about",
                "unit",
                "steps",
                "escalates_from",
                "most_mails",
                "is_active",
                "active_since",
                "origin",
            }
        )

    def __str__(self) -> str:
        return self.about


class CalendarException(models.Model):
    """One day that counts otherwise than the State Council's notice says, or than no notice says yet."""

    day = models.DateField(_("day"), unique=True)
    works = models.BooleanField(_("working day"), default=False)
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("day of the working calendar")
        verbose_name_plural = _("days of the working calendar")
        ordering = ("-day",)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "day", "works", "note"})

    def __str__(self) -> str:
        return self.day.isoformat()
