"""What a phone enters about a shortcoming: what was seen, with a photograph; then who rectifies it by when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.forms import DayField
from projects.enums import INSPECTED, Element, ShortcomingKind, ShortcomingSource
from projects.forms.entries import EntryForm, KeyedForm
from projects.forms.evidence import ManyFilesField, ManyFilesInput
from projects.models import Activity, Shortcoming
from projects.selectors.shortcomings import OF_THE_AUTHORITY

LONGEST_TEXT = 4000
LONGEST_NUMBER = 10
# So many of the latest are offered; an older inspection, drill or venue leads here from its own page.
OFFERED = 30
MOST_OFFERED = 50
_BY_POST = _("The 50 latest are offered; write an older one under the post.")
HINTS = {
    "organisation": _BY_POST,
    "body": _BY_POST,
    "venue": _("The 50 latest are offered; for an older one begin on its own page."),
}


def words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_TEXT})


def photographs(label: Any) -> ManyFilesField:
    return ManyFilesField(
        label=label,
        required=False,
        help_text=_("Three are enough; up to 20"),
        widget=ManyFilesInput(attrs={"multiple": True, "accept": "image/*", "data-pictures": True}),
    )


def accountability() -> forms.CharField:
    """What an authority did about who was responsible (责任追究)."""
    return forms.CharField(
        label=_("Measures of accountability"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=words(2),
        help_text=_("As: named in a circular, a talk with the body. Bodies and posts, not names of persons."),
    )


class _EnteredForm(KeyedForm):
    """``more``: what stands behind "more"; what is filled in or refused there is seen."""

    found_on = DayField(label=_("Found on"))
    due_on = DayField(label=_("To be rectified by"), required=False, planned=True)
    description = forms.CharField(label=_("What was found"), max_length=LONGEST_TEXT, widget=words())
    reason = forms.CharField(
        label=_("Why later"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where the day is moved later; posts, not names of persons"),
    )
    files = photographs(_("Photographs before"))

    more: tuple[str, ...] = ()

    def __init__(self, *args: Any, community: Community, stands: bool = False, **kwargs: Any) -> None:
        """``stands``: an authority entered it; its words are shown, not asked for."""
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.setdefault("found_on", today())
        if stands:
            for name in {*OF_THE_AUTHORITY, "venue"} & set(self.fields):
                del self.fields[name]
        if "due_on" not in self.fields or self.instance.due_on is None:
            del self.fields["reason"]
        for name in HINTS.keys() & self.fields.keys():
            self._offer_latest(name, community)
        self.fields["post"].help_text = _("The post, not the name of a person")

    def _offer_latest(self, name: str, community: Community) -> None:
        """What was chosen before, what the address names and what is sent now are offered however old they are."""
        field: Any = self.fields[name]
        rows = field.queryset.filter(community=community)
        if name == "venue":
            rows = rows.filter(Q(closed_on__isnull=True) | Q(pk=self.instance.venue_id))
        latest = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST_OFFERED])
        if len(latest) == MOST_OFFERED:
            field.help_text = HINTS[name]
        named = (str(self.initial.get(name) or ""), str(self.data.get(self.add_prefix(name)) or ""))
        kept = [int(one) for one in named if one.isdecimal() and len(one) < LONGEST_NUMBER]
        field.queryset = rows.filter(pk__in=[*latest, *kept])

    @property
    def entered(self) -> dict[str, Any]:
        names = [name for name in self._meta.fields or () if name in self.fields]
        return {name: self.cleaned_data[name] for name in names}

    @property
    def first_fields(self) -> list[BoundField]:
        hidden = {"seen", "form_key", *self.more}
        return [self[name] for name in self.fields if name not in hidden]

    @property
    def more_fields(self) -> list[BoundField]:
        return [self[name] for name in self.more if name in self.fields]

    @property
    def is_more_open(self) -> bool:
        return any(one.errors or one.value() for one in self.more_fields)


class ShortcomingForm(_EnteredForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ShortcomingKind, widget=forms.RadioSelect)
    source = forms.ChoiceField(
        label=_("Found by"),
        choices=[one for one in ShortcomingSource.choices if one[0] != ShortcomingSource.INDICATOR],
        widget=forms.RadioSelect,
    )

    accountability = accountability()

    more = ("activity", "venue")
    field_order = ("description", "files", "kind", "source", "place", "found_on")

    class Meta:
        model = Shortcoming
        fields = (
            "description",
            "kind",
            "source",
            "place",
            "found_on",
            "organisation",
            "body",
            "post",
            "due_on",
            "activity",
            "venue",
            "accountability",
        )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, community=community, **kwargs)
        if self.instance.authority_id is None:
            self.fields.pop("accountability", None)
        if "activity" in self.fields:
            self._offer(community)

    def _offer(self, community: Community) -> None:
        held = Activity.objects.filter(community=community, kind__in=INSPECTED).order_by("-on", "-pk")
        latest = list(held.values_list("pk", flat=True)[:OFFERED])
        chosen = self.initial.get("activity") or self.instance.activity_id
        self.fields["activity"].queryset = held.filter(Q(pk__in=latest) | Q(pk=chosen))  # type: ignore[attr-defined]


class GapForm(_EnteredForm):
    """A gap against an indicator: found in the papers, so without kind, place and venue."""

    element = forms.ChoiceField(label=_("Element"), choices=Element)
    description = forms.CharField(
        label=_("What is lacking"),
        max_length=LONGEST_TEXT,
        widget=words(),
        help_text=_("Which indicator, and what is missing for it"),
    )
    files = None  # type: ignore[assignment]

    field_order = ("element", "description", "found_on")

    class Meta:
        model = Shortcoming
        fields = ("element", "description", "found_on", "organisation", "body", "post", "due_on")

    @property
    def entered(self) -> dict[str, Any]:
        gap = {"source": ShortcomingSource.INDICATOR, "kind": ShortcomingKind.OTHER}
        return super().entered | ({} if self.instance.pk else gap)


class SupervisionForm(KeyedForm):
    """What an authority's inspection found in one of the communities below it."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none())
    description = forms.CharField(label=_("What was found"), max_length=LONGEST_TEXT, widget=words())
    files = photographs(_("Photographs before"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ShortcomingKind, widget=forms.RadioSelect)
    found_on = DayField(label=_("Found on"))
    due_on = DayField(label=_("To be rectified by"), planned=True)
    accountability = accountability()

    field_order = (
        "community",
        "description",
        "files",
        "kind",
        "place",
        "found_on",
        "due_on",
        "accountability",
    )

    class Meta:
        model = Shortcoming
        fields = ("description", "kind", "place", "found_on", "due_on", "accountability")

    def __init__(self, *args: Any, activity: Activity, below: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = below  # type: ignore[attr-defined]
        self.initial["found_on"] = activity.on

    @property
    def entered(self) -> dict[str, Any]:
        return super().entered | {"source": ShortcomingSource.OUTSIDE}


class RectifyForm(EntryForm):
    corrective = forms.CharField(
        label=_("Corrective action"),
        max_length=LONGEST_TEXT,
        widget=words(),
        help_text=_("What was done to put it right"),
    )
    preventive = forms.CharField(
        label=_("Preventive action"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=words(),
        help_text=_("What keeps it from coming back"),
    )
    rectified_on = DayField(label=_("Rectified on"))
    files = photographs(_("Photographs after"))

    field_order = ("corrective", "files", "rectified_on", "preventive")

    class Meta:
        model = Shortcoming
        fields = ("corrective", "preventive", "rectified_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["rectified_on"] = self.instance.rectified_on or today()


class VerifyForm(forms.Form):
    note = forms.CharField(
        label=_("What was seen"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where it is given back: what is still to be done; posts, not names of persons"),
    )
