"""Entering a paper: how and when it came, its scans, and the questionnaire as plain fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from surveys.enums import Arrival
from surveys.forms.sheets import Sheet, build_sheet
from surveys.models import Answer, Response
from surveys.questionnaires import Questionnaire

FILES = 40
ON_PAPER = [(value, label) for value, label in Arrival.choices if value != Arrival.ONLINE]


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; what they are is asked by ``surveys.scans``."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise forms.ValidationError(_("Add a scan or a photograph of the paper."))
        if len(files) > FILES:
            raise forms.ValidationError(_("At most %(count)d files at once."), params={"count": FILES})
        return [super(FilesField, self).clean(one, initial) for one in files]


class PaperForm(forms.Form):
    arrival = forms.ChoiceField(label=_("How it came"), choices=ON_PAPER, widget=forms.RadioSelect)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date", "class": "input input--year"})
    )
    scans = FilesField(
        label=_("Scan or photographs of the paper"),
        help_text=_("Pictures (JPG, PNG, HEIC) or PDF, up to 30 MB each. They are kept as they are."),
        widget=SeveralFiles(attrs={"class": "input", "accept": "image/*,application/pdf", "multiple": True}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_arrival(self) -> Arrival:
        return Arrival(self.cleaned_data["arrival"])


def paper_sheet(
    response: Response,
    form: Questionnaire,
    rows: dict[str, Answer],
    *,
    sent: MultiValueDict | None = None,
    errors: Any = None,
) -> Sheet:
    """Every question as an empty or filled box: a paper confirms nothing, it says something.

    What was typed stays in the boxes when something had to be refused.
    """
    plain = {
        question: Answer(question=question, value=row.value, revision=row.revision)
        for question, row in rows.items()
    }
    # Of a returned response the paper may change everything, not only what has a remark.
    everything: dict[str, Any] = dict.fromkeys(form.by_id)
    sheet = build_sheet(response, form, plain, everything, sent=sent, errors=errors)
    if sent is not None:
        for field in sheet.fields:
            field.raw = sent.getlist(field.question.id)
    return sheet
