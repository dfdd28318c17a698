"""One amount that came in or was spent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.models import Authority, Community
from core.clock import today
from core.forms import DayField
from projects.enums import FundDirection
from projects.forms.entries import KeyedForm, only_of
from projects.forms.evidence import ManyFilesField
from projects.models import FundEntry

LARGEST = Decimal("9999999999.99")


class FundForm(KeyedForm):
    direction = forms.ChoiceField(
        label=_("Received or spent"), choices=FundDirection, widget=forms.RadioSelect
    )
    amount = forms.DecimalField(
        label=_("Amount in yuan"),
        min_value=Decimal("0.01"),
        max_value=LARGEST,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    on = DayField(label=_("Day"))
    files = ManyFilesField(
        label=_("Scans of the voucher"), required=False, help_text=_("PDF or pictures; up to 20")
    )

    field_order = ("direction", "amount", "on", "source", "use", "purpose", "voucher", "files", "project")

    class Meta:
        model = FundEntry
        fields = ("direction", "amount", "on", "source", "use", "purpose", "voucher", "project")

    def __init__(self, *args: Any, owner: Community | Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.setdefault("on", today())
        self.fields["use"].help_text = _("Only for what was spent")
        if isinstance(owner, Community):
            only_of(self.fields["project"], owner)
        else:
            # An authority runs no projects here.
            del self.fields["project"]

    @property
    def entered(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        direction, use = self.cleaned_data.get("direction"), self.cleaned_data.get("use")
        if direction == FundDirection.OUT and not use and "use" not in self.errors:
            self.add_error("use", ValidationError(_("Say what it was spent on."), code="required"))
        if direction == FundDirection.IN and use:
            self.add_error("use", ValidationError(_("What came in has no use yet."), code="no_use"))
        return cleaned
