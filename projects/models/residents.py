"""The survey of residents behind an open link: no name, no address, no device."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from core.clock import now, today
from projects.models.diagnosis import Diagnosis
from projects.querysets import ThroughSurveyQuerySet
from surveys.models import QuestionnaireEdition


class ResidentSurvey(models.Model):
    """知晓率, 参与率, 满意度, 安全感: a questionnaire edition asked by an open link, which is no random sample."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="resident_surveys", verbose_name=_("community")
    )
    edition = models.ForeignKey(
        QuestionnaireEdition, models.PROTECT, related_name="+", verbose_name=_("questionnaire")
    )
    diagnosis = models.ForeignKey(
        Diagnosis,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="resident_surveys",
        verbose_name=_("diagnosis"),
    )
    title = models.CharField(_("title"), max_length=120)
    token = models.CharField(_("end of the open link"), max_length=32, unique=True, editable=False)
    opens_on = models.DateField(_("from"), default=today)
    closes_on = models.DateField(_("to, this day included"))
    created_at = models.DateTimeField(_("recorded"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey of residents")
        verbose_name_plural = _("surveys of residents")
        ordering = ("community", "-opens_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="resident_survey_dates_in_order"
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "edition",
                "diagnosis",
                "title",
                "token",
                "opens_on",
                "closes_on",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.opens_on <= today() <= self.closes_on


class ResidentAnswer(models.Model):
    """One form sent in. Only the day is kept, so that nobody is found again by the minute."""

    survey = models.ForeignKey(
        ResidentSurvey, models.CASCADE, related_name="answers", verbose_name=_("survey of residents")
    )
    answers = models.JSONField(_("answers"), default=dict)
    key = models.CharField(_("key of the sent form"), max_length=64)
    answered_on = models.DateField(_("day"), default=today)

    objects = ThroughSurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a resident")
        verbose_name_plural = _("answers of residents")
        ordering = ("survey", "pk")
        constraints = (
            models.UniqueConstraint(fields=("survey", "key"), name="resident_answer_once_per_form"),
        )

    class Privacy:
        # Nobody is asked who he is; a free text may tell all the same.
        personal = frozenset({"answers"})
        plain = frozenset({"id", "survey", "key", "answered_on"})

    def __str__(self) -> str:
        return f"{self.survey_id} {self.answered_on}"
