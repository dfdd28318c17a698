"""What a meeting decided: who does it, by when, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from communities.models import Community
from projects.models import Decision, Organisation
from projects.selectors.versions import version_of

LONGEST_TEXT = 2000


class DecisionForm(forms.ModelForm):
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Decision
        fields = ("text", "organisation", "due_on", "done_on", "note")

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(community=community)
        for name in ("due_on", "done_on"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for name in ("text", "note"):
            self.fields[name].widget.attrs |= {"rows": 2, "maxlength": LONGEST_TEXT}
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_TEXT))
        if self.instance.pk:
            self.initial["seen"] = version_of(self.instance)

    def begin_again(self) -> None:
        """Shown again after somebody saved in between: pressed once more it replaces what is there now."""
        self.data = self.data.copy()
        self.data["seen"] = version_of(Decision.objects.get(pk=self.instance.pk))
