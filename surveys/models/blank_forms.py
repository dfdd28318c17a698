"""The blank official form as files that anybody may have."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.fields import only_choices
from documents.models import StoredFile
from surveys.enums import BlankFormat
from surveys.models.rounds import QuestionnaireEdition


class BlankForm(models.Model):
    """One file of a published edition. ``recipe`` counts how the files are made: an older one is made again."""

    edition = models.ForeignKey(
        QuestionnaireEdition,
        models.CASCADE,
        related_name="blank_forms",
        verbose_name=_("questionnaire edition"),
    )
    format = models.CharField(_("format"), max_length=4, choices=BlankFormat)
    recipe = models.PositiveSmallIntegerField(_("recipe"))
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    made_at = models.DateTimeField(_("made"), default=now)

    class Meta:
        verbose_name = _("blank form")
        verbose_name_plural = _("blank forms")
        ordering = ("edition", "-format")
        constraints = (
            models.UniqueConstraint(fields=("edition", "format"), name="one_blank_form_per_format"),
            only_choices("format", BlankFormat, "blank_form_format_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "edition", "format", "recipe", "stored", "made_at"})

    def __str__(self) -> str:
        return f"{self.edition} {self.format}"
