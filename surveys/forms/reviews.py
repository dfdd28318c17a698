"""The decision of a reviewer: five ticks, remarks on marked answers, a note on the copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.enums import Decision
from surveys.questionnaires import Question

TICKS = ("signed", "sealed", "dated", "same_version", "legible")
REMARK_LENGTH, NOTE_LENGTH = 1000, 2000


class DecisionForm(forms.Form):
    """``mark-…`` and ``remark-…`` exist once for every question; a remark counts only where it is marked."""

    decision = forms.ChoiceField(choices=Decision.choices)
    copy = forms.IntegerField(required=False, widget=forms.HiddenInput)
    signed = forms.BooleanField(label=_("Signature"), required=False)
    sealed = forms.BooleanField(label=_("Seal"), required=False)
    dated = forms.BooleanField(label=_("Date"), required=False)
    same_version = forms.BooleanField(label=_("Same version"), required=False)
    legible = forms.BooleanField(label=_("Legible"), required=False)
    note = forms.CharField(
        label=_("What is wrong with the sealed copy"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question_ids = [question.id for question in questions]
        for question in questions:
            self.fields[f"mark-{question.id}"] = forms.BooleanField(label=question.full_label, required=False)
            self.fields[f"remark-{question.id}"] = forms.CharField(
                label=question.full_label,
                required=False,
                max_length=REMARK_LENGTH,
                widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
            )

    @property
    def ticks(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in TICKS}

    @property
    def remarks(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[f"remark-{name}"]
            for name in self.question_ids
            if self.cleaned_data[f"mark-{name}"]
        }
