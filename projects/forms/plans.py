"""Plans, their stages, and goals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from core.clock import today
from core.forms import DayField
from injuries.enums import ListName
from injuries.selectors.codes import labels
from projects.enums import GoalFigure, Horizon
from projects.forms.entries import EntryForm, YearField, only_of
from projects.models import Goal, Plan, PlanStage
from projects.selectors.plans import possible_parents


class _YearsForm(EntryForm):
    year_from = YearField(label=_("From the year"), planned=True)
    year_to = YearField(label=_("To the year"), planned=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            for name in ("year_from", "year_to"):
                self.initial.setdefault(name, today().year)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.in_order("year_from", "year_to")
        return cleaned


class AuthorityPlanForm(_YearsForm):
    approved_on = DayField(label=_("Approved on"), required=False)

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            "title",
            "year_from",
            "year_to",
            "approved_by",
            "approved_at_meeting",
            "approved_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approved_by"].label = _("Approving body")
        self.fields["approved_by"].help_text = _("The body that approved it")
        self.fields["approved_at_meeting"].help_text = _("Name or number of the meeting")


class PlanForm(AuthorityPlanForm):
    class Meta(AuthorityPlanForm.Meta):
        fields = ("kind", *AuthorityPlanForm.Meta.fields, "parent")

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = possible_parents(community, self.instance)  # type: ignore[attr-defined]
        self.fields["parent"].help_text = _(
            "The overall plan of the district, or another plan of this community"
        )


class PlanStageForm(EntryForm):
    planned_from = DayField(label=_("Planned from"), required=False, planned=True)
    planned_to = DayField(label=_("Planned to"), planned=True)
    actual_from = DayField(label=_("Really from"), required=False)
    actual_to = DayField(label=_("Really to"), required=False)

    class Meta:
        model = PlanStage
        fields = ("title", "planned_from", "planned_to", "actual_from", "actual_to", "deliverables")
        widgets = {"deliverables": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_to"].help_text = _("It may have passed already when the plan is recorded")
        self.fields["actual_to"].help_text = _("Empty as long as the stage is not over")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.in_order("planned_from", "planned_to")
        self.in_order("actual_from", "actual_to")
        return cleaned


class GoalForm(_YearsForm):
    class Meta:
        model = Goal
        fields = (
            "horizon",
            "year_from",
            "year_to",
            "title",
            "area",
            "unit",
            "baseline",
            "target",
            "figure",
            "cause",
            "actual",
            "less_is_better",
            "plan",
            "note",
        )
        widgets = {"horizon": forms.RadioSelect, "note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_of(self.fields["plan"], community)
        words = labels(ListName.CAUSE).items()
        self.fields["cause"] = forms.TypedChoiceField(
            label=_("cause of injury"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("all causes")), *words],
        )
        self.fields["figure"].help_text = _(
            "Where one is chosen, what was reached is read from the injury records."
        )
        for name in ("baseline", "actual"):
            self.fields[name].help_text = _("Empty as long as it is not known")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        first, last = self.cleaned_data.get("year_from"), self.cleaned_data.get("year_to")
        if self.cleaned_data.get("horizon") == Horizon.YEARLY and first and last and last > first:
            self.add_error("year_to", ValidationError(_("A goal of the year covers one year."), code="one"))
        if self.cleaned_data.get("figure") == GoalFigure.DEATHS and self.cleaned_data.get("cause"):
            self.add_error(
                "cause", ValidationError(_("Deaths are counted for all causes together."), code="deaths")
            )
        return cleaned
