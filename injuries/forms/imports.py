"""A table to bring in, how its columns are read, and the reason of an export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from injuries.importers.columns import BY_FIELD, COLUMNS, OTHER, Reading
from injuries.models import Record
from injuries.selectors.imports import letter_of


class UploadForm(forms.Form):
    """The file is judged by its content, in the background."""

    # An empty file is refused where every other bad one is, with a sentence of its own.
    upload = forms.FileField(
        label=_("Table"),
        allow_empty_file=True,
        max_length=255,
        help_text=_("Excel (.xlsx or .xls), OpenDocument (.ods) or CSV, at most 40 MB and 100,000 rows"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv,.txt"
        self.fields["upload"].error_messages["required"] = _("Choose the table that is to be brought in.")


class ColumnsForm(forms.Form):
    """One choice for each column of the table that may be taken."""

    def __init__(self, data: Any = None, *, reading: Reading) -> None:
        super().__init__(data)
        choices = [(OTHER, _("not taken")), *((column.field, _title(column.field)) for column in COLUMNS)]
        for place, title in enumerate(reading.titles):
            if place in reading.refused:
                continue
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=f"{letter_of(place)}　{title}".strip(),
                choices=choices,
                required=False,
                initial=reading.fields[place],
            )

    @property
    def chosen(self) -> dict[int, str]:
        return {int(name.partition("-")[2]): field for name, field in self.cleaned_data.items()}


def _title(field: str) -> str:
    """As the card calls it, and as the pages do where that is another word."""
    name = str(Record._meta.get_field(field).verbose_name)  # noqa: SLF001 - Django's public _meta
    title = BY_FIELD[field].title
    return title if name == title else f"{title}（{name}）"


class ExportForm(forms.Form):
    reason = forms.CharField(
        label=_("What it is needed for"),
        max_length=200,
        help_text=_("It is written down with your name, the time and the number of rows."),
    )
