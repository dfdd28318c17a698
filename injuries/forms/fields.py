"""Months, days and codes as people type and choose them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import FIRST_DAY
from injuries.models import Code
from injuries.months import Month


class MonthField(forms.CharField):
    """2025-03, as a browser's month picker sends it and as people type it; the number of the month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2025-03"})

    def prepare_value(self, value: Any) -> Any:
        return Month.text(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            month = Month.read(text)
        except (ValueError, OverflowError):
            raise ValidationError(_("Write the month as 2025-03."), code="month") from None
        if not Month.of(FIRST_DAY) <= month <= Month.of(today()) + 24:
            raise ValidationError(_("This month lies too far away."), code="far")
        return month


def code_field(
    label: Any, codes: list[Code], *, buttons: bool = False, **more: Any
) -> forms.TypedChoiceField:
    """One number of a list; what is no longer offered stays valid where it was chosen before."""
    choices: list[tuple[Any, str]] = [(code.number, str(code.label)) for code in codes if code.is_used]
    if not buttons:
        choices.insert(0, ("", "—"))
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect if buttons else forms.Select,
        **more,
    )
