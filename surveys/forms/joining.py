"""What a new liaison types: a code, then who they are. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts.forms import LONGEST_PASSWORD
from accounts.models import User
from accounts.selectors import normalised_mobile


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Invitation code"),
        max_length=40,
        help_text=_("Small letters, blanks and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Receipts and returned answers are told to this address; you sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    mobile = forms.CharField(
        label=_("Mobile"),
        max_length=30,
        required=False,
        help_text=_("Eleven digits; may be used to sign in."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 10 characters, not only digits, and none of the common ones."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_mobile(self) -> str:
        typed = self.cleaned_data["mobile"].strip()
        if typed and not normalised_mobile(typed):
            raise forms.ValidationError(_("A mobile number has eleven digits and begins with 13 to 19."))
        return normalised_mobile(typed) or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned:
            self._check_password(cleaned)
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return cleaned

    def _check_password(self, cleaned: dict[str, Any]) -> None:
        person = User(
            email=cleaned.get("email", ""), name=cleaned.get("name", ""), mobile=cleaned.get("mobile")
        )
        try:
            password_validation.validate_password(cleaned["password"], person)
        except forms.ValidationError as error:
            self.add_error("password", error)
