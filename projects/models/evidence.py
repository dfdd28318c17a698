"""What a community shows: each file once, with its element, its source and its day; used where it is needed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from core.clock import now, today
from core.fields import only_choices
from documents.models import StoredFile
from projects.enums import Element
from projects.querysets import OfCommunityOrAuthorityQuerySet


class Evidence(models.Model):
    """A file of the archive. What uses it points at it; a file that is used is not deleted.

    An authority keeps the pictures of its own activities; with neither of the two they are the association's.
    """

    community = models.ForeignKey(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("community"),
    )
    authority = models.ForeignKey(
        Authority,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("authority"),
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    thumbnail = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("small picture")
    )
    element = models.CharField(_("element"), max_length=15, choices=Element)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=120, blank=True)
    happened_on = models.DateField(_("day"), default=today)
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
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("community", "-happened_on", "-pk")
        constraints = (
            only_choices("element", Element, "evidence_element_known"),
            models.CheckConstraint(
                condition=Q(community__isnull=True) | Q(authority__isnull=True), name="evidence_of_one_owner"
            ),
        )
        indexes = (
            models.Index(fields=("community", "-happened_on", "-id"), name="evidence_by_day"),
            models.Index(fields=("community", "element"), name="evidence_by_element"),
        )

    class Privacy:
        # Who gave it may be a person.
        personal = frozenset({"source"})
        plain = frozenset(
            {
                "id",
                "community",
                "authority",
                "file",
                "thumbnail",
                "element",
                "title",
                "happened_on",
                "created_at",
                "created_by",
            }
        )

    def __str__(self) -> str:
        return self.title
