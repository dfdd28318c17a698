"""The manner of all forms of the safety work: days of a calendar, lists of the own community, nothing overwritten."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.forms import FIRST_DAY
from projects.selectors.versions import version_of

# For remarks about a matter: the trail, which forgets nothing, keeps them as reasons.
NO_NAMES = _("About the matter: write posts, not names of persons")


class YearField(forms.IntegerField):
    """A year since 1990 that has begun; with ``planned`` also one that may lie ten years ahead."""

    def __init__(self, *, planned: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", FIRST_DAY.year)
        kwargs.setdefault("widget", forms.NumberInput(attrs={"inputmode": "numeric", "class": "input--year"}))
        super().__init__(**kwargs)
        self.planned = planned

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.planned and value > today().year + 10:
            raise ValidationError(_("This year lies more than ten years ahead."), code="too_late")
        if not self.planned and value > today().year:
            raise ValidationError(_("This year is still to come."), code="too_late")


class CodesField(forms.MultipleChoiceField):
    """Several words of one list, kept as a list of their codes in the order of the list."""

    def __init__(self, words: type[Any], **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        kwargs.setdefault("required", False)
        super().__init__(choices=words.choices, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [code for code, _label in self.choices if code in chosen]


class EntryForm(forms.ModelForm):
    """One row. ``seen``: the version that the writer had before the eyes; it is refused when it has grown old."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(self.instance)
        for field in self.fields.values():
            # "Nothing" is no choice among buttons: whoever presses none has chosen none.
            if isinstance(field.widget, forms.RadioSelect):
                field.choices = [choice for choice in field.choices if choice[0] != ""]  # type: ignore[attr-defined]

    @property
    def entered(self) -> dict[str, Any]:
        """What was typed, without what only guards the form."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def look_again(self, stored: Model) -> None:
        """What was typed stays; sent once more it stands, now that the other's words have been seen."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = version_of(stored)

    def in_order(self, first: str, last: str) -> None:
        """The later of two days or years is not before the earlier."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end < begin:
            self.add_error(last, ValidationError(_("This lies before the beginning."), code="order"))


class KeyedForm(EntryForm):
    """Protected against the double click: the key goes with the form, one row for each key."""

    form_key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["form_key"] = uuid4().hex


def only_of(field: forms.Field, community: Community, **more: Any) -> None:
    """The list offers, and the form takes, what this community owns."""
    field.queryset = field.queryset.filter(community=community, **more)  # type: ignore[attr-defined]
