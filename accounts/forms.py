"""What people type about themselves and their colleagues. Nothing is saved here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from accounts.models import Role, User
from accounts.selectors import current_grants, normalised_identifier, normalised_mobile, platform_roles

LONGEST_PASSWORD = 200


class SignInForm(forms.Form):
    identifier = forms.CharField(
        label=_("E-mail or mobile"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ForgottenPasswordForm(forms.Form):
    identifier = forms.CharField(
        label=_("E-mail or mobile"),
        max_length=254,
        help_text=_("The link goes to the e-mail address of the account."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice and measured against the validators."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 10 characters, not only digits, and none of the common ones."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password", "again")

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("The current password is not right."))
        return self.cleaned_data["current"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}
        ),
    )


class PersonForm(forms.Form):
    """Name, e-mail, mobile and language of an account, unique and in their stored form after cleaning."""

    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    mobile = forms.CharField(
        label=_("Mobile"),
        max_length=30,
        required=False,
        help_text=_("Eleven digits; may be used to sign in."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = normalised_identifier(self.cleaned_data["email"])
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(_("Another account uses this e-mail address."))
        return email

    def clean_mobile(self) -> str | None:
        mobile = _mobile(self.cleaned_data["mobile"])
        if mobile and User.objects.filter(mobile=mobile).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError(_("Another account uses this mobile number."))
        return mobile


class ProfileForm(PersonForm):
    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        required=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("Only needed to change the e-mail address or the mobile number."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever finds an open screen must not be able to take the account over."""
        cleaned = super().clean() or {}
        moves = any(
            field in cleaned and cleaned[field] != getattr(self.user, field) for field in ("email", "mobile")
        )
        if moves and not self.user.check_password(cleaned.get("current") or ""):
            self.add_error("current", _("Please type your current password to change these."))
        return cleaned


class StaffUserForm(forms.ModelForm):
    """The account as staff see it in the admin: the person, and the platform-wide roles."""

    roles = forms.ModelMultipleChoiceField(
        label=_("roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Roles that hold everywhere. Members of communities are kept with the community."),
    )
    mobile = forms.CharField(label=_("mobile"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "email", "mobile", "language", "is_staff")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            self.fields["roles"].queryset = platform_roles()
            if self.instance.pk:
                held = current_grants(self.instance).values("role")
                self.fields["roles"].initial = platform_roles().filter(pk__in=held)

    def clean_email(self) -> str:
        return normalised_identifier(self.cleaned_data["email"])

    def clean_mobile(self) -> str | None:
        return _mobile(self.cleaned_data["mobile"])


def _mobile(typed: str | None) -> str | None:
    if not typed:
        return None
    mobile = normalised_mobile(typed)
    if not mobile:
        raise forms.ValidationError(_("This is not a mobile number of eleven digits."))
    return mobile


class RoleForm(forms.ModelForm):
    permissions = forms.MultipleChoiceField(
        label=_("permissions"),
        choices=Permission.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Role
        fields = ("name_zh", "name_en", "description_zh", "description_en", "permissions")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("description_zh", "description_en")}
