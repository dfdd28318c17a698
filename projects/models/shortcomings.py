"""隐患、整改项: what was found wanting, who puts it right by when, and how it was verified; the venues it hangs on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from communities.querysets import OwnedQuerySet
from core.clock import now, today
from core.fields import only_choices
from projects.enums import (
    CheckResult,
    Element,
    ShortcomingKind,
    ShortcomingSource,
    ShortcomingStage,
    VenueKind,
)
from projects.models.activities import Activity
from projects.models.evidence import Evidence
from projects.models.organisation import Body, Organisation
from projects.querysets import ThroughShortcomingQuerySet


class Venue(models.Model):
    """小单位台账: one small business or venue of the community (S1-17, S1-20)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="venues", verbose_name=_("community")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=15, choices=VenueKind)
    address = models.CharField(_("address"), max_length=200, blank=True)
    person = models.CharField(_("person in charge"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    checked_on = models.DateField(_("last check"), null=True, blank=True)
    result = models.CharField(_("result of the check"), max_length=15, choices=CheckResult, blank=True)
    checker = models.CharField(_("checked by"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    closed_on = models.DateField(_("closed for good since"), null=True, blank=True)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("small business or venue")
        verbose_name_plural = _("small businesses and venues")
        ordering = ("community", "name", "pk")
        constraints = (
            only_choices("kind", VenueKind, "venue_kind_known"),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=CheckResult.values, checked_on__isnull=False),
                name="venue_result_of_a_check",
            ),
            models.UniqueConstraint(fields=("community", "name", "address"), name="venue_once"),
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="venue_once_per_form"
            ),
        )
        indexes = (models.Index(fields=("community", "kind", "name"), name="venue_by_kind"),)

    class Privacy:
        personal = frozenset({"person", "phone", "checker"})
        plain = frozenset(
            {
                "id",
                "community",
                "name",
                "kind",
                "address",
                "staff",
                "checked_on",
                "result",
                "note",
                "closed_on",
                "form_key",
                "revision",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.name


class Shortcoming(models.Model):
    """One hazard, shortcoming or gap, from the day it was found to the day somebody else verified its end.

    ``authority``: that of the inspection that entered it; its words and its day are not the community's to change.
    ``element``: of the twelve, for a gap against an indicator, and only for one.
    """

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="shortcomings", verbose_name=_("community")
    )
    source = models.CharField(_("found by"), max_length=12, choices=ShortcomingSource)
    authority = models.ForeignKey(
        Authority,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("entered by the authority"),
    )
    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="entered_shortcomings",
        verbose_name=_("inspection or drill"),
    )
    element = models.CharField(_("element"), max_length=15, choices=Element, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ShortcomingKind)
    venue = models.ForeignKey(
        Venue,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("small business or venue"),
    )
    description = models.TextField(_("what was found"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    found_on = models.DateField(_("found on"), default=today)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("organisation that rectifies"),
    )
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="shortcomings",
        verbose_name=_("working body that rectifies"),
    )
    post = models.CharField(_("post that answers for it"), max_length=60, blank=True)
    due_on = models.DateField(_("to be rectified by"), null=True, blank=True)
    # The day that was set first, once it has been moved.
    first_due_on = models.DateField(_("first to be rectified by"), null=True, blank=True, editable=False)
    # By the authority that entered it. Source: 成都市锦江区2014, the group for supervision and accountability.
    accountability = models.TextField(_("measures of accountability"), blank=True, default="", db_default="")
    corrective = models.TextField(_("corrective action"), blank=True)
    preventive = models.TextField(_("preventive action"), blank=True)
    rectified_on = models.DateField(_("rectified on"), null=True, blank=True)
    closed_on = models.DateField(_("verified on"), null=True, blank=True, editable=False)
    stage = models.CharField(
        _("stage"), max_length=10, choices=ShortcomingStage, default=ShortcomingStage.FOUND, editable=False
    )
    before = models.ManyToManyField(
        Evidence, blank=True, related_name="shortcomings_before", verbose_name=_("before")
    )
    after = models.ManyToManyField(
        Evidence, blank=True, related_name="shortcomings_after", verbose_name=_("after")
    )
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("recorded"), default=now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("shortcoming")
        verbose_name_plural = _("shortcomings")
        ordering = ("community", "-found_on", "-pk")
        constraints = (
            only_choices("source", ShortcomingSource, "shortcoming_source_known"),
            only_choices("kind", ShortcomingKind, "shortcoming_kind_known"),
            only_choices("stage", ShortcomingStage, "shortcoming_stage_known"),
            models.CheckConstraint(
                condition=Q(source=ShortcomingSource.INDICATOR, element__in=Element.values)
                | (~Q(source=ShortcomingSource.INDICATOR) & Q(element="")),
                name="shortcoming_element_of_a_gap",
            ),
            models.CheckConstraint(
                condition=Q(stage=ShortcomingStage.CLOSED, closed_on__isnull=False)
                | (~Q(stage=ShortcomingStage.CLOSED) & Q(closed_on__isnull=True)),
                name="shortcoming_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(rectified_on__isnull=True) | Q(rectified_on__gte=F("found_on")),
                name="shortcoming_days_in_order",
            ),
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="shortcoming_once_per_form"
            ),
        )
        indexes = (
            models.Index(fields=("community", "stage", "due_on"), name="shortcoming_by_stage"),
            models.Index(fields=("community", "-found_on", "-id"), name="shortcoming_by_day"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "source",
                "authority",
                "activity",
                "element",
                "kind",
                "venue",
                "description",
                "place",
                "found_on",
                "organisation",
                "body",
                "post",
                "due_on",
                "first_due_on",
                "accountability",
                "corrective",
                "preventive",
                "rectified_on",
                "closed_on",
                "stage",
                "before",
                "after",
                "form_key",
                "revision",
                "created_at",
                "created_by",
            }
        )

    def __str__(self) -> str:
        return Truncator(self.description).chars(40)


class ShortcomingStageChange(models.Model):
    """One move, by whom and with what was said; that its day was moved later stands among them."""

    shortcoming = models.ForeignKey(
        Shortcoming, models.CASCADE, related_name="stage_changes", verbose_name=_("shortcoming")
    )
    move = models.CharField(_("step"), max_length=30)
    from_stage = models.CharField(_("from"), max_length=10, choices=ShortcomingStage)
    to_stage = models.CharField(_("to"), max_length=10, choices=ShortcomingStage)
    at = models.DateTimeField(_("time"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("note"), blank=True)

    objects = ThroughShortcomingQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a shortcoming")
        verbose_name_plural = _("steps of shortcomings")
        ordering = ("shortcoming", "at", "pk")

    class Privacy:
        # A remark about a matter, which the trail keeps as its reason; the form asks for no names.
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "shortcoming", "move", "from_stage", "to_stage", "at", "by", "note"})

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d}"
