"""经费台账: what came in for the safety work and what it was spent on, of a community or of an authority."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from core.clock import now, today
from core.fields import only_choices
from projects.enums import FundDirection, FundSource, FundUse
from projects.models.evidence import Evidence
from projects.models.projects import Project
from projects.querysets import OfCommunityOrAuthorityQuerySet


class FundEntry(models.Model):
    """One amount (S3-21); an authority's own are its budget line (S2-11). What was spent names its use."""

    community = models.ForeignKey(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="fund_entries",
        verbose_name=_("community"),
    )
    authority = models.ForeignKey(
        Authority,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="fund_entries",
        verbose_name=_("authority"),
    )
    direction = models.CharField(_("received or spent"), max_length=3, choices=FundDirection)
    on = models.DateField(_("day"), default=today)
    amount = models.DecimalField(
        _("amount in yuan"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    source = models.CharField(_("source of the money"), max_length=12, choices=FundSource)
    use = models.CharField(_("use"), max_length=12, choices=FundUse, blank=True)
    purpose = models.CharField(_("what for"), max_length=200)
    voucher = models.CharField(_("number of the voucher"), max_length=60, blank=True)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="fund_entries",
        verbose_name=_("project"),
    )
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="fund_entries", verbose_name=_("scans of vouchers")
    )
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OfCommunityOrAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the ledger of funds")
        verbose_name_plural = _("ledger of funds")
        ordering = ("-on", "-pk")
        constraints = (
            only_choices("direction", FundDirection, "fund_direction_known"),
            only_choices("source", FundSource, "fund_source_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fund_amount_positive"),
            models.CheckConstraint(
                condition=Q(direction=FundDirection.OUT, use__in=FundUse.values)
                | Q(direction=FundDirection.IN, use=""),
                name="fund_use_of_what_was_spent",
            ),
            models.CheckConstraint(
                condition=Q(community__isnull=False, authority__isnull=True)
                | Q(community__isnull=True, authority__isnull=False, project__isnull=True),
                name="fund_of_one_owner",
            ),
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="fund_once_per_form"
            ),
            models.UniqueConstraint(
                fields=("authority", "form_key"), condition=~Q(form_key=""), name="fund_once_per_form_above"
            ),
        )
        indexes = (
            models.Index(fields=("community", "-on", "-id"), name="fund_by_day"),
            models.Index(fields=("authority", "-on", "-id"), name="fund_by_authority"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "authority",
                "direction",
                "on",
                "amount",
                "source",
                "use",
                "purpose",
                "voucher",
                "project",
                "evidence",
                "form_key",
                "revision",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.purpose
