"""What a rehearsal of a round on made-up answers found, before anybody is asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from surveys.models.rounds import Round


class Rehearsal(models.Model):
    """``report``: the findings as ``surveys.rehearsals`` writes them; ``edition_hash`` says of which questions."""

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="rehearsals", verbose_name=_("survey round")
    )
    made_at = models.DateTimeField(_("made"), default=now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    edition_hash = models.CharField(_("hash of the questionnaire"), max_length=64)
    report = models.JSONField(_("findings"), default=dict)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ("round", "-made_at", "-pk")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "round", "made_at", "made_by", "edition_hash", "report"})

    def __str__(self) -> str:
        return f"{self.round} {self.made_at:%Y-%m-%d}"
