"""What a community tells about itself, and what the media told about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.querysets import OwnedQuerySet
from projects.models.evidence import Evidence


class NewsItem(models.Model):
    """One piece of news with its pictures; everybody reads it once the community shows it."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="news", verbose_name=_("community"))
    title = models.CharField(_("title"), max_length=120)
    on = models.DateField(_("happened on"))
    text = models.TextField(_("text"))
    is_published = models.BooleanField(_("shown to the public"), default=False, editable=False)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="news", verbose_name=_("pictures"))

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("news of a community")
        verbose_name_plural = _("news of a community")
        ordering = ("community", "-on", "-pk")
        indexes = (models.Index(fields=("community", "-on", "-id"), name="news_by_day"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "title", "on", "text", "is_published", "evidence"})

    def __str__(self) -> str:
        return self.title


class MediaReport(models.Model):
    """宣传报道: in which medium, on which day, under which title, with a link or a scan (成都市锦江区 2014)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="media_reports", verbose_name=_("community")
    )
    title = models.CharField(_("title"), max_length=120)
    medium = models.CharField(_("medium"), max_length=60)
    on = models.DateField(_("reported on"))
    link = models.URLField(_("link"), max_length=500, blank=True)
    evidence = models.ManyToManyField(
        Evidence, blank=True, related_name="media_reports", verbose_name=_("scans")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("media report")
        verbose_name_plural = _("media reports")
        ordering = ("community", "-on", "-pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "title", "medium", "on", "link", "evidence"})

    def __str__(self) -> str:
        return self.title
