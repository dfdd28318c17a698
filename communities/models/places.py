"""Regions carry a code, its system and its edition; authorities form a tree of their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.enums import CodeSystem, RegionLevel
from core.fields import Bilingual, only_choices


class Region(models.Model):
    """An administrative division in one code system and edition. Abolished ones stay, with their dates.

    Source: GB/T 2260 structure; Ministry of Civil Affairs edition 2025; National Bureau of Statistics edition 2023.
    """

    code = models.CharField(_("code"), max_length=12)
    code_system = models.CharField(_("code system"), max_length=5, choices=CodeSystem)
    edition = models.CharField(_("edition"), max_length=10, help_text=_("year of the published table"))
    level = models.CharField(_("level"), max_length=12, choices=RegionLevel)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    valid_from = models.CharField(
        _("since"), max_length=10, blank=True, help_text=_("YYYY, YYYY-MM or YYYY-MM-DD")
    )
    valid_until = models.CharField(
        _("until"), max_length=10, blank=True, help_text=_("empty while it exists")
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("went into"),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    name = Bilingual("name")

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("code", "pk")
        constraints = (
            models.UniqueConstraint(fields=("code_system", "code"), name="region_code_once_per_system"),
            only_choices("level", RegionLevel, "region_level_known"),
            only_choices("code_system", CodeSystem, "region_code_system_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "code",
                "code_system",
                "edition",
                "level",
                "name_zh",
                "name_en",
                "parent",
                "valid_from",
                "valid_until",
                "successor",
                "source",
            }
        )

    def __str__(self) -> str:
        return str(self.name)

    @property
    def short_code(self) -> str:
        """350203009000 is written 350203009: the last three digits stand for the village and are none here."""
        return self.code[:9] if len(self.code) == 12 and self.code.endswith("000") else self.code


class Authority(models.Model):
    """A body that supervises communities.

    ``path`` is the chain of ids from the root, ``/1/4/``: a subtree is a prefix.
    """

    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="authorities", verbose_name=_("region")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under")
    )
    path = models.CharField(_("path"), max_length=200, blank=True, db_index=True, editable=False)
    former_names = models.CharField(_("former names"), max_length=200, blank=True)
    mailbox = models.EmailField(
        _("office mailbox"), blank=True, help_text=_("told of units that are overdue; no mailbox of a person")
    )
    name = Bilingual("name")

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ("path", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "name_zh", "name_en", "region", "parent", "path", "former_names", "mailbox"})

    def __str__(self) -> str:
        return str(self.name)
