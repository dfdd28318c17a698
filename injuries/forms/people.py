"""The grid of a year's population."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.enums import PopulationBasis, Sex
from communities.models import Population
from core.clock import today

WHOLE: tuple[int, int | None] = (0, None)
BANDS: tuple[tuple[int, int | None], ...] = ((0, 14), (15, 24), (25, 59), (60, 64), (65, None))


class PeopleForm(forms.Form):
    """A cell is empty where nothing is known. The name of a cell says whom it counts: ``male-15-24``."""

    year = forms.IntegerField(
        label=_("year"),
        min_value=1990,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--year"}),
    )
    basis = forms.ChoiceField(
        label=_("basis"), choices=PopulationBasis.choices, initial=PopulationBasis.RESIDENT
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    source = forms.CharField(label=_("source"), max_length=200, help_text=_("As: yearbook of the district."))

    def __init__(
        self, data: Any = None, *, rows: list[Population], year: int, basis: str, version: str
    ) -> None:
        initial: dict[str, Any] = {
            f"{row.sex}-{row.age_from}-{'' if row.age_to is None else row.age_to}": row.count for row in rows
        }
        source = next((row.source for row in rows if row.source), "")
        super().__init__(
            data, initial={"year": year, "basis": basis, "source": source, "seen": version, **initial}
        )
        for sex in Sex.values:
            for first, last in (WHOLE, *BANDS):
                name = f"{sex}-{first}-{'' if last is None else last}"
                self.fields[name] = forms.IntegerField(
                    label=f"{Sex(sex).label} {_span(first, last)}",
                    required=False,
                    min_value=0,
                    max_value=2_000_000_000,
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
            (
                _span(first, last),
                [self[f"{sex}-{first}-{'' if last is None else last}"] for sex in Sex.values],
            )
            for first, last in (WHOLE, *BANDS)
        ]

    @property
    def heads(self) -> list[Any]:
        return [Sex(sex).label for sex in Sex.values]

    @property
    def cells(self) -> dict[tuple[str, int, int | None], int]:
        found = {}
        for name, value in self.cleaned_data.items():
            parts = name.split("-")
            if len(parts) == 3 and value is not None:
                found[parts[0], int(parts[1]), int(parts[2]) if parts[2] else None] = value
        return found


def _span(first: int, last: int | None) -> str:
    if (first, last) == WHOLE:
        return str(_("all ages"))
    return f"{first}+" if last is None else f"{first}–{last}"
