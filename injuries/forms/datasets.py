"""What is said about a data set, the totals of a month, an exception, an access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from injuries.enums import (
    HEALTH_SOURCES,
    OFFERED_BANDS,
    Completeness,
    Dimension,
    Form,
    ListName,
    SourceKind,
)
from injuries.forms.fields import MonthField
from injuries.models import Code, DataSet, Family, Total
from injuries.months import Month
from injuries.selectors.outliers import Unusual

WHOLE = (Dimension.ALL, 0)  # the field that holds all cases


class DataSetForm(forms.Form):
    family = forms.ModelChoiceField(label=_("family"), queryset=Family.objects.none(), empty_label=None)
    source_kind = forms.ChoiceField(label=_("source"), choices=SourceKind.choices)
    source_name = forms.CharField(
        label=_("name of the source"), required=False, max_length=100, help_text=_("As: community hospital.")
    )
    form = forms.ChoiceField(
        label=_("kind of data"), choices=Form.choices, widget=forms.RadioSelect, initial=Form.RECORDS
    )
    first_month = MonthField(label=_("first month"))
    last_month = MonthField(label=_("last month"))
    definition = forms.CharField(
        label=_("what is counted as a case"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As: injured people at their first visit."),
    )
    completeness = forms.ChoiceField(
        label=_("completeness"), choices=Completeness.choices, initial=Completeness.UNKNOWN
    )

    def __init__(self, data: Any = None, *, data_set: DataSet | None = None, of_health: bool = False) -> None:
        """``of_health``: a health department gives the data; only its own sources are offered."""
        year = today().year
        initial: dict[str, Any] = {"first_month": Month.at(year, 1), "last_month": Month.at(year, 12)}
        if data_set is not None:
            initial = {name: getattr(data_set, name) for name in self.base_fields if name != "family"}
        super().__init__(data, initial=initial)
        self.fields["family"].queryset = Family.objects.filter(is_used=True)  # type: ignore[attr-defined]
        if of_health:
            offered = [(kind.value, kind.label) for kind in HEALTH_SOURCES]
            self.fields["source_kind"].choices = offered  # type: ignore[attr-defined]
        if data_set is not None:
            self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
            self.initial["revision"] = data_set.revision
            # What lies in it is of this family and this kind.
            del self.fields["family"], self.fields["form"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_month"), values.get("last_month")
        if first is not None and last is not None and last < first:
            self.add_error("last_month", _("This lies before the beginning."))
        elif first is not None and last is not None and last - first > 11:
            self.add_error(
                "last_month", _("A data set holds twelve months at most. Begin another for the next year.")
            )
        return values


class MoveForm(forms.Form):
    """``asked``: what is doubted before the step is made; sent once more with the same doubts it is made."""

    asked: Sequence[Any] = ()
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    doubts_seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)
    note = forms.CharField(
        label=_("What is to be changed"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def ask(self, doubts: Sequence[Unusual]) -> None:
        seen = " ".join(f"{doubt.month}={doubt.cases}" for doubt in doubts)
        if seen != self.cleaned_data["doubts_seen"]:
            self.asked = doubts
            self.data = self.data.copy()
            self.data["doubts_seen"] = seen


class ExceptionForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Who may mend"), queryset=None)
    until = forms.DateField(
        label=_("until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, data: Any = None, *, members: Any) -> None:
        super().__init__(data)
        self.fields["user"].queryset = members  # type: ignore[attr-defined]


class AccessForm(forms.Form):
    """Somebody of another house by the address of the account."""

    email = forms.EmailField(label=_("e-mail address of the account"))
    need = forms.CharField(label=_("what for"), max_length=200)
    until = forms.DateField(
        label=_("until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SubAreaForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=60)

    def __init__(self, data: Any = None, *, community: Community) -> None:
        super().__init__(data)
        self.community = community

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if self.community.sub_areas.filter(name=name).exists():
            raise ValidationError(_("This part is here already."), code="double")
        return name


class TotalsForm(forms.Form):
    """All cases of a month, and as far as they are known by cause, age, severity and outcome. Empty is not zero."""

    others: list[tuple[Any, int]] = []
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2000)

    def __init__(
        self, data: Any = None, *, codes: dict[str, list[Code]], totals: list[Total], version: str
    ) -> None:
        initial = {f"{total.dimension}-{total.number}": total.cases for total in totals}
        super().__init__(data, initial={"seen": version, **initial})
        self.fields[_name(*WHOLE)] = _number(_("all cases"))
        for dimension, number, label in _cells(codes):
            self.fields[_name(dimension, number)] = _number(label)

    def look_again(self, totals: list[Total], version: str) -> None:
        """What was typed stays; sent once more it stands, now that the other's numbers stand beside it."""
        self.data = self.data.copy()
        self.data["seen"] = version
        self.others = [
            (self.fields[_name(total.dimension, total.number)].label, total.cases)
            for total in totals
            if _name(total.dimension, total.number) in self.fields
        ]

    @property
    def whole(self) -> forms.BoundField:
        return self[_name(*WHOLE)]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [
            (
                dimension.label,
                [self[name] for name in self.fields if name.startswith(f"{dimension}-")],
            )
            for dimension in (Dimension.CAUSE, Dimension.AGE, Dimension.SEVERITY, Dimension.OUTCOME)
        ]

    @property
    def cells(self) -> dict[tuple[str, int], int]:
        found = {}
        for name, value in self.cleaned_data.items():
            dimension, _dash, number = name.rpartition("-")
            if dimension and value is not None:
                found[dimension, int(number)] = value
        return found


def _cells(codes: dict[str, list[Code]]) -> list[tuple[str, int, str]]:
    lists = (
        (Dimension.CAUSE, ListName.CAUSE),
        (Dimension.SEVERITY, ListName.SEVERITY),
        (Dimension.OUTCOME, ListName.OUTCOME),
    )
    cells = [
        (str(dimension), code.number, str(code.label))
        for dimension, name in lists
        for code in codes.get(name, [])
        if code.is_used
    ]
    return cells + [(str(Dimension.AGE), int(band), str(label)) for band, label in OFFERED_BANDS]


def _name(dimension: str, number: int) -> str:
    return f"{dimension}-{number}"


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--year"}),
    )
