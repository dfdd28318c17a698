"""The grid of a year's population."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.enums import PopulationBasis, Sex
from core.clock import today
from core.xlsx import XLSX
from injuries.selectors.population import FIRST_YEAR, MOST_PEOPLE, SPANS, Cell, Grid, cell_name, span_label


class PeopleForm(forms.Form):
    """A cell is empty where nothing is known. The name of a cell says whom it counts: ``male-15-24``."""

    year = forms.IntegerField(
        label=_("year"),
        min_value=FIRST_YEAR,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--year"}),
    )
    basis = forms.ChoiceField(
        label=_("basis"), choices=PopulationBasis.choices, initial=PopulationBasis.RESIDENT
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    source = forms.CharField(label=_("source"), max_length=200, help_text=_("As: yearbook of the district."))

    def __init__(self, data: Any = None, *, known: Grid) -> None:
        told = {"year": known.year, "basis": known.basis, "source": known.source, "seen": known.version}
        super().__init__(
            data, initial={**told, **{cell_name(*cell): count for cell, count in known.cells.items()}}
        )
        for sex in Sex.values:
            for first, last in SPANS:
                self.fields[cell_name(sex, first, last)] = forms.IntegerField(
                    label=f"{Sex(sex).label} {span_label(first, last)}",
                    required=False,
                    min_value=0,
                    max_value=MOST_PEOPLE,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > today().year:
            raise forms.ValidationError(_("This year is still to come."), code="future")
        return year

    @property
    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """A line for each range, a column for each sex."""
        return [
            (span_label(first, last), [self[cell_name(sex, first, last)] for sex in Sex.values])
            for first, last in SPANS
        ]

    @property
    def heads(self) -> list[Any]:
        return [Sex(sex).label for sex in Sex.values]

    @property
    def cells(self) -> dict[Cell, int]:
        given = {
            (sex, *span): self.cleaned_data.get(cell_name(sex, *span)) for sex in Sex.values for span in SPANS
        }
        return {cell: count for cell, count in given.items() if count is not None}


class PeopleWorkbookForm(forms.Form):
    # An empty file is refused where every other bad one is, with a sentence of its own.
    workbook = forms.FileField(label=_("Workbook filled in"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workbook"].widget.attrs["accept"] = f".xlsx,{XLSX}"
        self.fields["workbook"].error_messages["required"] = _("Choose the workbook that you filled in.")
