"""One case of the card, without a name: the smallest that still tells what happened to whom where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from injuries.enums import BRANCHES, OUTCOME_DEATH, AgeBand, FollowUp
from injuries.models.datasets import DataSet, SubArea
from injuries.models.imports import Batch
from injuries.months import Month
from injuries.querysets import ThroughDataSetQuerySet


def coded(label: str) -> models.PositiveSmallIntegerField:
    """The number of a code of the list that the field is named after; empty where the card was silent."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Record(models.Model):
    """Numbers of codes as the card prints them; ``month`` is always known, the day may not be.

    ``key`` is the number that the source gave its card, so that the same card is not taken twice. It is no name.
    """

    data_set = models.ForeignKey(
        DataSet, models.CASCADE, related_name="records", db_index=False, verbose_name=_("data set")
    )
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, blank=True, related_name="records", verbose_name=_("import")
    )
    key = models.CharField(_("number of the card"), max_length=40, blank=True)
    month = models.PositiveSmallIntegerField(_("month"))
    occurred_on = models.DateField(_("day of the injury"), null=True, blank=True)
    occurred_hour = models.PositiveSmallIntegerField(_("hour of the injury"), null=True, blank=True)
    treated_on = models.DateField(_("day of the treatment"), null=True, blank=True)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    age_band = models.PositiveSmallIntegerField(_("age band"), null=True, blank=True, choices=AgeBand)
    sex = coded(_("sex"))
    household = coded(_("household registration"))
    education = coded(_("education"))
    occupation = coded(_("occupation"))
    cause = coded(_("cause"))
    place = coded(_("place of the injury"))
    activity = coded(_("activity at the time"))
    intent = coded(_("intent"))
    alcohol = coded(_("alcohol"))
    nature = coded(_("nature of the injury"))
    body_part = coded(_("part of the body"))
    body_system = coded(_("system of the body"))
    severity = coded(_("severity"))
    outcome = coded(_("outcome of the injury"))
    product_relation = coded(_("how a product was concerned"))
    traffic_means = coded(_("means of transport"))
    traffic_role = coded(_("role in traffic"))
    traffic_counterpart = coded(_("other party in traffic"))
    traffic_protection = coded(_("protection in traffic"))
    fall_type = coded(_("kind of fall"))
    fall_reason = coded(_("reason of the fall"))
    poisoning_route = coded(_("way of the poison"))
    icd10 = models.CharField(_("external cause by ICD-10"), max_length=6, blank=True)
    product = models.CharField(_("product concerned"), max_length=60, blank=True)
    sub_area = models.ForeignKey(
        SubArea,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("part"),
    )
    narrative = models.TextField(_("how it happened"), blank=True)
    follow_up = models.CharField(
        _("to be asked again"), max_length=6, choices=FollowUp, default=FollowUp.NONE
    )
    follow_up_note = models.CharField(_("what is to be asked"), max_length=200, blank=True)
    form_key = models.CharField(_("key of the sent form"), max_length=64, blank=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("recorded by"),
    )
    created_at = models.DateTimeField(_("recorded"), default=now, editable=False)

    objects = ThroughDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("injury record")
        verbose_name_plural = _("injury records")
        ordering = ("-month", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("data_set", "key"), condition=~Q(key=""), name="injury_card_once_per_data_set"
            ),
            models.UniqueConstraint(
                fields=("form_key",), condition=~Q(form_key=""), name="injury_record_once_per_form"
            ),
            only_choices("follow_up", FollowUp, "injury_follow_up_known"),
            models.CheckConstraint(
                condition=Q(occurred_hour__isnull=True) | Q(occurred_hour__lte=23),
                name="injury_hour_of_a_day",
            ),
        )
        indexes = (
            # A list of one data set turns its pages by this, newest first.
            models.Index(fields=("data_set", "month", "id"), name="injuries_by_month"),
            models.Index(
                fields=("data_set",), condition=Q(outcome=OUTCOME_DEATH), name="injuries_that_killed"
            ),
        )

    class Privacy:
        personal = frozenset(
            {
                "key",
                "occurred_on",
                "occurred_hour",
                "treated_on",
                "age",
                "sub_area",
                "narrative",
                "follow_up_note",
            }
        )
        plain = frozenset(
            {
                "id",
                "data_set",
                "batch",
                "month",
                "age_band",
                "sex",
                "household",
                "education",
                "occupation",
                "cause",
                "place",
                "activity",
                "intent",
                "alcohol",
                "nature",
                "body_part",
                "body_system",
                "severity",
                "outcome",
                "product_relation",
                "traffic_means",
                "traffic_role",
                "traffic_counterpart",
                "traffic_protection",
                "fall_type",
                "fall_reason",
                "poisoning_route",
                "icd10",
                "product",
                "follow_up",
                "form_key",
                "revision",
                "created_by",
                "created_at",
            }
        )

    def __str__(self) -> str:
        """Without anything of the person: labels travel into lists, logs and the trail."""
        return f"{Month.text(self.month)} #{self.pk}"

    @property
    def branch(self) -> tuple[str, ...]:
        """The further fields that this cause opens."""
        return BRANCHES.get(self.cause or 0, ())
