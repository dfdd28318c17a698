"""A unit that intends to apply and came by the open link; it counts once its e-mail address is confirmed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.enums import CommunityKind
from communities.models import Community
from core.clock import now
from core.fields import only_choices
from surveys.models.rounds import Round


class ProspectApplication(models.Model):
    """What somebody typed at the open link. Confirmed, it becomes a candidate community and an account."""

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="applications", verbose_name=_("survey round")
    )
    province_name = models.CharField(_("province"), max_length=40)
    city_name = models.CharField(_("city or district"), max_length=60)
    unit_name = models.CharField(_("name of the unit"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=CommunityKind, default=CommunityKind.UNKNOWN)
    person = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"))
    mobile = models.CharField(_("mobile"), max_length=11, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    # The candidate that was found first, or that was made on confirming.
    community = models.ForeignKey(
        Community,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("community"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    created_at = models.DateTimeField(_("created"), default=now)
    confirmed_at = models.DateTimeField(_("e-mail confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("application of a prospect")
        verbose_name_plural = _("applications of prospects")
        ordering = ("round", "pk")
        constraints = (only_choices("kind", CommunityKind, "prospect_kind_known"),)

    class Privacy:
        personal = frozenset({"person", "email", "mobile"})
        plain = frozenset(
            {
                "id",
                "round",
                "unit_name",
                "kind",
                "province_name",
                "city_name",
                "language",
                "community",
                "user",
                "created_at",
                "confirmed_at",
            }
        )

    def __str__(self) -> str:
        return self.unit_name
