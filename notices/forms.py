"""What staff type about reminders and mails. Nothing is stored here."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices.kinds import PLACEHOLDERS

MOST_STEPS, FARTHEST = 12, 120
# Whatever stands in braces on one line.
BRACES = re.compile(r"\{([^{}\n]*)\}")
_SEPARATORS = re.compile(r"[\s,，、;；]+")
# The minus signs that keyboards and documents put in.
_MINUS = str.maketrans("−－–—＋", "----+")


class StepsField(forms.CharField):
    """``-14, -7, +1`` → [-14, -7, 1]."""

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in _SEPARATORS.split(super().clean(value).translate(_MINUS)) if part]
        try:
            steps = sorted({int(part) for part in parts})
        except ValueError:
            raise ValidationError(_("Write whole numbers, for example -14, -7, 1.")) from None
        if not 0 < len(steps) <= MOST_STEPS or any(abs(step) > FARTHEST for step in steps):
            raise ValidationError(
                _("At most %(count)d steps, none farther than %(farthest)d.")
                % {"count": MOST_STEPS, "farthest": FARTHEST}
            )
        return steps


class PlanForm(forms.Form):
    is_active = forms.BooleanField(label=_("Reminders go out by this plan"), required=False)
    steps = StepsField(
        label=_("Steps"),
        max_length=200,
        help_text=_(
            "Days or months from the last day; negative before it, for example -14, -7, -3, -1, 1, 7."
        ),
    )
    escalates_from = forms.IntegerField(
        label=_("The supervising authority is told from this step on"),
        required=False,
        min_value=1,
        max_value=FARTHEST,
        help_text=_("Empty: never. One of the steps after the last day."),
    )
    most_mails = forms.IntegerField(
        label=_("At most so many reminders to one mailbox about one thing"), min_value=1, max_value=50
    )

    def __init__(self, *args: Any, tells_authorities: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not tells_authorities:
            del self.fields["escalates_from"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        told = said.get("escalates_from")
        if told is not None and told not in said.get("steps", [told]):
            self.add_error("escalates_from", _("This is not one of the steps."))
        return said


class CalendarDayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    works = forms.BooleanField(label=_("Working day"), required=False)
    note = forms.CharField(label=_("Note"), max_length=100, required=False)


class WordsForm(forms.Form):
    """Subject line and text of a mail, with placeholders in braces. ``needs_link``: without it the mail is no use."""

    subject = forms.CharField(label=_("Subject line"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, kind: str, needs_link: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.needs_link = PLACEHOLDERS[kind], needs_link
        listed = "  ".join(f"{{{name}}}" for name in self.known)
        self.fields["text"].help_text = _(
            "Greeting and signature are put around it. These are filled in: %(listed)s"
        ) % {"listed": listed}

    def clean_subject(self) -> str:
        return " ".join(self._only_known(self.cleaned_data["subject"]).split())

    def clean_text(self) -> str:
        text = self._only_known(self.cleaned_data["text"])
        if self.needs_link and "{link}" not in text:
            raise ValidationError(_("The text must hold {link}."))
        return text

    def _only_known(self, text: str) -> str:
        strange = sorted(set(BRACES.findall(text)) - set(self.known))
        if strange:
            listed = "  ".join(f"{{{name}}}" for name in strange)
            raise ValidationError(_("This cannot be filled in: %(listed)s") % {"listed": listed})
        return text
