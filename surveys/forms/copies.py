"""What is printed at the foot of a page, typed by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.codes import parse_reference

MOST_PAGES = 99


class TypedPageForm(forms.Form):
    """编号, 版本 and 第 n 页 as they stand beside the lower code."""

    reference = forms.CharField(label=_("Number printed on the page"), max_length=40)
    version = forms.IntegerField(label=_("Version"), min_value=1, max_value=999)
    number = forms.IntegerField(label=_("Page"), min_value=1, max_value=MOST_PAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs.update(
            {"autocomplete": "off", "autocapitalize": "characters", "placeholder": "AQ24-0420-7KHM"}
        )
        for name in ("version", "number"):
            self.fields[name].widget.attrs.update({"inputmode": "numeric"})

    def clean_reference(self) -> str:
        reference = parse_reference(self.cleaned_data["reference"])
        if reference is None:
            raise forms.ValidationError(_("A number looks like AQ24-0420-7KHM."))
        return reference


class StaffPageForm(forms.Form):
    """Which printed page staff see in a picture."""

    number = forms.IntegerField(label=_("Page"), min_value=1, max_value=MOST_PAGES)
