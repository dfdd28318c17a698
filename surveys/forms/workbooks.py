"""A workbook comes back, and what somebody ticks of its changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.xlsx import XLSX

ACCEPT, SEEN = "accept", "seen-"


class WorkbookForm(forms.Form):
    # An empty file is refused where every other bad one is, with a sentence of its own.
    workbook = forms.FileField(label=_("Workbook filled in"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbook"].widget.attrs["accept"] = f".xlsx,{XLSX}"
        self.fields["workbook"].error_messages["required"] = _("Choose the workbook that you filled in.")


def read_accepted(sent: MultiValueDict) -> dict[str, str]:
    """Ticked questions with the token of the answer that the page showed beside each."""
    return {name: sent.get(f"{SEEN}{name}", "") for name in sent.getlist(ACCEPT)}
