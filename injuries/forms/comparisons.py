"""Two spans of years to be compared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from injuries.enums import ListName
from injuries.selectors.codes import all_codes
from injuries.selectors.comparisons import Span

LONGEST = 20


class CompareForm(forms.Form):
    before_first = forms.IntegerField(label=_("before: from"), min_value=1990)
    before_last = forms.IntegerField(label=_("to"), min_value=1990)
    after_first = forms.IntegerField(label=_("after: from"), min_value=1990)
    after_last = forms.IntegerField(label=_("to"), min_value=1990)
    cause = forms.TypedChoiceField(label=_("cause"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any = None, *, suggested: tuple[Span, Span]) -> None:
        before, after = suggested
        initial = {
            "before_first": before.first,
            "before_last": before.last,
            "after_first": after.first,
            "after_last": after.last,
        }
        # The suggestion is compared at once: a page that only asks would be one step too many.
        super().__init__(initial if data is None else data, initial=initial)
        causes = [(code.number, str(code.label)) for code in all_codes().get(ListName.CAUSE, [])]
        self.fields["cause"].choices = [("", _("all causes")), *causes]  # type: ignore[attr-defined]
        for name in initial:
            self.fields[name].widget = forms.NumberInput(
                attrs={"inputmode": "numeric", "class": "input--year"}
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for side in ("before", "after"):
            first, last = values.get(f"{side}_first"), values.get(f"{side}_last")
            if first is None or last is None:
                continue
            if last < first:
                self.add_error(f"{side}_last", _("This lies before the beginning."))
            elif last > today().year:
                self.add_error(f"{side}_last", _("This year is still to come."))
            elif last == today().year:
                self.add_error(
                    f"{side}_last", _("This year is not over yet; it cannot be compared with whole ones.")
                )
            elif last - first >= LONGEST:
                self.add_error(f"{side}_last", _("Twenty years at most."))
        if not self.errors and values["after_first"] <= values["before_last"]:
            self.add_error("after_first", _("The second span begins after the first has ended."))
        return values

    @property
    def causes(self) -> list[int]:
        cause = self.cleaned_data["cause"]
        return [] if cause is None else [cause]

    @property
    def before(self) -> Span:
        return Span(self.cleaned_data["before_first"], self.cleaned_data["before_last"])

    @property
    def after(self) -> Span:
        return Span(self.cleaned_data["after_first"], self.cleaned_data["after_last"])
