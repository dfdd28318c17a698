"""The decision of a reviewer: five ticks, remarks on marked answers, a note on the copy, the day of a return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from core.clock import today
from surveys.enums import Decision, ReasonAbout
from surveys.models import ReturnReason
from surveys.questionnaires import Question

TICKS = ("signed", "sealed", "dated", "same_version", "legible")
REMARK_LENGTH, NOTE_LENGTH, WHY_LENGTH = 1000, 2000, 500
SELECTED = mark_safe(" selected")
RETURNS = frozenset({Decision.ANSWERS_RETURNED, Decision.COPY_RETURNED})


def worded(reason: ReturnReason | None, words: str, *, is_whole: bool) -> str:
    """What the unit reads: the reason of the list, then the reviewer's own words.

    ``is_whole``: the page's script has put the reason into the field already, where it may have been changed.
    """
    words = words.strip().replace("\r\n", "\n")
    if reason is None or (is_whole and words):
        return words
    return f"{reason.text_zh}\n{words}".strip()


class ReasonSelect(forms.Select):
    """Each option carries the Chinese sentence that the unit will read, whatever language the page is in.

    Written without templates: a desk has one for every question, each with all reasons in it.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(attrs={"class": "select", "data-reason": ""})
        self.texts = texts

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}" data-text="{}"{}>{}</option>',
            (
                (key, self.texts.get(key, ""), SELECTED if key == str(value or "") else "", label)
                for key, label in self.choices
            ),
        )
        given = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", given, options)


class DayInput(forms.DateInput):
    """A day after today, as browsers of every language send it."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        tomorrow = today() + dt.timedelta(days=1)
        return super().get_context(name, value, {**(attrs or {}), "min": tomorrow.isoformat()})


class DecisionForm(forms.Form):
    """``mark-…``, ``reason-…`` and ``remark-…`` exist once for every question; a remark counts only where marked.

    ``reasons``: the whole list, hidden ones included: they are offered no more, but taken from a page that is open.
    ``pages``: how many the printed form has; 0 where no copy is looked at.
    """

    decision = forms.ChoiceField(choices=Decision.choices)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    copy = forms.IntegerField(required=False, widget=forms.HiddenInput)
    whole = forms.BooleanField(required=False, widget=forms.HiddenInput(attrs={"data-whole": ""}))
    signed = forms.BooleanField(label=_("Signature"), required=False)
    sealed = forms.BooleanField(label=_("Seal"), required=False)
    dated = forms.BooleanField(label=_("Date"), required=False)
    same_version = forms.BooleanField(label=_("Same version"), required=False)
    legible = forms.BooleanField(label=_("Legible"), required=False)
    due_on = forms.DateField(label=_("To be answered by"), required=False, widget=DayInput)
    note = forms.CharField(
        label=_("What is wrong with the sealed copy"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Question],
        reasons: Sequence[ReturnReason] = (),
        pages: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question_ids = [question.id for question in questions]
        self.known_reasons = {str(reason.pk): reason for reason in reasons}
        for question in questions:
            self.fields[f"mark-{question.id}"] = forms.BooleanField(label=question.full_label, required=False)
            self.fields[f"reason-{question.id}"] = self._reason_field(
                ReasonAbout.ANSWERS, f"reason-{question.id}"
            )
            self.fields[f"remark-{question.id}"] = forms.CharField(
                label=question.full_label,
                required=False,
                max_length=REMARK_LENGTH,
                widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
            )
        self.fields["note_reason"] = self._reason_field(ReasonAbout.COPY, "note_reason")
        self.fields["bad_pages"] = forms.TypedMultipleChoiceField(
            label=_("Only these pages again"),
            required=False,
            coerce=int,
            choices=[(number, str(number)) for number in range(1, pages + 1)],
            widget=forms.CheckboxSelectMultiple,
        )

    def _reason_field(self, about: ReasonAbout, name: str) -> forms.ChoiceField:
        sent = str(self.data.get(name, "")) if self.is_bound else ""
        offered = {
            key: reason
            for key, reason in self.known_reasons.items()
            if reason.about == about and (reason.is_active or key == sent)
        }
        widget = ReasonSelect({key: reason.text_zh for key, reason in offered.items()})
        choices = [("", _("Choose a reason")), *((key, str(reason.text)) for key, reason in offered.items())]
        return forms.ChoiceField(label=_("Reason"), required=False, choices=choices, widget=widget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") in RETURNS and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Name the day by which the unit should answer."))
        return cleaned

    def look_again(self, *, version: int, copy: int | None) -> None:
        """The page now shows other answers or papers than those refused: what was typed stays, ticks are given anew."""
        self.data = self.data.copy()
        self.data["version"], self.data["copy"] = str(version), "" if copy is None else str(copy)
        for name in TICKS:
            self.data.pop(name, None)

    @property
    def ticks(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in TICKS}

    def _reason(self, name: str) -> ReturnReason | None:
        return self.known_reasons.get(self.cleaned_data[name])

    def _worded(self, reason: ReturnReason | None, words: str) -> str:
        return worded(reason, words, is_whole=self.cleaned_data["whole"])

    @property
    def marked(self) -> list[str]:
        return [name for name in self.question_ids if self.cleaned_data[f"mark-{name}"]]

    @property
    def reasons(self) -> dict[str, ReturnReason]:
        chosen = {name: self._reason(f"reason-{name}") for name in self.marked}
        return {name: reason for name, reason in chosen.items() if reason is not None}

    @property
    def remarks(self) -> dict[str, str]:
        chosen = self.reasons
        return {
            name: self._worded(chosen.get(name), self.cleaned_data[f"remark-{name}"]) for name in self.marked
        }

    @property
    def verdict(self) -> dict[str, Any]:
        """What the reviewer says, by the names that ``services.verdicts.Verdict`` gives it; the ticks apart."""
        note_reason = self._reason("note_reason")
        return {
            "decision": Decision(self.cleaned_data["decision"]),
            "remarks": self.remarks,
            "reasons": self.reasons,
            "note": self._worded(note_reason, self.cleaned_data["note"]),
            "note_reason": note_reason,
            "bad_pages": tuple(self.cleaned_data["bad_pages"]),
            "due_on": self.cleaned_data["due_on"],
        }


class WhyForm(forms.Form):
    """Why a response is made void."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=WHY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason; it is kept with the response.")},
        help_text=_("Kept in the history. The unit reads it too, should the response be opened again."),
    )


class ReopenForm(WhyForm):
    due_on = forms.DateField(
        label=_("To be handed in by"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: as long as the round is open."),
    )


class DueDayForm(forms.Form):
    """Until when the unit may answer a return."""

    due_on = forms.DateField(label=_("To be answered by"), widget=DayInput)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=WHY_LENGTH, widget=forms.TextInput()
    )
