"""Who else may look at single records, for which need and until when; and that they did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now


class RowAccess(models.Model):
    """Given by the community itself; without one nobody outside it sees a single record."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="injury_row_access", verbose_name=_("community")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="injury_row_access", verbose_name=_("user")
    )
    need = models.CharField(_("what for"), max_length=200)
    until = models.DateField(_("until"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given"), default=now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to records")
        verbose_name_plural = _("accesses to records")
        ordering = ("community", "-until", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "user", "need", "until", "given_by", "given_at", "ended_at"})

    def __str__(self) -> str:
        return f"{self.community}: {self.until}"
