"""Who is there for safety, how they were judged, what they were honoured for, and who helps from outside."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from communities.querysets import OwnedQuerySet
from core.fields import only_choices
from projects.enums import AwardedTo, AwardKind, Level, WorkTime
from projects.models.evidence import Evidence
from projects.models.organisation import Body, Organisation, ResponsibilityLetter
from projects.models.projects import Project
from projects.querysets import OfCommunityOrAuthorityQuerySet


class SafetyStaff(models.Model):
    """专（兼）职安全管理人员: one person or one post, since when and until when (安政发〔2013〕8号)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="safety_staff", verbose_name=_("community")
    )
    post = models.CharField(_("post or duty"), max_length=60)
    person = models.CharField(_("person"), max_length=60, blank=True)
    work_time = models.CharField(_("full-time or part-time"), max_length=5, choices=WorkTime)
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="safety_staff",
        verbose_name=_("working body"),
    )
    training = models.CharField(_("training or qualification"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety staff")
        verbose_name_plural = _("safety staff")
        ordering = ("community", "pk")
        constraints = (
            only_choices("work_time", WorkTime, "safety_staff_time_known"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="safety_staff_days_in_order",
            ),
        )

    class Privacy:
        personal = frozenset({"person"})
        plain = frozenset({"id", "community", "post", "work_time", "body", "training", "since", "until"})

    def __str__(self) -> str:
        """Without the person: labels travel into lists, logs and the trail."""
        return self.post


class Appraisal(models.Model):
    """The yearly appraisal on what was promised in a letter of responsibility (渝办发〔2010〕93号).

    No source names grades: the result stands in the words of the rules it was made by, which ``basis`` names.
    """

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="appraisals", verbose_name=_("community")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    letter = models.ForeignKey(
        ResponsibilityLetter,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appraisals",
        verbose_name=_("letter of responsibility"),
    )
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appraisals",
        verbose_name=_("working body"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appraisals",
        verbose_name=_("organisation taking part"),
    )
    # Kept as it was read on the day: what is appraised may be removed later.
    subject = models.CharField(_("who was appraised"), max_length=120)
    result = models.CharField(_("result of the appraisal"), max_length=60)
    basis = models.CharField(_("by which rules"), max_length=200)
    on = models.DateField(_("appraised on"))
    remark = models.TextField(_("remark on the appraisal"), blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly appraisal")
        verbose_name_plural = _("yearly appraisals")
        ordering = ("community", "-year", "pk")

    class Privacy:
        personal = frozenset({"remark"})
        plain = frozenset(
            {
                "id",
                "community",
                "year",
                "letter",
                "body",
                "organisation",
                "subject",
                "result",
                "basis",
                "on",
            }
        )

    def __str__(self) -> str:
        return f"{self.year} {self.subject}"


class Award(models.Model):
    """An award or a related honour of the community or of a person of it."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="awards", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AwardKind, default=AwardKind.AWARD)
    title = models.CharField(_("name of the award"), max_length=120)
    level = models.CharField(_("level"), max_length=15, choices=Level)
    year = models.PositiveSmallIntegerField(_("year"))
    given_to = models.CharField(_("given to"), max_length=10, choices=AwardedTo, default=AwardedTo.COMMUNITY)
    person = models.CharField(_("role or name"), max_length=60, blank=True)
    given_by = models.CharField(_("given by"), max_length=120, blank=True)
    basis = models.CharField(_("basis of the award"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount in yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="awards", verbose_name=_("documents")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("award or honour")
        verbose_name_plural = _("awards and honours")
        ordering = ("community", "-year", "pk")
        constraints = (
            only_choices("kind", AwardKind, "award_kind_known"),
            only_choices("level", Level, "award_level_known"),
            only_choices("given_to", AwardedTo, "award_receiver_known"),
        )

    class Privacy:
        personal = frozenset({"person"})
        plain = frozenset(
            {
                "id",
                "community",
                "kind",
                "title",
                "level",
                "year",
                "given_to",
                "given_by",
                "basis",
                "amount",
                "evidence",
            }
        )

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class Expert(models.Model):
    """专家顾问团: one expert of a community's pool, or of the pool of the authority above (成都市锦江区 2014)."""

    community = models.ForeignKey(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name=_("community"),
    )
    authority = models.ForeignKey(
        Authority,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name=_("authority"),
    )
    field = models.CharField(_("field of work"), max_length=120)
    person = models.CharField(_("role or name"), max_length=60)
    employer = models.CharField(_("where the expert works"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfCommunityOrAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert of the pool")
        verbose_name_plural = _("pool of experts")
        ordering = ("field", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(community__isnull=False, authority__isnull=True)
                | Q(community__isnull=True, authority__isnull=False),
                name="expert_of_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="expert_days_in_order",
            ),
        )

    class Privacy:
        personal = frozenset({"person", "phone"})
        plain = frozenset({"id", "community", "authority", "field", "employer", "since", "until"})

    def __str__(self) -> str:
        """Without the person: labels travel into lists, logs and the trail."""
        return self.field


class PurchasedService(models.Model):
    """政府购买服务: what was bought from whom, for how long, for how much, and what it was worth (锦江区 2014)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="purchased_services", verbose_name=_("community")
    )
    provider = models.CharField(_("provider"), max_length=120)
    service = models.CharField(_("service"), max_length=200)
    starts_on = models.DateField(_("contract from"))
    ends_on = models.DateField(_("contract until"), null=True, blank=True)
    amount = models.DecimalField(_("amount in yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="purchased_services",
        verbose_name=_("project"),
    )
    evaluated_on = models.DateField(_("evaluated on"), null=True, blank=True)
    evaluation = models.TextField(_("evaluation of the service"), blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="purchased_services", verbose_name=_("documents")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchased service")
        verbose_name_plural = _("purchased services")
        ordering = ("community", "-starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="purchased_service_days_in_order",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "community",
                "provider",
                "service",
                "starts_on",
                "ends_on",
                "amount",
                "project",
                "evaluated_on",
                "evaluation",
                "evidence",
            }
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.service}"
