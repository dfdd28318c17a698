"""What staff found: five ticks and a decision, remarks on questions, and differences to the register."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import Bilingual, only_choices
from surveys.enums import ChangeState, Decision, ReasonAbout
from surveys.models.copies import SealedCopy
from surveys.models.responses import Response, Submission
from surveys.querysets import ThroughResponseQuerySet


class ReturnReason(models.Model):
    """A sentence that staff choose when they return something, so that it is said alike and can be counted."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    about = models.CharField(_("about"), max_length=8, choices=ReasonAbout)
    text_zh = models.CharField(_("Chinese text"), max_length=200)
    text_en = models.CharField(_("English text"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    text = Bilingual("text")

    class Meta:
        verbose_name = _("reason for returning")
        verbose_name_plural = _("reasons for returning")
        ordering = ("about", "position", "pk")
        constraints = (only_choices("about", ReasonAbout, "return_reason_about_known"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "code", "about", "text_zh", "text_en", "position", "is_active"})

    def __str__(self) -> str:
        return str(self.text)


class Review(models.Model):
    """One look at one sealed copy. The ticks: 签字 盖章 日期 版本一致 清晰."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="reviews", verbose_name=_("response"))
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="reviews", verbose_name=_("submission")
    )
    sealed_copy = models.ForeignKey(
        SealedCopy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("sealed copy"),
    )
    signed = models.BooleanField(_("signed"), default=False)
    sealed = models.BooleanField(_("sealed"), default=False)
    dated = models.BooleanField(_("dated"), default=False)
    same_version = models.BooleanField(_("same version"), default=False)
    legible = models.BooleanField(_("legible"), default=False)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision)
    note = models.TextField(_("note"), blank=True)
    reason = models.ForeignKey(
        ReturnReason, models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name=_("reason")
    )
    # Printed pages to be sealed and uploaded again; empty: the whole copy.
    bad_pages = models.JSONField(_("pages wanted again"), default=list, blank=True)
    decided_at = models.DateTimeField(_("decided"), default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("response", "decided_at", "pk")
        constraints = (
            only_choices("decision", Decision, "review_decision_known"),
            # Without a sealed copy there is nothing to tick.
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.PROPOSED, Decision.ACCEPTED])
                | Q(sealed_copy__isnull=True)
                | Q(signed=True, sealed=True, dated=True, same_version=True, legible=True),
                name="review_accepted_has_all_ticks",
            ),
        )

    class Privacy:
        personal = frozenset({"note"})
        plain = frozenset(
            {
                "id",
                "response",
                "submission",
                "sealed_copy",
                "signed",
                "sealed",
                "dated",
                "same_version",
                "legible",
                "decision",
                "reason",
                "bad_pages",
                "decided_at",
                "decided_by",
            }
        )

    def __str__(self) -> str:
        return f"{self.submission} {self.decision}"


class Remark(models.Model):
    """Why one answer came back. Only questions with an open remark can be changed in a returned response."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="remarks", verbose_name=_("response"))
    review = models.ForeignKey(Review, models.CASCADE, related_name="remarks", verbose_name=_("review"))
    question = models.CharField(_("question"), max_length=60)
    reason = models.ForeignKey(
        ReturnReason, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name=_("reason")
    )
    text = models.TextField(_("remark"), max_length=1000)
    old_value = models.JSONField(_("answer at that time"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ("response", "pk")
        constraints = (models.UniqueConstraint(fields=("review", "question"), name="remark_once_per_review"),)

    class Privacy:
        personal = frozenset({"text", "old_value"})
        plain = frozenset({"id", "response", "review", "question", "reason", "resolved_at"})

    def __str__(self) -> str:
        return f"{self.question}: {self.text[:40]}"


class RegisterChange(models.Model):
    """A difference between an accepted answer and the register, old → new, taken over one by one."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="register_changes", verbose_name=_("response")
    )
    question = models.CharField(_("question"), max_length=60)
    field = models.CharField(_("register field"), max_length=60)
    old_value = models.JSONField(_("in the register"), null=True, blank=True)
    new_value = models.JSONField(_("in the answer"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = ThroughResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference to the register")
        verbose_name_plural = _("differences to the register")
        ordering = ("response", "pk")
        constraints = (
            models.UniqueConstraint(fields=("response", "field"), name="register_change_once_per_field"),
            only_choices("state", ChangeState, "register_change_state_known"),
            models.CheckConstraint(
                condition=Q(state=ChangeState.OPEN) | Q(decided_at__isnull=False),
                name="register_change_decided_has_time",
            ),
        )

    class Privacy:
        personal = frozenset({"old_value", "new_value"})
        plain = frozenset({"id", "response", "question", "field", "state", "decided_at", "decided_by"})

    def __str__(self) -> str:
        return f"{self.field}: {self.old_value} → {self.new_value}"
