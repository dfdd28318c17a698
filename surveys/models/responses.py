"""One unit's response: answers that change while it is written, and an unchangeable submission per version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import end_of_day, now
from core.fields import only_choices
from documents.models import StoredFile
from surveys.enums import AWAITING_DECISION, HANDED_IN, Arrival, Origin, Stage
from surveys.models.rounds import Invitation, Round
from surveys.querysets import ResponseQuerySet, ThroughResponseQuerySet


class Response(models.Model):
    """Exactly one that is not void per unit and round. ``version`` is the version being written or last handed in."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="responses", verbose_name=_("survey round"))
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="responses", verbose_name=_("community")
    )
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, related_name="responses", verbose_name=_("invitation")
    )
    reference = models.CharField(_("reference"), max_length=30, unique=True)
    stage = models.CharField(
        _("state"), max_length=16, choices=Stage, default=Stage.NOT_STARTED, editable=False
    )
    stage_since = models.DateTimeField(_("in this state since"), default=now)
    # When the unit sent what is to be looked at; it keeps its place in the queue while it is looked at.
    waiting_since = models.DateTimeField(_("waiting for the association since"), default=now)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    first_submitted_at = models.DateTimeField(_("first submitted"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    first_opened_at = models.DateTimeField(_("form first opened"), null=True, blank=True)
    return_due_on = models.DateField(
        _("returned, due on"),
        null=True,
        blank=True,
        help_text=_("until this day a returned response may be handed in again, even after closing"),
    )
    arrival = models.CharField(_("how it came"), max_length=8, choices=Arrival, default=Arrival.ONLINE)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=now)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ("round", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "community"),
                condition=~Q(stage=Stage.VOID),
                name="one_standing_response_per_unit_and_round",
            ),
            only_choices("stage", Stage, "response_stage_known"),
            only_choices("arrival", Arrival, "response_arrival_known"),
            models.CheckConstraint(
                condition=Q(arrival=Arrival.ONLINE) | Q(received_on__isnull=False),
                name="response_on_paper_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=sorted(HANDED_IN)) | Q(first_submitted_at__isnull=False),
                name="response_handed_in_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("round", "stage", "stage_since"), name="response_queue"),
            models.Index(fields=("-round", "id"), name="response_newest_round"),
            models.Index(
                fields=("waiting_since", "id"),
                condition=Q(stage__in=sorted(AWAITING_DECISION)),
                name="response_awaiting_decision",
            ),
            # What narrows the list of a round stands in the index: a late page reads no row but its own.
            models.Index(
                fields=("round", "id"),
                include=(
                    "stage",
                    "is_late",
                    "first_submitted_at",
                    "first_opened_at",
                    "invitation",
                    "community",
                ),
                condition=~Q(stage=Stage.VOID),
                name="response_listed",
            ),
            models.Index(
                fields=("round", "return_due_on"),
                condition=Q(return_due_on__isnull=False),
                name="response_return_due",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "round",
                "community",
                "invitation",
                "reference",
                "stage",
                "stage_since",
                "waiting_since",
                "version",
                "first_submitted_at",
                "is_late",
                "reviewer",
                "first_opened_at",
                "return_due_on",
                "arrival",
                "received_on",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.community}"

    @property
    def needs_sealed_copy(self) -> bool:
        return self.round.edition.needs_sealed_copy

    @property
    def is_checked_first(self) -> bool:
        """Staff read the answers before a seal is asked for, or there is no seal at all."""
        return self.round.has_precheck or not self.needs_sealed_copy

    @property
    def is_on_paper(self) -> bool:
        """Typed in by staff from a paper that came without our print: it has no codes and no printed form."""
        return self.arrival != Arrival.ONLINE

    @property
    def may_hand_in(self) -> bool:
        """While the round takes answers; what was sent back, until its own day (none set: without end)."""
        if self.round.is_taking_answers:
            return True
        if self.first_submitted_at is None:
            return False
        return self.return_due_on is None or now() < end_of_day(self.return_due_on)


class Answer(models.Model):
    """The answer to one question as it stands now. ``revision`` grows with every change: an older device is told.

    ``confirmed`` is False while a value taken from the register or the last round awaits 仍属实 or a change.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", verbose_name=_("response"))
    question = models.CharField(_("question"), max_length=60)
    value = models.JSONField(_("value"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.TYPED)
    origin_note = models.CharField(_("where it came from"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    updated_at = models.DateTimeField(_("changed"), default=now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("response", "pk")
        constraints = (
            models.UniqueConstraint(fields=("response", "question"), name="one_answer_per_question"),
            only_choices("origin", Origin, "answer_origin_known"),
        )

    class Privacy:
        personal = frozenset({"value", "origin_note"})
        plain = frozenset(
            {
                "id",
                "response",
                "question",
                "revision",
                "origin",
                "confirmed",
                "updated_at",
                "updated_by",
            }
        )

    def __str__(self) -> str:
        return f"{self.response_id} {self.question}"


class Submission(models.Model):
    """The answers of one version as handed in, their hash and their PDF; never changed, never rendered again."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="submissions", verbose_name=_("response")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    answers = models.JSONField(_("answers"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted"), default=now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submission_key = models.CharField(_("key of the submitting form"), max_length=64, blank=True)
    print_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("printed form")
    )
    print_pages = models.PositiveSmallIntegerField(_("pages"), default=0)
    page_hashes = models.JSONField(
        _("hash of what stands on each page"), default=list, blank=True, editable=False
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("response", "version")
        constraints = (
            models.UniqueConstraint(fields=("response", "version"), name="submission_once_per_version"),
        )

    class Privacy:
        personal = frozenset({"answers"})
        plain = frozenset(
            {
                "id",
                "response",
                "version",
                "content_hash",
                "submitted_at",
                "submitted_by",
                "submission_key",
                "print_file",
                "print_pages",
                "page_hashes",
            }
        )

    def __str__(self) -> str:
        return f"{self.response.reference} v{self.version}"


class StageChange(models.Model):
    """One move of a response: the timeline that the liaison and the staff read."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="stage_changes", verbose_name=_("response")
    )
    move = models.CharField(_("step"), max_length=30)
    from_stage = models.CharField(_("from"), max_length=16, choices=Stage)
    to_stage = models.CharField(_("to"), max_length=16, choices=Stage)
    version = models.PositiveSmallIntegerField(_("version"))
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

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ("response", "at", "pk")

    class Privacy:
        personal = frozenset({"note"})
        plain = frozenset({"id", "response", "move", "from_stage", "to_stage", "version", "at", "by"})

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d}"
