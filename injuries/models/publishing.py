"""Yearly tables for everybody, as they were cut: kept, never cut a second time from changed data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now


class PublishedYear(models.Model):
    """Two cuts of nearly the same data would tell the difference between them, so there is one for each year."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="published_injury_years", verbose_name=_("community")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    tables = models.JSONField(_("tables"), default=dict)
    is_shown = models.BooleanField(_("shown to the public"), default=True)
    published_at = models.DateTimeField(_("published"), default=now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("published year")
        verbose_name_plural = _("published years")
        ordering = ("community", "-year")
        constraints = (
            models.UniqueConstraint(fields=("community", "year"), name="injury_year_published_once"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "year", "tables", "is_shown", "published_at", "published_by"})

    def __str__(self) -> str:
        return f"{self.community} {self.year}"
