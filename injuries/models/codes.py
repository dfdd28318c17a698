"""Code lists and families as data: numbers are fixed, words may be changed, each keeps its source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import Bilingual, only_choices
from injuries.enums import ListName


class Code(models.Model):
    """One line of a list of the card. The number never changes; records hold it."""

    list = models.CharField(_("list"), max_length=24, choices=ListName)
    number = models.PositiveSmallIntegerField(_("number"))
    label_zh = models.CharField(_("Chinese words"), max_length=60)
    label_en = models.CharField(_("English words"), max_length=100, blank=True)
    # 10th revision, chapter XX or XIX, as ranges: "W00-W19 X80 Y01"; for mapping only.
    icd10 = models.CharField(_("ranges of ICD-10"), max_length=120, blank=True)
    international = models.CharField(_("class of WHO"), max_length=60, blank=True)
    is_used = models.BooleanField(_("offered"), default=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    label = Bilingual("label")

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ("list", "number")
        constraints = (
            models.UniqueConstraint(fields=("list", "number"), name="injury_code_once"),
            only_choices("list", ListName, "injury_code_list_known"),
        )

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset(
            {
                "id",
                "list",
                "number",
                "label_zh",
                "label_en",
                "icd10",
                "international",
                "is_used",
                "source",
            }
        )

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Family(models.Model):
    """One of the families of accident and injury records; which there are may be changed.

    Source: 渝办发〔2010〕93号 asks for twelve and names four; the others are taken from the areas of AQ/T 9001-2006.
    """

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    code = models.SlugField(_("code"), max_length=20, unique=True)
    label_zh = models.CharField(_("Chinese words"), max_length=40)
    label_en = models.CharField(_("English words"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_used = models.BooleanField(_("offered"), default=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    label = Bilingual("label")

    class Meta:
        verbose_name = _("family of records")
        verbose_name_plural = _("families of records")
        ordering = ("position", "number")

    class Privacy:
        personal: frozenset[str] = frozenset()
        plain = frozenset({"id", "number", "code", "label_zh", "label_en", "position", "is_used", "source"})

    def __str__(self) -> str:
        return str(self.label)
