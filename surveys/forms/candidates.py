"""Which unit of the register a candidate is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.enums import Standing
from communities.models import Community, RegisterEntry
from communities.selectors import INTERNATIONAL


class CandidateForm(forms.Form):
    number = forms.IntegerField(
        label=_("Designation number"),
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("The number of the unit in the register, for example 422"),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if number := cleaned.get("number"):
            entry = (
                RegisterEntry.objects.filter(programme__code=INTERNATIONAL, number=number)
                .select_related("community")
                .first()
            )
            if entry is None or entry.community.standing == Standing.MERGED:
                self.add_error("number", _("No unit of the register has this number."))
            else:
                community: Community = entry.community
                cleaned["into"] = community
        return cleaned
