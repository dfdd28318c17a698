"""One small business or venue, its last check, and many of them pasted at once."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from projects.enums import VenueKind
from projects.forms.entries import EntryForm, KeyedForm
from projects.models import Venue

MOST_STAFF = 1_000_000
MOST_LINES = 200
LONGEST_PASTE = 40_000
# Cells of a copied table come with tabs; typed on a phone they are parted by commas of either width.
CELLS = re.compile(r"[\t,，;；]")
PASTED = ("name", "address", "person", "phone")


def _checked_day(cleaned: dict[str, Any], form: forms.Form) -> None:
    if cleaned.get("result") and not cleaned.get("checked_on") and "checked_on" not in form.errors:
        form.add_error("checked_on", ValidationError(_("Say on which day it was checked."), code="required"))


class VenueForm(KeyedForm):
    staff = forms.IntegerField(
        label=_("Staff (venue)"),
        required=False,
        min_value=0,
        max_value=MOST_STAFF,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    checked_on = DayField(label=_("Last check"), required=False)
    closed_on = DayField(label=_("Closed for good since"), required=False)

    class Meta:
        model = Venue
        fields = (
            "name",
            "kind",
            "address",
            "person",
            "phone",
            "staff",
            "checked_on",
            "result",
            "checker",
            "note",
            "closed_on",
        )
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        _checked_day(self.cleaned_data, self)
        return cleaned


class CheckForm(EntryForm):
    """What a round through the shops notes on a phone."""

    checked_on = DayField(label=_("Day of the check"))

    class Meta:
        model = Venue
        fields = ("checked_on", "result", "checker")
        widgets = {"result": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].required = True


class PasteForm(forms.Form):
    """``rows``: what was read, one mapping for each line."""

    kind = forms.ChoiceField(label=_("Kind of all of them"), choices=VenueKind)
    lines = forms.CharField(
        label=_("One venue a line"),
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Name, address, person in charge, telephone, parted by commas or copied from a table;"
            " only the name is needed"
        ),
    )

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        self.rows: list[dict[str, str]] = []
        wrong: list[ValidationError] = []
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            sentence = _("At most %(most)d lines at once.") % {"most": MOST_LINES}
            raise ValidationError(sentence, code="too_many")
        for number, line in enumerate(lines, start=1):
            cells = [cell.strip() for cell in CELLS.split(line)]
            problem = _problem(cells)
            if problem:
                named = _("Line %(number)d: %(problem)s") % {"number": number, "problem": problem}
                wrong.append(ValidationError(named, code="line"))
            else:
                self.rows.append(dict(zip(PASTED, cells, strict=False)))
        if wrong:
            raise ValidationError(wrong[:10])
        return text

    def read(self) -> list[dict[str, str]]:
        return [row | {"kind": self.cleaned_data["kind"]} for row in self.rows]


def _problem(cells: list[str]) -> Any:
    if not cells[0]:
        return _("the name is missing.")
    if len(cells) > len(PASTED):
        return _("more than four columns.")
    for name, cell in zip(PASTED, cells, strict=False):
        field = Venue._meta.get_field(name)  # noqa: SLF001 - Django's public _meta
        if isinstance(field, models.CharField) and len(cell) > (field.max_length or 0):
            return _("%(field)s is longer than %(most)d signs.") % {
                "field": field.verbose_name,
                "most": field.max_length,
            }
    return None
