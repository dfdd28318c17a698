"""Who may reach which community: members, posts at an authority, grants to experts and the certifying centre."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from communities.enums import MembershipState
from communities.models.communities import Community
from communities.models.places import Authority
from communities.querysets import OwnedQuerySet
from core.clock import now, today
from core.fields import only_choices


class Membership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    community = models.ForeignKey(
        Community, models.CASCADE, related_name="memberships", verbose_name=_("community")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships", verbose_name=_("role"))
    state = models.CharField(
        _("state"), max_length=12, choices=MembershipState, default=MembershipState.PROVISIONAL
    )
    since = models.DateField(_("since"), default=today)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    origin = models.CharField(_("came by"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("community", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "community"),
                condition=~Q(state=MembershipState.ENDED),
                name="membership_current_once",
            ),
            only_choices("state", MembershipState, "membership_state_known"),
            models.CheckConstraint(
                condition=~Q(state=MembershipState.ENDED) | Q(ended_on__isnull=False),
                name="membership_ended_has_date",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "user",
                "community",
                "role",
                "state",
                "since",
                "ended_on",
                "approved_by",
                "origin",
                "created_at",
            }
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.community}"


class AuthorityPost(models.Model):
    """A user's post at an authority: sees the communities of its subtree."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="authority_posts", verbose_name=_("user")
    )
    authority = models.ForeignKey(
        Authority, models.CASCADE, related_name="posts", verbose_name=_("authority")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="authority_posts", verbose_name=_("role"))
    since = models.DateField(_("since"), default=today)

    class Meta:
        verbose_name = _("post at an authority")
        verbose_name_plural = _("posts at authorities")
        ordering = ("authority", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "authority"), name="authority_post_once"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "user", "authority", "role", "since"})

    def __str__(self) -> str:
        return f"{self.user}: {self.authority}"


class AccessGrant(models.Model):
    """What an expert or the certifying centre may see: this community, in this role, until this day (included)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_grants", verbose_name=_("user")
    )
    community = models.ForeignKey(
        Community, models.CASCADE, related_name="access_grants", verbose_name=_("community")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="access_grants", verbose_name=_("role"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    created_at = models.DateTimeField(_("created"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("access grant")
        verbose_name_plural = _("access grants")
        ordering = ("community", "pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "community", "role"), name="access_granted_once"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "user", "community", "role", "until", "reason", "granted_by", "created_at"})

    def __str__(self) -> str:
        return f"{self.user}: {self.community}"
