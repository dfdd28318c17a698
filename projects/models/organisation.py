"""Who works for the safety of a community: bodies, their seats, the organisations behind them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from projects.enums import Area, BodyKind, PartnerKind, SeatRole
from projects.models.evidence import Evidence
from projects.querysets import ThroughBodyQuerySet


class Organisation(models.Model):
    """A department, an enterprise, a mass organisation … that takes part; with the name of its source and today's."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="organisations", verbose_name=_("community")
    )
    name = models.CharField(_("name today"), max_length=100)
    name_in_source = models.CharField(_("name in the source"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartnerKind, default=PartnerKind.DEPARTMENT)
    duties = models.TextField(_("duties"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation taking part")
        verbose_name_plural = _("organisations taking part")
        ordering = ("community", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="organisation_once_per_form"
            ),
            models.UniqueConstraint(fields=("community", "name"), name="organisation_once"),
            only_choices("kind", PartnerKind, "organisation_kind_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "name",
                "name_in_source",
                "kind",
                "duties",
                "source",
                "position",
                "form_key",
                "revision",
            }
        )

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A leading group, an office, a functional or project group, a joint conference."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="bodies", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind)
    name = models.CharField(_("name"), max_length=100)
    duties = models.TextField(_("duties"), blank=True)
    area = models.CharField(_("area"), max_length=20, choices=Area, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    ended_on = models.DateField(_("dissolved on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("working body")
        verbose_name_plural = _("working bodies")
        ordering = ("community", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="body_once_per_form"
            ),
            models.UniqueConstraint(fields=("community", "name"), name="body_once"),
            only_choices("kind", BodyKind, "body_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(ended_on__gte=F("founded_on")),
                name="body_dates_in_order",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "kind",
                "name",
                "duties",
                "area",
                "source",
                "founded_on",
                "ended_on",
                "position",
                "form_key",
                "revision",
            }
        )

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One place in a body: an organisation, a post in it, a person, or all three. Lead and support are seats too."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="seats", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=15, choices=SeatRole)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("organisation"),
    )
    post = models.CharField(_("post (in a body)"), max_length=60, blank=True)
    person = models.CharField(_("person"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    objects = ThroughBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("body", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "form_key"), condition=~Q(form_key=""), name="seat_once_per_form"
            ),
            only_choices("role", SeatRole, "seat_role_known"),
            models.UniqueConstraint(
                fields=("body", "role", "organisation"),
                condition=Q(organisation__isnull=False, post=""),
                name="seat_once",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(post="") | ~Q(person=""), name="seat_not_empty"
            ),
        )

    class Privacy:
        personal = frozenset({"person"})
        plain = frozenset({"id", "body", "role", "organisation", "post", "position", "form_key", "revision"})

    def __str__(self) -> str:
        """Without the person: labels travel into lists, logs and the trail."""
        return f"{self.get_role_display()} {self.organisation or self.post}".strip()


class ResponsibilityLetter(models.Model):
    """目标责任书: signed and sealed each year with whoever answers for a part; the scan is kept, never drawn."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="responsibility_letters", verbose_name=_("community")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="responsibility_letters",
        verbose_name=_("organisation"),
    )
    party = models.CharField(_("signed with"), max_length=100)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="responsibility_letters", verbose_name=_("sealed scans")
    )
    created_at = models.DateTimeField(_("recorded"), default=now)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of responsibility")
        verbose_name_plural = _("letters of responsibility")
        ordering = ("community", "-year", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "form_key"),
                condition=~Q(form_key=""),
                name="responsibility_once_per_form",
            ),
            models.UniqueConstraint(fields=("community", "year", "party"), name="responsibility_once_a_year"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "year",
                "organisation",
                "party",
                "signed_on",
                "evidence",
                "created_at",
                "form_key",
                "revision",
            }
        )

    def __str__(self) -> str:
        return f"{self.year} {self.party}"
