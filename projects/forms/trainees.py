"""Many trainees at once: one a line, as it comes from a table or a message."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST = 500
LONGEST = 60
BETWEEN = re.compile(r"[\t,，;；]")


class TraineesField(forms.CharField):
    """The cleaned value is a list of pairs: role or name, number of the certificate or nothing."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        lines = [line.strip() for line in text.splitlines()]
        return [_pair(line) for line in lines if line]

    def validate(self, value: Any) -> None:
        if len(value) > MOST:
            sentence = _("At most %(most)d lines.") % {"most": MOST}
            raise ValidationError(sentence, code="too_many")
        for number, (person, certificate) in enumerate(value, 1):
            if not person or max(len(person), len(certificate)) > LONGEST or "\x00" in person + certificate:
                sentence = _(
                    "Line %(number)d: a role or name, then the number of the certificate, up to 60 signs each."
                )
                raise ValidationError(sentence % {"number": number}, code="line")

    def run_validators(self, value: Any) -> None:
        """Each line has been looked at."""


def _pair(line: str) -> tuple[str, str]:
    person, *rest = BETWEEN.split(line, maxsplit=1)
    return person.strip(), (rest[0].strip() if rest else "")


class TraineesForm(forms.Form):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    lines = TraineesField(
        label=_("Trainees, one a line"),
        required=False,
        help_text=_(
            "Role or name, a comma or a tab, the number of the certificate. Only your own community sees it."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def begin_again(self, revision: int) -> None:
        """Shown again after somebody saved in between: pressed once more it replaces what is there now."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)
