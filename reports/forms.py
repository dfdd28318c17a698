"""What staff type when they urge."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.enums import Kind
from notices.forms import WordsForm

BATCH = re.compile(r"[0-9a-f]{32}")


class UrgeForm(WordsForm):
    """Words, and what the page has shown: the batch and whom it touches."""

    with_letter = forms.BooleanField(
        label=_("The invitation letter goes along where the unit's code still works (is recorded)"),
        required=False,
    )
    with_blank_form = forms.BooleanField(label=_("The blank form as PDF goes along"), required=False)
    batch = forms.CharField(widget=forms.HiddenInput, max_length=32)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, kind=Kind.ROUND_URGED, **kwargs)

    def clean_batch(self) -> str:
        batch = str(self.cleaned_data["batch"])
        if not BATCH.fullmatch(batch):
            raise ValidationError(_("Please load the page anew."))
        return batch
