"""What a community does: one row a meeting, training, drill …; and what it keeps ready for an emergency."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from communities.querysets import OwnedQuerySet
from core.clock import now
from core.fields import only_choices
from projects.enums import ActivityKind, Channel, Emergency, Level, Organiser, TrainingForm
from projects.models.evidence import Evidence
from projects.models.organisation import Body, Organisation
from projects.models.projects import Project
from projects.models.teaching import PlannedTeaching
from projects.querysets import OfCommunityOrAuthorityQuerySet, ThroughActivityQuerySet


class EmergencyPlan(models.Model):
    """应急预案: for which class of emergency, since when, when last revised."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="emergency_plans", verbose_name=_("community")
    )
    name = models.CharField(_("name"), max_length=120)
    emergency = models.CharField(_("class of emergency"), max_length=10, choices=Emergency)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    revised_on = models.DateField(_("last revised"), null=True, blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="emergency_plans", verbose_name=_("documents")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency plan")
        verbose_name_plural = _("emergency plans")
        ordering = ("community", "emergency", "pk")
        constraints = (
            models.UniqueConstraint(fields=("community", "name"), name="emergency_plan_once"),
            only_choices("emergency", Emergency, "emergency_plan_class_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "name", "emergency", "issued_on", "revised_on", "evidence"})

    def __str__(self) -> str:
        return self.name


class EmergencyTeam(models.Model):
    community = models.ForeignKey(
        Community, models.CASCADE, related_name="emergency_teams", verbose_name=_("community")
    )
    name = models.CharField(_("name"), max_length=120)
    members = models.PositiveIntegerField(_("members"), null=True, blank=True)
    lead_post = models.CharField(_("post of the leader"), max_length=60, blank=True)
    phone = models.CharField(_("duty telephone"), max_length=40, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency team")
        verbose_name_plural = _("emergency teams")
        ordering = ("community", "pk")
        constraints = (models.UniqueConstraint(fields=("community", "name"), name="emergency_team_once"),)

    class Privacy:
        personal = frozenset({"phone"})
        plain = frozenset({"id", "community", "name", "members", "lead_post"})

    def __str__(self) -> str:
        return self.name


class EmergencyEquipment(models.Model):
    community = models.ForeignKey(
        Community, models.CASCADE, related_name="emergency_equipment", verbose_name=_("community")
    )
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    place = models.CharField(_("where it is kept"), max_length=120, blank=True)
    checked_on = models.DateField(_("last checked"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency equipment")
        verbose_name_plural = _("emergency equipment")
        ordering = ("community", "pk")
        constraints = (
            models.UniqueConstraint(fields=("community", "name", "place"), name="emergency_equipment_once"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "name", "quantity", "place", "checked_on"})

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One model for all kinds; a meeting fills in its agenda, a drill its scenario, the rest stays empty."""

    organiser = models.CharField(
        _("organised by"), max_length=12, choices=Organiser, default=Organiser.COMMUNITY
    )
    community = models.ForeignKey(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("community"),
    )
    authority = models.ForeignKey(
        Authority,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("authority"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind)
    title = models.CharField(_("title"), max_length=120)
    on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    six_settings = models.JSONField(_("settings"), default=list, blank=True)
    groups = models.JSONField(_("audience"), default=list, blank=True)
    people = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    # What stood there before a list of trainees was counted; it comes back when the list is emptied.
    people_typed = models.PositiveIntegerField(
        _("people reached, as typed"), null=True, blank=True, editable=False
    )
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("project"),
    )
    body = models.ForeignKey(
        Body,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("working body"),
    )
    training_form = models.CharField(
        _("form of the training"), max_length=10, choices=TrainingForm, blank=True
    )
    level = models.CharField(
        _("level of the training"), max_length=15, choices=Level, blank=True, db_default=""
    )
    trained = models.JSONField(
        _("who is trained"),
        default=list,
        blank=True,
        db_default=models.Value([], output_field=models.JSONField()),
    )
    planned = models.ForeignKey(
        PlannedTeaching,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("planned as"),
    )
    channel = models.CharField(_("channel of the publicity"), max_length=10, choices=Channel, blank=True)
    emergency = models.CharField(_("class of emergency"), max_length=10, choices=Emergency, blank=True)
    emergency_plan = models.ForeignKey(
        EmergencyPlan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="drills",
        verbose_name=_("emergency plan"),
    )
    scenario = models.TextField(_("scenario"), blank=True)
    shortcomings = models.TextField(_("shortcomings"), blank=True)
    follow_up = models.TextField(_("what follows"), blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    result = models.TextField(_("result"), blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="activities", verbose_name=_("photographs and papers")
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

    objects = OfCommunityOrAuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ("-on", "-pk")
        constraints = (
            only_choices("kind", ActivityKind, "activity_kind_known"),
            models.CheckConstraint(
                condition=Q(organiser=Organiser.COMMUNITY, community__isnull=False, authority__isnull=True)
                | Q(organiser=Organiser.AUTHORITY, community__isnull=True, authority__isnull=False)
                | Q(organiser=Organiser.ASSOCIATION, community__isnull=True, authority__isnull=True),
                name="activity_of_its_organiser",
            ),
            models.UniqueConstraint(
                fields=("community", "form_key"), condition=~Q(form_key=""), name="activity_once_per_form"
            ),
            models.UniqueConstraint(
                fields=("form_key",),
                condition=Q(community__isnull=True) & ~Q(form_key=""),
                name="activity_once_per_form_above",
            ),
        )
        indexes = (
            models.Index(fields=("community", "-on", "-id"), name="activity_by_day"),
            models.Index(fields=("community", "kind", "on"), name="activity_by_kind"),
            models.Index(fields=("authority", "kind", "on"), name="activity_by_authority"),
        )

    class Privacy:
        personal = frozenset({"minutes"})
        plain = frozenset(
            {
                "id",
                "organiser",
                "community",
                "authority",
                "kind",
                "title",
                "on",
                "place",
                "six_settings",
                "groups",
                "people",
                "people_typed",
                "project",
                "body",
                "training_form",
                "level",
                "trained",
                "planned",
                "channel",
                "emergency",
                "emergency_plan",
                "scenario",
                "shortcomings",
                "follow_up",
                "agenda",
                "result",
                "evidence",
                "form_key",
                "revision",
                "created_at",
                "created_by",
            }
        )

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """What a meeting decided, who does it by when, and when it was done."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="decisions", verbose_name=_("meeting")
    )
    text = models.TextField(_("decision"))
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.TextField(_("what became of it"), blank=True)

    objects = ThroughActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("activity", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "activity", "text", "organisation", "due_on", "done_on", "note"})

    def __str__(self) -> str:
        return self.text[:40]
