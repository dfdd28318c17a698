"""What is counted of a round, kept with every write, so that no page counts ten thousand rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.responses import Response
from surveys.models.rounds import Round


class GivenAnswer(models.Model):
    """One countable answer of what a unit last handed in: of several choices one row each."""

    response = models.ForeignKey(
        Response,
        models.CASCADE,
        related_name="given_answers",
        db_index=False,  # the constraint has an index that begins with it; so has ``units_by_answer`` for the round
        verbose_name=_("response"),
    )
    round = models.ForeignKey(
        Round, models.CASCADE, related_name="+", db_index=False, verbose_name=_("survey round")
    )
    concept = models.CharField(_("concept"), max_length=100)
    value = models.CharField(_("value"), max_length=60)

    class Meta:
        verbose_name = _("answer given")
        verbose_name_plural = _("answers given")
        ordering = ("response", "pk")
        constraints = (
            models.UniqueConstraint(fields=("response", "concept", "value"), name="answer_given_once"),
        )
        indexes = (models.Index(fields=("round", "concept", "value", "response"), name="units_by_answer"),)

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "response", "round", "concept", "value"})

    def __str__(self) -> str:
        return f"{self.concept}: {self.value}"


class Figure(models.Model):
    """So many units came to stand so or to have answered so, or went (a negative number).

    The sum of the rows is the figure. Rows are only added, so that nobody waits for anybody; now and then they are
    summed up. ``concept`` is that of the answer; it is empty where ``value`` is a standing of ``surveys.figures``.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="figures", verbose_name=_("survey round"))
    concept = models.CharField(_("concept"), max_length=100, blank=True)
    value = models.CharField(_("value"), max_length=60)
    units = models.IntegerField(_("units"))

    class Meta:
        verbose_name = _("number of units")
        verbose_name_plural = _("numbers of units")
        ordering = ("round", "pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "round", "concept", "value", "units"})

    def __str__(self) -> str:
        return f"{self.concept} {self.value}: {self.units:+}".strip()
