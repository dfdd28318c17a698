"""Field and text building blocks that several apps share; no tables."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


class Bilingual:
    """``name = Bilingual("name")`` reads name_en in English and name_zh otherwise; English falls back to Chinese."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return getattr(instance, f"{self.field}_{language}") or getattr(instance, f"{self.field}_zh")


def only_choices(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database refuses a value that is not one of the choices, whoever writes it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(choices.values)}), name=name)
