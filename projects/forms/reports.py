"""The words of a report, its files, and what the reader says about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from core.forms import DayField
from projects.enums import ReportKind
from projects.forms.entries import NO_NAMES
from projects.forms.evidence import ManyFilesField
from projects.models import Evidence, PeriodReport, ReportRule, YearlyMinimum
from projects.selectors.reports import files_for

# After these the next goals are asked for.
YEARLY = (ReportKind.YEAR_END, ReportKind.ASSOCIATION)
MOST_WORDS = 20_000
MOST_STAFF = 99_999
SHORT = 3


class ChosenFiles(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Evidence) -> str:
        return f"{obj.title}　{format_date(obj.happened_on)}"


class ReportForm(forms.ModelForm):
    """``draft``: sentences to begin with, shown while nothing was written yet."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    evidence = ChosenFiles(
        label=_("Files of the period"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    files = ManyFilesField(label=_("More files"), required=False)
    staff = forms.IntegerField(
        label=_("Staff for the safety work"), required=False, min_value=0, max_value=MOST_STAFF
    )
    cash = forms.DecimalField(
        label=_("Spent in the year, in yuan"), required=False, min_value=0, max_digits=12, decimal_places=2
    )

    class Meta:
        model = PeriodReport
        fields = (
            "summary",
            "problems",
            "next_steps",
            "help_needed",
            "people_changes",
            "staff",
            "cash",
            "in_kind",
            "good_examples",
            "evidence",
        )

    field_order = ("revision", *Meta.fields, "files")

    def __init__(self, *args: Any, draft: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report = self.instance
        self.initial["revision"] = report.revision
        if draft and not report.summary:
            self.initial["summary"] = draft
        self.fields["evidence"].queryset = files_for(report)
        if report.kind != ReportKind.ASSOCIATION:
            for name in ("people_changes", "staff", "cash", "in_kind", "good_examples"):
                del self.fields[name]
        if report.kind in YEARLY:
            self.fields["next_steps"].label = _("Goals and plan for the next year")
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.validators.append(MaxLengthValidator(MOST_WORDS))
                field.widget.attrs["rows"] = SHORT
        self.fields["summary"].widget.attrs["rows"] = 12


class JudgementForm(forms.Form):
    DECISIONS = (("accept", _("Accept")), ("send_back", _("Send back")), ("reopen", _("Open again")))

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    again_by = DayField(label=_("To be sent again by"), required=False, planned=True)
    note = forms.CharField(
        label=_("Remark to the community"),
        help_text=NO_NAMES,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": SHORT}),
    )


class CheckForm(forms.Form):
    """What the second person of the unit says before a report leaves."""

    DECISIONS = (("confirm", _("Correct, send it")), ("give_back", _("Give it back")))

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Remark to your colleague"),
        help_text=NO_NAMES,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": SHORT}),
    )


class RuleForm(forms.ModelForm):
    months_after = forms.IntegerField(label=_("months after the period ends"), min_value=0, max_value=12)
    day = forms.IntegerField(
        label=_("day of that month"), min_value=1, max_value=31, help_text=_("31: the last day of the month")
    )

    class Meta:
        model = ReportRule
        fields = ("is_on", "months_after", "day", "source_zh", "source_en")


class MinimumForm(forms.ModelForm):
    least = forms.IntegerField(label=_("at least"), min_value=0, max_value=999)

    class Meta:
        model = YearlyMinimum
        fields = ("is_on", "least", "source_zh", "source_en")
