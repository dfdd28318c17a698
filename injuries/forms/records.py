"""One case on a phone: what matters first, what the cause opens, the rest under "more"."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.errors import Reason
from core.forms import DayField
from injuries import icd10
from injuries.enums import BRANCH_FIELDS, BRANCHES, OFFERED_BANDS, OLDEST, FollowUp, ListName
from injuries.forms.fields import MonthField, code_field
from injuries.models import Code, Record, SubArea

FIRST = ("cause", "occurred_on", "month", "sex", "age", "age_band", "place", "severity", "outcome")
MORE = (
    "occurred_hour",
    "activity",
    "intent",
    "nature",
    "body_part",
    "body_system",
    "alcohol",
    "household",
    "education",
    "occupation",
    "product_relation",
    "product",
    "icd10",
    "treated_on",
    "sub_area",
    "key",
    "narrative",
    "follow_up",
    "follow_up_note",
)
BUTTONS = frozenset({"cause", "sex", "severity"})


class RecordForm(forms.Form):
    """``doubts_seen``: the doubts that stood on the page when it was sent again; the same are not asked twice.

    ``asked``: those that are asked now, each with the id of its field: questions, not faults.
    """

    occurred_on = DayField(label=_("day of the injury"), required=False)
    month = MonthField(label=_("or only the month"), required=False)
    age = forms.IntegerField(
        label=_("age"),
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--year"}),
        help_text=_("In whole years; 0 for a baby."),
    )
    age_band = forms.TypedChoiceField(
        label=_("or only the age band"),
        required=False,
        choices=[("", "—"), *OFFERED_BANDS],
        coerce=int,
        empty_value=None,
    )
    occurred_hour = forms.TypedChoiceField(
        label=_("hour of the injury"),
        required=False,
        choices=[("", "—"), *((hour, f"{hour}:00") for hour in range(24))],
        coerce=int,
        empty_value=None,
    )
    treated_on = DayField(label=_("day of the treatment"), required=False)
    product = forms.CharField(label=_("product concerned"), required=False, max_length=60)
    icd10 = forms.CharField(label=_("external cause by ICD-10"), required=False, max_length=6)
    sub_area = forms.ModelChoiceField(
        label=_("part of a community"), required=False, queryset=SubArea.objects.none()
    )
    key = forms.CharField(
        label=_("number of the card"),
        required=False,
        max_length=40,
        help_text=_("So that the same card is not taken twice. No name, no number of an identity card."),
    )
    narrative = forms.CharField(
        label=_("how it happened"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names, no telephone and no identity numbers."),
    )
    follow_up = forms.ChoiceField(label=_("to be asked again"), required=False, choices=FollowUp.choices)
    follow_up_note = forms.CharField(label=_("what is to be asked"), required=False, max_length=200)
    others: list[tuple[Any, str]] = []
    form_key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    doubts_seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=400)

    def __init__(
        self,
        data: Any = None,
        *,
        codes: dict[str, list[Code]],
        community: Community,
        record: Record | None = None,
    ) -> None:
        kept = (*FIRST, *MORE, *BRANCH_FIELDS, "revision")
        initial = {name: getattr(record, name) for name in kept} if record else {}
        super().__init__(data, initial={"form_key": uuid4().hex, "follow_up": FollowUp.NONE, **initial})
        for name in ListName.values:
            offered = _offered(codes.get(name, []), initial.get(name))
            self.fields[name] = code_field(ListName(name).label, offered, buttons=name in BUTTONS)
        self.fields["sub_area"].queryset = SubArea.objects.filter(community=community, is_used=True)  # type: ignore[attr-defined]
        self.fields["cause"].required = True
        self.asked: list[tuple[str, str]] = []

    def clean_icd10(self) -> str:
        return icd10.tidied(self.cleaned_data["icd10"])

    def clean_follow_up(self) -> str:
        return self.cleaned_data["follow_up"] or FollowUp.NONE

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_silent = not values.get("occurred_on") and values.get("month") is None
        if is_silent and not {"month", "occurred_on"} & set(self.errors):
            self.add_error("occurred_on", _("Give the day, or the month below."))
        if values.get("occurred_on"):
            # The day is nearer than a month that still stands in the field from before.
            values["month"] = None
        return values

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, by the field of a record."""
        return {name: self.cleaned_data[name] for name in (*FIRST, *MORE, *BRANCH_FIELDS)}

    @property
    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in FIRST]

    @property
    def more_fields(self) -> list[BoundField]:
        return [self[name] for name in MORE]

    @property
    def branches(self) -> list[tuple[str, list[BoundField]]]:
        """The groups that causes open, each with the causes as a script reads them: ``1 2``."""
        groups: dict[tuple[str, ...], list[int]] = {}
        for cause, names in BRANCHES.items():
            groups.setdefault(names, []).append(int(cause))
        return [
            (" ".join(map(str, causes)), [self[name] for name in names]) for names, causes in groups.items()
        ]

    @property
    def is_more_open(self) -> bool:
        filled = [name for name in MORE if name != "follow_up" and self.initial.get(name)]
        return bool(filled) or any(name in self.errors for name in MORE)

    def look_again(self, stored: Record) -> None:
        """What was typed stays; sent once more it stands, now that the other's words stand beside it."""
        self.data = self.data.copy()
        self.data["revision"] = str(stored.revision)
        follow = {"month" if stored.occurred_on else "", "age_band" if stored.age is not None else ""}
        self.others = [
            (self.fields[name].label, self._said(name, getattr(stored, name)))
            for name in (*FIRST, *MORE, *BRANCH_FIELDS)
            if name not in follow
            and getattr(stored, name) not in (None, "")
            and getattr(stored, name) != self.cleaned_data.get(name)
        ]

    def _said(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()) or ()) if name != "sub_area" else {}
        return str(choices.get(value, value))

    def ask_again(self, doubts: list[Reason]) -> None:
        """What was typed stays; sent once more it stands, now that the doubts have been read."""
        self.asked = [(self[doubt.field].id_for_label, str(doubt)) for doubt in doubts if doubt.field]
        for doubt in doubts:
            self.add_error(doubt.field, str(doubt))
        self.data = self.data.copy()
        self.data["doubts_seen"] = codes_of(doubts)


def codes_of(doubts: list[Reason]) -> str:
    """As the page carries them to the next press."""
    return " ".join(doubt.code for doubt in doubts)


def _offered(codes: list[Code], chosen: Any) -> list[Code]:
    for code in codes:
        if code.number == chosen:
            code.is_used = True
    return codes
