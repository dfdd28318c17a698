"""What the dashboards count, kept with every write: rows that are only added, whose sum is the figure."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.fields import only_choices
from injuries.enums import Question, ScopeKind


class Scope(models.Model):
    """For whom is counted: the country, a province as the register lists it, a community."""

    kind = models.CharField(_("kind"), max_length=10, choices=ScopeKind)
    province_name = models.CharField(_("province"), max_length=40, blank=True)
    community = models.OneToOneField(
        Community,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="injury_scope",
        verbose_name=_("community"),
    )
    # The province in whose counts this community's cases stand now, so that they can follow when it moves.
    counted_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("counted in")
    )

    class Meta:
        verbose_name = _("scope of counts")
        verbose_name_plural = _("scopes of counts")
        ordering = ("pk",)
        constraints = (
            only_choices("kind", ScopeKind, "injury_scope_kind_known"),
            models.UniqueConstraint(
                fields=("kind", "province_name"),
                condition=Q(community__isnull=True),
                name="injury_scope_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=ScopeKind.COMMUNITY, community__isnull=False)
                | (~Q(kind=ScopeKind.COMMUNITY) & Q(community__isnull=True)),
                name="injury_scope_of_a_community",
            ),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "kind", "province_name", "community", "counted_in"})

    def __str__(self) -> str:
        return str(self.community or self.province_name or self.get_kind_display())


class Tally(models.Model):
    """So many cases more (or fewer, negative) in one cell of one question.

    ``first`` and ``second`` are numbers of codes, 0 for what was not given; ``month`` is the January of the year where
    a question is asked by year. ``is_fresh`` until it has been summed up with its like.
    """

    scope = models.ForeignKey(
        Scope, models.CASCADE, related_name="tallies", db_index=False, verbose_name=_("scope")
    )
    question = models.PositiveSmallIntegerField(_("question"), choices=Question)
    month = models.PositiveSmallIntegerField(_("month"))
    first = models.PositiveSmallIntegerField(_("first"))
    second = models.PositiveSmallIntegerField(_("second"))
    cases = models.IntegerField(_("cases"))
    is_fresh = models.BooleanField(_("not yet summed up"), default=True)

    class Meta:
        verbose_name = _("count of cases")
        verbose_name_plural = _("counts of cases")
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("scope", "question", "month"), name="tallies_of_a_question"),
            models.Index(fields=("scope",), condition=Q(is_fresh=True), name="tallies_to_sum_up"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "scope", "question", "month", "first", "second", "cases", "is_fresh"})

    def __str__(self) -> str:
        return f"{self.question}/{self.month}/{self.first}/{self.second}: {self.cases:+}"
