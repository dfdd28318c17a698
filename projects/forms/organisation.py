"""Who works for the safety of a community: its bodies, their seats, the organisations, the letters."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.forms import FIRST_DAY
from projects.forms.evidence import ManyFilesField
from projects.models import Body, Evidence, Organisation, ResponsibilityLetter, Seat

OUTSIDE = _("Give a day from 1990 to one year ahead.")


class DayField(forms.DateField):
    """A day that may be empty; from 1990 to one year ahead."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= today() + dt.timedelta(days=366):
            raise forms.ValidationError(OUTSIDE)
        return day


class RecordForm(forms.ModelForm):
    """A key for the press, so that a second one adds nothing; the revision that was read, so that none is lost."""

    form_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["form_key"]
            self.fields["revision"].initial = self.instance.revision
        else:
            del self.fields["revision"]
            self.fields["form_key"].initial = uuid.uuid4().hex
        self.order_fields(["form_key", "revision"])

    def show_anew(self, revision: int) -> None:
        """After a refusal as stale: who presses again has been told."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)


def own_organisations(community: Community) -> Any:
    return Organisation.objects.filter(community=community).order_by("position", "pk")


class OrganisationForm(RecordForm):
    class Meta:
        model = Organisation
        fields = ("name", "name_in_source", "kind", "duties", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_in_source"].help_text = _("Where a document calls it by another or an older name")
        self.fields["duties"].widget.attrs["rows"] = 5
        self.fields["source"].help_text = _("The document that says so")


class BodyForm(RecordForm):
    founded_on = DayField(label=_("Founded"))
    ended_on = DayField(label=_("Ended"))

    class Meta:
        model = Body
        fields = ("kind", "name", "area", "duties", "founded_on", "ended_on", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].help_text = _("For a project group: the area that it works in")
        self.fields["duties"].widget.attrs["rows"] = 5
        self.fields["ended_on"].help_text = _("Its meetings and projects stay")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        founded, ended = data.get("founded_on"), data.get("ended_on")
        if founded and ended and ended < founded:
            self.add_error("ended_on", _("It cannot have ended before it was founded."))
        return data


class SeatForm(RecordForm):
    new_organisation = forms.CharField(
        max_length=100,
        required=False,
        label=_("Or one that is not in the list"),
        help_text=_("Its name; it joins the organisations taking part"),
    )

    class Meta:
        model = Seat
        fields = ("role", "organisation", "post", "person")

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = own_organisations(community)
        self.fields["organisation"].empty_label = _("none")
        self.order_fields(["form_key", "revision", "role", "organisation", "new_organisation"])
        self.fields["post"].help_text = _("For example: deputy head of the district")
        self.fields["person"].help_text = _("Shown only to who records the work or may see contacts")

    def _get_validation_exclusions(self) -> set[str]:
        """Whether the seat is empty is said below in a sentence: a new organisation has no row yet."""
        return {*super()._get_validation_exclusions(), "organisation"}  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("organisation") and data.get("new_organisation"):
            self.add_error("new_organisation", _("Choose one from the list or name a new one, not both."))
        named = ("organisation", "new_organisation", "post", "person")
        if not any(data.get(name) for name in named) and not self.errors.keys() & set(named):
            self.add_error("organisation", _("Name an organisation, a post or a person."))
        return data


class LetterForm(RecordForm):
    year = forms.IntegerField(label=_("Year"))
    signed_on = DayField(label=_("Signed"))
    files = ManyFilesField(
        label=_("Sealed scans"),
        required=False,
        help_text=_("Photographs or PDF of the signed and sealed letter; up to 20"),
    )
    without = forms.ModelMultipleChoiceField(
        Evidence.objects.none(),
        label=_("Scans that do not belong here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They stay in the archive"),
    )

    class Meta:
        model = ResponsibilityLetter
        fields = ("year", "party", "organisation", "signed_on")

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].validators = [MinValueValidator(1990), MaxValueValidator(today().year + 1)]
        self.fields["party"].help_text = _("An organisation, a committee, an enterprise; no person's name")
        self.fields["organisation"].queryset = own_organisations(community)
        self.fields["organisation"].empty_label = _("none")
        if self.instance.pk and self.instance.evidence.exists():
            self.fields["without"].queryset = self.instance.evidence.all()
        else:
            del self.fields["without"]
        if not self.instance.pk:
            self.fields["year"].initial = today().year
