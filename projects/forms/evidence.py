"""Files for the archive and the words beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import DayField
from projects.enums import Element
from projects.models import Evidence


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field; the cleaned value is a list, empty when none came and none is needed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ManyFilesInput(attrs={"multiple": True}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            super().clean(None, initial)
            return []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class EvidenceDetailsForm(forms.ModelForm):
    happened_on = DayField(label=_("Day"))

    class Meta:
        model = Evidence
        fields = ("title", "element", "happened_on", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].help_text = _("Who gave it, or where it was taken")


class EvidenceForm(EvidenceDetailsForm):
    files = ManyFilesField(
        label=_("Files"), help_text=_("Pictures, PDF, Word, Excel, sound or film; up to 20")
    )

    field_order = ("files", "title", "element", "happened_on", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"happened_on": today, "element": Element.ARCHIVE})
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the name of each file")
