"""Form fields that several apps share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.clock import today

FIRST_DAY = dt.date(1990, 1, 1)
# What is planned lies further ahead than what has been done: a plan runs for years.
PLANNED_AHEAD = dt.timedelta(days=3653)


class DayField(forms.DateField):
    """A day that has come; with ``planned`` also one that may lie ten years ahead."""

    def __init__(self, *, planned: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
        self.planned = planned

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < FIRST_DAY:
            raise ValidationError(_("Days before 1990 are not recorded here."), code="too_early")
        if value > today() + (PLANNED_AHEAD if self.planned else dt.timedelta(0)):
            sentence = (
                _("This day lies more than ten years ahead.")
                if self.planned
                else _("This day is still to come.")
            )
            raise ValidationError(sentence, code="too_late")
