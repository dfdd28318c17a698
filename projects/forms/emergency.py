"""One row of a register: a plan, a team, a piece of equipment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from projects.forms.evidence import ManyFilesField
from projects.models import EmergencyEquipment, EmergencyPlan, EmergencyTeam, Evidence
from projects.selectors.emergency import Register
from projects.selectors.versions import version_of

MOST = 1_000_000


class RegisterForm(forms.ModelForm):
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                attrs = {"type": "date", "max": today().isoformat()}
                field.widget = forms.DateInput(attrs=attrs, format="%Y-%m-%d")
            if isinstance(field, forms.IntegerField):
                widget = forms.NumberInput(attrs={"inputmode": "numeric"})
                self.fields[name] = forms.IntegerField(
                    label=field.label, required=False, min_value=0, max_value=MOST, widget=widget
                )
        if self.instance.pk:
            self.initial["seen"] = version_of(self.instance)

    def begin_again(self) -> None:
        """Shown again after somebody saved in between: pressed once more it replaces what is there now."""
        self.data = self.data.copy()
        self.data["seen"] = version_of(type(self.instance)._default_manager.get(pk=self.instance.pk))  # noqa: SLF001


class EmergencyPlanForm(RegisterForm):
    files = ManyFilesField(label=_("Documents"), required=False, help_text=_("PDF, Word or pictures"))
    dropped = forms.ModelMultipleChoiceField(
        label=_("Take out of this plan"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The files stay in the archive"),
    )

    class Meta:
        model = EmergencyPlan
        fields = ("name", "emergency", "issued_on", "revised_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.evidence.exists():
            self.fields["dropped"].queryset = self.instance.evidence.order_by("pk")
        else:
            del self.fields["dropped"]


class EmergencyTeamForm(RegisterForm):
    class Meta:
        model = EmergencyTeam
        fields = ("name", "members", "lead_post", "phone")


class EmergencyEquipmentForm(RegisterForm):
    class Meta:
        model = EmergencyEquipment
        fields = ("name", "quantity", "place", "checked_on")


FORMS: dict[str, type[RegisterForm]] = {
    "plans": EmergencyPlanForm,
    "teams": EmergencyTeamForm,
    "equipment": EmergencyEquipmentForm,
}


def form_of(register: Register) -> type[RegisterForm]:
    return FORMS[register.code]
