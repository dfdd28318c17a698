"""Whose letters, as what file, or by mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

ALL, UNOPENED = "all", "unopened"
ONE_FILE, ONE_EACH = "one", "each"


class LettersForm(forms.Form):
    units = forms.ChoiceField(
        label=_("Letters for"),
        choices=(
            (ALL, _("all units whose code still works")),
            (UNOPENED, _("only those whose letter nobody has answered")),
        ),
        initial=ALL,
        widget=forms.RadioSelect,
    )
    file = forms.ChoiceField(
        label=_("Kind of file"),
        choices=(
            (ONE_FILE, _("one PDF for printing, in the order of the list")),
            (ONE_EACH, _("one PDF for each unit, in a ZIP archive, named after place and unit")),
        ),
        initial=ONE_FILE,
        widget=forms.RadioSelect,
    )


class LetterMailsForm(forms.Form):
    """What the page has shown: the batch and whom it touches."""

    with_blank_form = forms.BooleanField(label=_("The blank form as PDF goes along"), required=False)
    batch = forms.RegexField(
        "^[0-9a-f]{32}$",
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Please load the page anew.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
