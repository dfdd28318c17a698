"""One form for every kind of activity: what a phone records in a minute first, the rest behind "more"."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.clock import today
from projects.enums import ActivityKind, ProjectStage, Setting, TargetGroup, TraineeLevel
from projects.forms.entries import CodesField
from projects.forms.evidence import ManyFilesField, ManyFilesInput
from projects.models import Activity, Body, EmergencyPlan, Evidence, PlannedTeaching, Project
from projects.selectors.activities import Owner

MOST_PEOPLE = 1_000_000
LONGEST_TEXT = 10_000

FIRST = ("title", "on", "place", "people", "project", "files", "result")
MORE = ("groups", "six_settings")
# What only some kinds have: asked at once, because a counter or the class hangs on it, or behind "more".
FIRST_OF = {ActivityKind.MEETING: ("body",), ActivityKind.DRILL: ("emergency",)}
MORE_OF = {
    ActivityKind.MEETING: ("agenda", "minutes"),
    ActivityKind.TRAINING: ("level", "trained", "planned", "training_form"),
    ActivityKind.LECTURE: ("level", "trained", "planned", "training_form"),
    ActivityKind.PUBLICITY: ("planned", "channel"),
    ActivityKind.DRILL: ("emergency_plan", "scenario", "shortcomings", "follow_up"),
    ActivityKind.INSPECTION: ("shortcomings", "follow_up"),
}
# An authority and the association have no projects and no bodies here.
ONLY_COMMUNITY = frozenset({"project", "body", "emergency_plan", "planned"})
TEXTS = ("result", "agenda", "minutes", "scenario", "shortcomings", "follow_up")


class PlannedField(forms.ModelChoiceField):
    """An entry of the plan of publicity and training: its months, then its topic."""

    def label_from_instance(self, obj: PlannedTeaching) -> str:
        return f"{obj.when}　{obj.topic}"


class ActivityForm(forms.ModelForm):
    """``owner`` limits what can be chosen; ``kind`` says which fields there are."""

    six_settings = forms.MultipleChoiceField(
        label=_("Six settings"),
        choices=Setting,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.MultipleChoiceField(
        label=_("Audience"), choices=TargetGroup, required=False, widget=forms.CheckboxSelectMultiple
    )
    trained = CodesField(TraineeLevel, label=_("Who is trained"))
    planned = PlannedField(
        label=_("Planned as"),
        queryset=PlannedTeaching.objects.none(),
        required=False,
        empty_label=_("not planned"),
    )
    files = ManyFilesField(
        label=_("Photographs"),
        required=False,
        help_text=_("Three are enough; up to 20"),
        widget=ManyFilesInput(attrs={"multiple": True, "accept": "image/*", "data-pictures": True}),
    )
    papers = ManyFilesField(
        label=_("Papers"),
        required=False,
        help_text=_("Lists of those present, plans, reports: PDF, Word, Excel, sound or film"),
    )
    dropped = forms.ModelMultipleChoiceField(
        label=_("Take out of this activity"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The files stay in the archive"),
    )
    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Activity
        fields = (
            "title",
            "on",
            "place",
            "people",
            "project",
            "body",
            "six_settings",
            "groups",
            "training_form",
            "level",
            "trained",
            "planned",
            "channel",
            "emergency",
            "emergency_plan",
            "scenario",
            "shortcomings",
            "follow_up",
            "agenda",
            "minutes",
            "result",
        )

    def __init__(self, *args: Any, owner: Owner, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.more = _names(ActivityKind(kind), owner, has_files=_has_files(self.instance))
        for name in set(self.fields) - {*self.first, *self.more, "form_key", "revision"}:
            del self.fields[name]
        self.initial |= {
            "on": self.initial.get("on") or today(),
            "form_key": str(uuid.uuid4()),
            "revision": self.instance.revision if self.instance.pk else 0,
        }
        self._shape()
        if "dropped" in self.fields:
            self.fields["dropped"].queryset = self.instance.evidence.order_by("pk")  # type: ignore[attr-defined]
        if owner.community is not None:
            self._limit(owner)

    def _shape(self) -> None:
        self.fields["on"].label = _("Day it took place")
        self.fields["on"].widget = forms.DateInput(
            attrs={"type": "date", "max": today().isoformat()}, format="%Y-%m-%d"
        )
        self.fields["people"] = forms.IntegerField(
            label=self.fields["people"].label,
            required=False,
            min_value=0,
            max_value=MOST_PEOPLE,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        if self.instance.pk and self.instance.trainees.exists():
            self.fields["people"].disabled = True
            self.fields["people"].help_text = _("Counted from the list of trainees")
        for name in TEXTS:
            if name in self.fields:
                self.fields[name].validators.append(MaxLengthValidator(LONGEST_TEXT))
                self.fields[name].widget.attrs |= {"rows": 3, "maxlength": LONGEST_TEXT}

    def _limit(self, owner: Owner) -> None:
        """Only what is this community's; of the projects those that run, and the one chosen before."""
        chosen = self.instance.project_id
        limits: dict[str, QuerySet[Any]] = {
            "project": Project.objects.filter(Q(stage=ProjectStage.RUNNING) | Q(pk=chosen)).order_by("title"),
            "body": Body.objects.order_by("position", "pk"),
            "emergency_plan": EmergencyPlan.objects.order_by("name"),
            "planned": _planned(self.instance.planned_id),
        }
        for name, rows in limits.items():
            if name in self.fields:
                self.fields[name].queryset = rows.filter(community=owner.community)

    @property
    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in self.first]

    @property
    def more_fields(self) -> list[BoundField]:
        return [self[name] for name in self.more]

    @property
    def is_more_open(self) -> bool:
        """What is filled in or refused there must be seen."""
        return any(self.errors.get(name) or self[name].value() for name in self.more if name != "dropped")

    def begin_again(self, revision: int) -> None:
        """Shown again after somebody saved in between: pressed once more it replaces what is there now."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)


def _planned(chosen: int | None) -> QuerySet[PlannedTeaching]:
    """Of last year, this one and the next, and the one chosen before."""
    year = today().year
    near = Q(year__range=(year - 1, year + 1)) | Q(pk=chosen)
    return PlannedTeaching.objects.filter(near).order_by("-year", "month_from", "pk")


def _has_files(activity: Activity) -> bool:
    return bool(activity.pk) and activity.evidence.exists()


def _names(kind: ActivityKind, owner: Owner, *, has_files: bool) -> tuple[list[str], list[str]]:
    first = [*FIRST]
    first[3:3] = FIRST_OF.get(kind, ())
    more = [*MORE_OF.get(kind, ()), *MORE, "papers"]
    if has_files:
        more.append("dropped")
    if owner.community is not None:
        return first, more
    return (
        [name for name in first if name not in ONLY_COMMUNITY],
        [name for name in more if name not in ONLY_COMMUNITY],
    )
