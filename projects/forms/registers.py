"""One row of a register. What all of them share is here; each says only which fields it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from projects.enums import TEACHING, ActivityKind, Age, TargetGroup
from projects.forms.entries import CodesField, YearField
from projects.forms.evidence import ManyFilesField
from projects.models import (
    Appraisal,
    Award,
    EmergencyEquipment,
    EmergencyPlan,
    EmergencyTeam,
    Expert,
    MediaReport,
    NewsItem,
    PlannedTeaching,
    PurchasedService,
    SafetyStaff,
)
from projects.selectors.registers import Owner, Register
from projects.selectors.shelves import REGISTERS
from projects.selectors.versions import version_of

MOST = 1_000_000
LONGEST_TEXT = 10_000
ROWS = 4


class RegisterForm(forms.ModelForm):
    """``register`` says which days may be to come and whether there are files; ``owner`` limits what can be chosen."""

    files_hint = _("PDF, Word or pictures")
    files_label = _("Documents")
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, register: Register, owner: Owner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        for name in list(self.fields):
            self._shape(name, owner)
        if register.has_files:
            self._take_files()
        if self.instance.pk:
            self.initial["seen"] = version_of(self.instance)

    def _shape(self, name: str, owner: Owner) -> None:
        field = self.fields[name]
        if isinstance(field, forms.DateField):
            attrs = {"type": "date"} if name in self.register.ahead else _until_today()
            field.widget = forms.DateInput(attrs=attrs, format="%Y-%m-%d")
        elif type(field) is forms.IntegerField:
            self.fields[name] = _number(field)
        elif isinstance(field, forms.DecimalField):
            field.validators.append(MinValueValidator(0))
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = field.queryset.filter(community=_community(owner))
        elif isinstance(field.widget, forms.Textarea):
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))
            field.widget.attrs |= {"rows": ROWS, "maxlength": LONGEST_TEXT}

    def _take_files(self) -> None:
        self.fields["files"] = ManyFilesField(
            label=self.files_label, required=False, help_text=self.files_hint
        )
        if self.instance.pk and self.instance.evidence.exists():
            self.fields["dropped"] = forms.ModelMultipleChoiceField(
                label=_("Take out of this entry"),
                queryset=self.instance.evidence.order_by("pk"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("The files stay in the archive"),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for first, last, sentence in self.register.in_order:
            begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
            if begin and end and end < begin:
                self.add_error(last, ValidationError(sentence, code="order"))
        return cleaned

    def begin_again(self) -> None:
        """Shown again after somebody saved in between: pressed once more it replaces what is there now."""
        self.data = self.data.copy()
        self.data["seen"] = version_of(type(self.instance)._default_manager.get(pk=self.instance.pk))  # noqa: SLF001


def _until_today() -> dict[str, str]:
    return {"type": "date", "max": today().isoformat()}


def _number(field: forms.IntegerField) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=field.label, required=field.required, min_value=0, max_value=MOST, widget=widget
    )


def _community(owner: Owner) -> Community | None:
    return owner if isinstance(owner, Community) else None


class EmergencyPlanForm(RegisterForm):
    class Meta:
        model = EmergencyPlan
        fields = REGISTERS["plans"].fields


class EmergencyTeamForm(RegisterForm):
    class Meta:
        model = EmergencyTeam
        fields = REGISTERS["teams"].fields


class EmergencyEquipmentForm(RegisterForm):
    class Meta:
        model = EmergencyEquipment
        fields = REGISTERS["equipment"].fields


class SafetyStaffForm(RegisterForm):
    class Meta:
        model = SafetyStaff
        fields = REGISTERS["staff"].fields
        help_texts = {
            "person": _("May stay empty; others see it masked"),
            "training": _("Courses, qualifications, certificates"),
            "until": _("Empty as long as it lasts"),
        }


class AppraisalForm(RegisterForm):
    year = YearField(label=_("Year"))

    class Meta:
        model = Appraisal
        fields = REGISTERS["appraisals"].fields
        help_texts = {
            "subject": _("Empty: the name of what is chosen above"),
            "result": _("In the words of the rules that you name below"),
            "basis": _("The document that sets how is appraised, and the grades it knows"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].required = False
        self.initial.setdefault("year", today().year)


class ExpertForm(RegisterForm):
    class Meta:
        model = Expert
        fields = REGISTERS["experts"].fields
        help_texts = {"until": _("Empty as long as it lasts")}


class PurchasedServiceForm(RegisterForm):
    class Meta:
        model = PurchasedService
        fields = REGISTERS["services"].fields


class NewsForm(RegisterForm):
    files_label = _("Pictures")
    files_hint = _("Show no faces of children and no numbers of cars or papers")

    class Meta:
        model = NewsItem
        fields = REGISTERS["news"].fields


class MediaReportForm(RegisterForm):
    files_label = _("Scans")
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = MediaReport
        fields = REGISTERS["media"].fields
        help_texts = {"medium": _("Newspaper, television, website …")}


class AwardForm(RegisterForm):
    year = YearField(label=_("Year"))

    class Meta:
        model = Award
        fields = REGISTERS["awards"].fields
        help_texts = {
            "person": _("Only for a person; others see it masked"),
            "basis": _("The document by which it was given"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", today().year)


def _months() -> Iterator[tuple[int, str]]:
    for number in range(1, 13):
        yield number, str(_("month %(number)d") % {"number": number})


class PlannedTeachingForm(RegisterForm):
    year = YearField(label=_("Year"), planned=True)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in ActivityKind if one in TEACHING]
    )
    month_from = forms.TypedChoiceField(label=_("From the month"), choices=_months, coerce=int)
    month_to = forms.TypedChoiceField(label=_("To the month"), choices=_months, coerce=int)
    ages = CodesField(Age, label=_("Ages"))
    groups = CodesField(TargetGroup, label=_("Audience"))

    class Meta:
        model = PlannedTeaching
        fields = REGISTERS["teaching"].fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in (
            ("year", today().year),
            ("month_from", today().month),
            ("month_to", today().month),
        ):
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, last = self.cleaned_data.get("month_from"), self.cleaned_data.get("month_to")
        if first and last and last < first:
            self.add_error("month_to", _("This lies before the beginning."))
        return cleaned


FORMS: dict[str, type[RegisterForm]] = {
    "plans": EmergencyPlanForm,
    "teams": EmergencyTeamForm,
    "equipment": EmergencyEquipmentForm,
    "staff": SafetyStaffForm,
    "appraisals": AppraisalForm,
    "experts": ExpertForm,
    "services": PurchasedServiceForm,
    "news": NewsForm,
    "media": MediaReportForm,
    "awards": AwardForm,
    "teaching": PlannedTeachingForm,
}


def form_of(register: Register) -> type[RegisterForm]:
    return FORMS[register.code]
