"""What administrators type about the running of the platform. Nothing is stored here."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.retention import LONGEST, Rule


class PeriodsForm(forms.Form):
    """One number of days for each rule, and why."""

    reason = forms.CharField(label=_("Reason for the change"), max_length=200)

    def __init__(self, *args: Any, rules: list[Rule], periods: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for rule in rules:
            self.fields[rule.code] = forms.IntegerField(
                label=rule.what,
                help_text=format_lazy("{} · {}", rule.happens, rule.origin),
                min_value=rule.least,
                max_value=LONGEST,
                initial=periods[rule.code],
            )

    def periods(self) -> list[forms.BoundField]:
        return [self[rule.code] for rule in self.rules]

    def days(self) -> dict[str, int]:
        return {rule.code: self.cleaned_data[rule.code] for rule in self.rules}
