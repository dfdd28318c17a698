"""A community is a stable identity; its names, places, contacts and figures change around it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communities.enums import (
    CommunityKind,
    CommunityType,
    ContactRole,
    NameKind,
    NameStatus,
    PopulationBasis,
    Sex,
    Standing,
)
from communities.models.places import Authority, Region
from communities.querysets import CommunityQuerySet, OwnedQuerySet
from core.clock import now
from core.fields import Bilingual, only_choices


class Community(models.Model):
    name_zh = models.CharField(_("name shown"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    name_status = models.CharField(
        _("state of the name"), max_length=20, choices=NameStatus, default=NameStatus.AS_PRINTED
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CommunityKind, default=CommunityKind.UNKNOWN)
    type = models.CharField(_("type"), max_length=20, choices=CommunityType, default=CommunityType.UNKNOWN)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing, default=Standing.CANDIDATE)
    published = models.BooleanField(_("shown to the public"), default=False)
    province_name = models.CharField(_("province as listed"), max_length=40, blank=True, db_index=True)
    city_name = models.CharField(_("city or district as listed"), max_length=60, blank=True)
    place_at_naming = models.CharField(_("place at naming"), max_length=150, blank=True)
    place_today = models.CharField(_("place today"), max_length=150, blank=True)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communities",
        verbose_name=_("region today"),
    )
    supervisor = models.ForeignKey(
        Authority,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="communities",
        verbose_name=_("supervising authority"),
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("lies within")
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("merged into")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    search_text = models.TextField(_("text searched"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=now)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    loaded = models.JSONField(_("values as last loaded"), default=dict, blank=True, editable=False)
    name = Bilingual("name")

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ("pk",)
        constraints = (
            only_choices("kind", CommunityKind, "community_kind_known"),
            only_choices("type", CommunityType, "community_type_known"),
            only_choices("standing", Standing, "community_standing_known"),
            only_choices("name_status", NameStatus, "community_name_status_known"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="community_not_within_itself"
            ),
        )
        indexes = (
            models.Index(fields=("province_name", "city_name"), name="community_by_place"),
            # The few that the register leaves out are looked up, so that its order is that of an index.
            models.Index(fields=("id",), condition=Q(published=False), name="community_unpublished"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "name_zh",
                "name_en",
                "name_status",
                "kind",
                "type",
                "standing",
                "published",
                "province_name",
                "city_name",
                "place_at_naming",
                "place_today",
                "region",
                "supervisor",
                "parent",
                "merged_into",
                "address",
                "note",
                "search_text",
                "created_at",
                "revision",
                "loaded",
            }
        )

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def known_names(self) -> list[CommunityName]:
        """All other names; lists read them beforehand for all their rows."""
        return list(self.names.order_by("pk"))

    @property
    def listed_place(self) -> str:
        """Province and city as the list shows them, said once where both are the same."""
        return self.province_name + (self.city_name if self.city_name != self.province_name else "")

    @property
    def community_id(self) -> int | None:
        """So that the audit trail files a community under itself."""
        return self.pk


class CommunityName(models.Model):
    """Every other name of a community; the name shown stands on the community itself."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="names", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NameKind)
    name = models.CharField(_("name"), max_length=100)
    pinyin = models.CharField(_("pinyin"), max_length=300, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ("community", "pk")
        constraints = (
            models.UniqueConstraint(fields=("community", "kind", "name"), name="community_name_once"),
            only_choices("kind", NameKind, "community_name_kind_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "community", "kind", "name", "pinyin", "source"})

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """The person in charge and the contact person of a community. Personal data: masked unless permitted."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="contacts", verbose_name=_("community")
    )
    role = models.CharField(_("role"), max_length=10, choices=ContactRole)
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("office phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("changed"), default=now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("community", "role")
        constraints = (
            models.UniqueConstraint(fields=("community", "role"), name="contact_once_per_role"),
            only_choices("role", ContactRole, "contact_role_known"),
        )

    class Privacy:
        personal = frozenset({"name", "phone", "mobile", "email"})
        plain = frozenset({"id", "community", "role", "source", "updated_at"})

    def __str__(self) -> str:
        """Without the name: labels travel into lists, logs and the trail."""
        return str(self.get_role_display())


class Population(models.Model):
    """People of a community in one year, by sex and exclusive age range (years, both ends included)."""

    community = models.ForeignKey(
        Community, models.CASCADE, related_name="population", verbose_name=_("community")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    basis = models.CharField(_("basis"), max_length=12, choices=PopulationBasis)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, default=Sex.ALL)
    age_from = models.PositiveSmallIntegerField(_("age from"), default=0)
    age_to = models.PositiveSmallIntegerField(
        _("age to"), null=True, blank=True, help_text=_("empty: no upper end")
    )
    count = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("population figure")
        verbose_name_plural = _("population")
        ordering = ("community", "-year", "basis", "sex", "age_from")
        constraints = (
            models.UniqueConstraint(
                fields=("community", "year", "basis", "sex", "age_from"), name="population_cell_once"
            ),
            models.CheckConstraint(
                condition=Q(age_to__isnull=True) | Q(age_to__gte=F("age_from")),
                name="population_ages_in_order",
            ),
            only_choices("basis", PopulationBasis, "population_basis_known"),
            only_choices("sex", Sex, "population_sex_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {"id", "community", "year", "basis", "sex", "age_from", "age_to", "count", "source"}
        )

    def __str__(self) -> str:
        """Without the community: a list of them would ask for it in every row."""
        return f"{self.year} {self.get_basis_display()}"
