"""Opening a survey of residents, and its questions as a form of their own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.errors import Reason, Refused
from projects.models import Diagnosis
from surveys.answers import clean_shape
from surveys.questionnaires import NO, YES, Kind, Question, Questionnaire


class ResidentSurveyForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    opens_on = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_on = forms.DateField(
        label=_("To, this day included"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    diagnosis = forms.ModelChoiceField(
        label=_("Diagnosis"),
        queryset=Diagnosis.objects.none(),
        required=False,
        empty_label=_("none (diagnosis)"),
    )

    def __init__(self, community: Community, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"opens_on": today, "title": _("Residents on the safety of their community")}
        )
        super().__init__(*args, **kwargs)
        self.fields["diagnosis"].queryset = community.diagnoses.order_by("-began_on", "-pk")


class AnswersForm(forms.Form):
    """One field a question, in the order of the questionnaire. ``answers`` holds values as they are stored."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, questionnaire: Questionnaire, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4().hex})
        self.questionnaire = questionnaire
        self.answers: dict[str, Any] = {}
        for question in questionnaire.questions:
            self.fields[question.id] = _field(question)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questionnaire.questions:
            raw = cleaned.get(question.id)
            try:
                self.answers[question.id] = clean_shape(question, raw if raw is not None else "")
            except Refused as refused:
                self.refuse(refused.reasons)
        return cleaned

    def refuse(self, reasons: list[Reason]) -> None:
        for reason in reasons:
            self.add_error(reason.field if reason.field in self.fields else None, str(reason))


def _field(question: Question) -> forms.Field:
    shared: dict[str, Any] = {
        "label": question.label,
        "help_text": question.hint,
        # What is missing is said by the rules of the questionnaire, in their words.
        "required": False,
    }
    choices = [(choice.code, choice.label) for choice in question.choices]
    if question.kind == Kind.YES_NO:
        choices = [(YES, _("Yes")), (NO, _("No"))]
    if question.kind in {Kind.CHOICE, Kind.YES_NO}:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
    if question.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shared)
    area = forms.Textarea(attrs={"rows": 3}) if question.kind == Kind.LONG_TEXT else forms.TextInput()
    return forms.CharField(widget=area, strip=True, **shared)
