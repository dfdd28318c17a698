"""A promotion project in sections, its parts, its moves, and files beside something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.dates import format_date
from core.forms import DayField
from injuries.enums import ListName
from injuries.selectors.codes import labels
from projects.enums import Age, Environment, ProjectStage, Setting, TargetGroup
from projects.forms.entries import CodesField, EntryForm, KeyedForm, YearField, only_of
from projects.forms.evidence import ManyFilesField
from projects.models import Evidence, Indicator, Measure, Project, ProjectReview

LARGEST = 1_000_000_000
ALWAYS_OPEN = 2
# So many of the archive's newest files are offered; an older one is found in the archive and sent again.
OFFERED = 30


@dataclass(frozen=True)
class Section:
    title: Any
    fields: list[Any]
    is_open: bool


SECTIONS = (
    (_("What it is about"), ("title", "area", "finding", "background", "rural_topic")),
    (_("For whom and where"), ("groups", "ages", "environments", "causes", "six_settings")),
    (_("Who does it, with what"), ("body", "lead", "partners", "volunteers", "budget", "in_kind")),
    (_("When"), ("starts_on", "ends_on")),
    (_("Why it should work"), ("evidence_base",)),
    (_("What came of it"), ("effect", "no_outcome_because", "improvement")),
)


class ProjectForm(KeyedForm):
    groups = CodesField(TargetGroup, label=_("Target groups"))
    ages = CodesField(Age, label=_("Ages"))
    environments = CodesField(Environment, label=_("Environments"))
    six_settings = CodesField(Setting, label=_("Settings"))
    causes = forms.TypedMultipleChoiceField(
        label=_("Causes of injury it is meant to lower"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = DayField(label=_("Begins on"), required=False, planned=True)
    ends_on = DayField(label=_("Ends on"), required=False, planned=True)
    budget = forms.DecimalField(
        label=_("Budget in yuan"), required=False, min_value=0, max_value=LARGEST, decimal_places=2
    )
    volunteers = forms.IntegerField(label=_("Volunteers"), required=False, min_value=0, max_value=1_000_000)

    class Meta:
        model = Project
        fields = tuple(name for _title, names in SECTIONS for name in names)
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 4})
                for name in ("background", "evidence_base", "effect", "improvement")
            },
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("in_kind", "no_outcome_because")},
            "partners": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_of(self.fields["finding"], community)
        self.fields["causes"].choices = list(labels(ListName.CAUSE).items())  # type: ignore[attr-defined]
        finding = self.instance.finding_id
        self.fields["finding"].queryset = self.fields["finding"].queryset.filter(  # type: ignore[attr-defined]
            Q(settled_on__isnull=True) | Q(pk=finding)
        )
        only_of(self.fields["body"], community)
        only_of(self.fields["lead"], community)
        only_of(self.fields["partners"], community)
        self._say_more()

    def _say_more(self) -> None:
        hints = {
            "title": _("Short, as it stands in lists: for whom and against what"),
            "finding": _("From the diagnosis; what belongs to it stands there already"),
            "background": _("The problem with its figures, before anything was done"),
            "environments": _("Where the injuries happen that it prevents"),
            "evidence_base": _("Studies, figures or earlier experience with these measures"),
            "no_outcome_because": _("Only where no indicator of outcome has a figure"),
        }
        for name, hint in hints.items():
            self.fields[name].help_text = hint

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.in_order("starts_on", "ends_on")
        return cleaned

    def sections(self) -> list[Section]:
        """The first two are open, and whatever holds something, is wrong, or is due at the project's stage."""
        return [
            Section(title, [self[name] for name in names], self._is_open(number, names))
            for number, (title, names) in enumerate(SECTIONS)
        ]

    def _is_open(self, number: int, names: tuple[str, ...]) -> bool:
        if number < ALWAYS_OPEN or any(name in self.errors or self[name].value() for name in names):
            return True
        has_ended = self.instance.stage in {ProjectStage.COMPLETED, ProjectStage.STOPPED}
        return has_ended and "effect" in names


class MeasureForm(EntryForm):
    class Meta:
        model = Measure
        fields = ("means", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "means": forms.RadioSelect}


class IndicatorForm(EntryForm):
    class Meta:
        model = Indicator
        fields = ("kind", "name", "unit", "baseline", "target", "actual")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("baseline", "target", "actual"):
            self.fields[name].help_text = _("Empty as long as it is not known")


class ProjectReviewForm(EntryForm):
    year = YearField(label=_("Year"))
    half = forms.TypedChoiceField(
        label=_("Half-year"),
        coerce=int,
        choices=((1, _("first half-year")), (2, _("second half-year"))),
        widget=forms.RadioSelect,
    )
    reviewed_on = DayField(label=_("Day"))

    class Meta:
        model = ProjectReview
        fields = ("year", "half", "reviewed_on", "progress", "problems", "next_steps")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("progress", "problems", "next_steps")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            day = today()
            self.initial |= {"year": day.year, "half": 1 if day.month <= 6 else 2, "reviewed_on": day}


class MoveForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, move: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            "review": _("Which body reviewed the project, and on which day"),
            "stop": _("Why the project is stopped"),
        }
        self.fields["note"].help_text = hints.get(move, "")


class AttachForm(forms.Form):
    """Files for something that shows them."""

    kept = forms.ModelMultipleChoiceField(
        label=_("From the archive"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    files = ManyFilesField(
        label=_("New files"),
        required=False,
        help_text=_("Pictures, PDF, Word, Excel, sound or film; up to 20"),
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=120, help_text=_("Empty: the name of each file")
    )
    happened_on = DayField(label=_("Day"))
    source = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        max_length=120,
        help_text=_("Who gave it, or where it was taken"),
    )

    def __init__(self, *args: Any, not_yet: QuerySet[Evidence], **kwargs: Any) -> None:
        """``not_yet``: what the archive holds and the thing does not show; the newest are offered."""
        kwargs.setdefault("initial", {"happened_on": today})
        super().__init__(*args, **kwargs)
        kept = self.fields["kept"]
        kept.queryset = not_yet  # type: ignore[attr-defined]
        kept.widget.choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.title} · {format_date(one.happened_on)}") for one in not_yet[:OFFERED]
        ]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.cleaned_data["files"] and not self.cleaned_data["kept"]:
            self.add_error("files", ValidationError(_("Choose a file."), code="required"))
        return cleaned
