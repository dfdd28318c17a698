"""A diagnosis and its findings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.clock import today
from core.forms import DayField
from projects.enums import Method
from projects.forms.entries import CodesField, EntryForm
from projects.models import Diagnosis, Finding


class DiagnosisForm(EntryForm):
    methods = CodesField(Method, label=_("Methods"), required=True)
    began_on = DayField(label=_("Begins on"))
    ended_on = DayField(label=_("Ends on"), required=False)

    class Meta:
        model = Diagnosis
        fields = ("title", "methods", "began_on", "ended_on", "participants", "summary")
        widgets = {
            "participants": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participants"].help_text = _(
            "Bodies and posts are enough; names are shown to those who may see this community's work"
        )
        if self.instance.pk is None:
            self.initial.setdefault("began_on", today())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.in_order("began_on", "ended_on")
        return cleaned


class FindingForm(EntryForm):
    settled_on = DayField(
        label=_("No longer a risk since"),
        required=False,
        help_text=_("Empty as long as it holds; a finding that is settled asks for no project"),
    )

    class Meta:
        model = Finding
        fields = ("kind", "title", "area", "description", "settled_on")
        widgets = {"kind": forms.RadioSelect, "description": forms.Textarea(attrs={"rows": 5})}
