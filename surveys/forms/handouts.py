"""To whom a section goes, and the section as the page of whoever fills it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.errors import Reason
from surveys.answers import raw_of
from surveys.forms.sheets import Field
from surveys.models import SectionHandout
from surveys.questionnaires import Question, Questionnaire
from surveys.selectors import responses as selectors
from surveys.selectors.answer_texts import answer_text

SEEN = "seen-"
TAKE = "take-"
LONGEST_NAME = 60


class HandOutForm(forms.Form):
    sent_to = forms.CharField(
        label=_("Who will fill it in"),
        max_length=LONGEST_NAME,
        help_text=_("Office and person, as you call them; only your unit and the association see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@dataclass(slots=True)
class SectionField(Field):
    """A question on the page by link: it knows no stored answer, only what the page began with."""

    held: Any = None

    @property
    def token(self) -> str:
        return f"0.{selectors.digest(self.held)}"


def section_fields(
    form: Questionnaire,
    handout: SectionHandout,
    questions: Iterable[Question],
    values: Mapping[str, Any],
    *,
    sent: MultiValueDict | None = None,
    errors: Mapping[str, Reason] | None = None,
) -> list[SectionField]:
    """Where ``errors`` speak of a question, what was ``sent`` stays in its box."""
    fields = []
    for question in questions:
        held, error = values.get(question.id), (errors or {}).get(question.id)
        raw = sent.getlist(question.id) if error and sent is not None else raw_of(held)
        one = SectionField(question, None, raw, held=held)
        one.error = str(error or "")
        one.asked_in = handout.response.round.opens_on.year
        if question.rules.shown_if is not None:
            condition = question.rules.shown_if
            one.condition_label = answer_text(form.by_id[condition.question], condition.equals)
        fields.append(one)
    return fields


def read_taken(sent: MultiValueDict) -> dict[str, str]:
    """The questions that are to be taken over, each with the token of the answer that stood beside it."""
    return {
        name.removeprefix(TAKE): sent.get(f"{SEEN}{name.removeprefix(TAKE)}", "")
        for name in sent
        if name.startswith(TAKE)
    }
