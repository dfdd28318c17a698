"""What a unit that intends to apply types at the open link. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.selectors import normalised_mobile
from communities.enums import CommunityKind
from surveys.selectors.prospects import provinces

KINDS = [(value, label) for value, label in CommunityKind.choices if value != CommunityKind.UNKNOWN]
SELECT = forms.Select(attrs={"class": "select"})


class ProspectForm(forms.Form):
    unit_name = forms.CharField(
        label=_("Name of the unit"), max_length=100, help_text=_("In full, without province and city")
    )
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=KINDS, widget=SELECT)
    province_name = forms.ChoiceField(label=_("Province or municipality"), widget=SELECT)
    city_name = forms.CharField(label=_("City or district"), max_length=60)
    person = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("A link is sent there; with it you fill in the form."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    mobile = forms.CharField(
        label=_("Mobile"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["province_name"]
        field.choices = [("", _("Choose")), *((name, name) for name in provinces())]

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"].strip()
        if typed and not normalised_mobile(typed):
            raise forms.ValidationError(_("A mobile number has eleven digits and begins with 13 to 19."))
        return normalised_mobile(typed) or ""
