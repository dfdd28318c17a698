"""Whom a round asks, more time for some of them, and the copy of a round. Nothing is stored here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.enums import Respondent
from surveys.models import OfficialNotice, QuestionnaireEdition, Round
from surveys.selectors.audiences import AudienceChoices, Listed, read_list
from surveys.selectors.rounds import AudienceFilter

MOST_FAULTS = 10  # lines said at once; a pasted page of something else would fill the screen
LONGEST_LIST = 200_000  # characters: ten thousand units


def _ticks(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class UnitListField(forms.CharField):
    """One unit a line; ``clean`` gives the ids. ``survey_round`` is set by the form."""

    survey_round: Round

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One a line: the name, the designation number, or both."))
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 8}), max_length=LONGEST_LIST, strip=False, **kwargs
        )

    def clean(self, value: Any) -> tuple[int, ...]:
        text = super().clean(value)
        listed: Listed = read_list(text, self.survey_round) if text.strip() else Listed((), ())
        if listed.faults:
            shown = list(listed.faults[:MOST_FAULTS])
            if more := len(listed.faults) - len(shown):
                shown.append(str(_("%(count)d more lines are not known.") % {"count": more}))
            raise ValidationError(shown)
        return listed.communities


class AudienceForm(forms.Form):
    provinces = _ticks(_("Province"))
    cities = _ticks(_("City or district"))
    kinds = _ticks(_("Kind"))
    statuses = _ticks(_("Status today"))
    listed = UnitListField(label=_("Only these units"), required=False)

    def __init__(self, survey_round: Round, choices: AudienceChoices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("provinces", "cities", "kinds", "statuses"):
            self.fields[name].choices = getattr(choices, name)
        self.fields["listed"].survey_round = survey_round

    @property
    def wanted(self) -> AudienceFilter:
        said = self.cleaned_data
        return AudienceFilter(
            provinces=tuple(said["provinces"]),
            cities=tuple(said["cities"]),
            kinds=tuple(said["kinds"]),
            statuses=tuple(said["statuses"]),
            communities=said["listed"],
        )

    @property
    def groups(self) -> list[tuple[Any, bool]]:
        """Each group of boxes, and whether something in it is chosen: then it stands open."""
        names = ("provinces", "cities", "kinds", "statuses")
        return [(self[name], bool(self[name].value() or self[name].errors)) for name in names]


def audience_initial(wanted: AudienceFilter, listed: str) -> dict[str, Any]:
    return {
        "provinces": wanted.provinces,
        "cities": wanted.cities,
        "kinds": wanted.kinds,
        "statuses": wanted.statuses,
        "listed": listed,
    }


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class DueForm(forms.Form):
    due_on = forms.DateField(
        label=_("Own deadline"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: the deadline of the round. Not later than its closing."),
    )


class ExtensionForm(forms.Form):
    units = UnitListField(label=_("Units that get more time"))
    due_on = forms.DateField(label=_("New deadline"), widget=DayInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail; the unit does not see it.")
    )
    move_closing = forms.BooleanField(
        label=_("If this day lies after the closing of the round: close the whole round on this day"),
        required=False,
    )

    def __init__(self, survey_round: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].survey_round = survey_round


class DaysInOrder:
    """The database wants the three days of a round in order; here it is said at the day that is wrong."""

    def clean(self) -> Any:
        said = super().clean() or self.cleaned_data
        opens, deadline, closes = (said.get(name) for name in ("opens_on", "deadline_on", "closes_on"))
        if opens and deadline and deadline < opens:
            self.add_error("deadline_on", _("The deadline lies before the opening."))
        if deadline and closes and closes < deadline:
            self.add_error("closes_on", _("The closing lies before the deadline."))
        return said


class RoundForm(DaysInOrder, forms.ModelForm):
    class Meta:
        model = Round
        exclude = ("stage", "audience", "copied_from", "created_at", "created_by")  # noqa: DJ006 - the admin names its fields
        help_texts = {
            "asks": _(
                "Units that intend to apply come by the open link of the round; named ones get a letter each."
            ),
        }


class CopyForm(DaysInOrder, forms.Form):
    """What differs from the round that is copied."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    title_zh = forms.CharField(label=_("Chinese title"), max_length=200)
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)
    notice = forms.ModelChoiceField(
        label=_("Official notice"),
        queryset=OfficialNotice.objects.none(),
        empty_label=_("Please choose"),
        help_text=_("A new round has a notice of its own. Record it first if it is not in the list."),
    )
    edition = forms.ModelChoiceField(
        label=_("Questionnaire edition"), queryset=QuestionnaireEdition.objects.none(), empty_label=None
    )
    opens_on = forms.DateField(label=_("Opens on"), widget=DayInput())
    deadline_on = forms.DateField(label=_("Deadline"), widget=DayInput())
    closes_on = forms.DateField(label=_("Closes on"), widget=DayInput())

    def __init__(self, survey_round: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].queryset = OfficialNotice.objects.order_by("-issued_on", "-pk")
        published = Q(published_at__isnull=False) | Q(pk=survey_round.edition_id)
        self.fields["edition"].queryset = (
            QuestionnaireEdition.objects.filter(published, asks=Respondent.UNITS)
            .defer("definition")
            .order_by("-pk")
        )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Round.objects.filter(code=code).exists():
            raise ValidationError(_("There is a round of this code already."))
        return code


class OpenForm(forms.Form):
    """``seen`` tells which units the page had shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)
    anyway = forms.BooleanField(label=_("Open the round all the same"), required=False)

    def __init__(self, *args: Any, must_confirm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if must_confirm:
            self.fields["anyway"].required = True
            self.fields["anyway"].error_messages["required"] = _(
                "Tick that the round is to be opened in spite of what stands above."
            )
        else:
            del self.fields["anyway"]
