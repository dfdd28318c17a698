"""The filters of the public register, read from an address. What makes no sense asks for nothing."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.enums import CommunityKind, Status
from communities.search import LONGEST_QUERY
from communities.selectors import RegisterFilters

_YEARS = re.compile(r"^(\d{4})(?:-(\d{4}))?$", re.ASCII)


class RegisterFilterForm(forms.Form):
    q = forms.CharField(required=False, label=_("Search the register"))
    status = forms.ChoiceField(required=False, choices=Status.choices)
    province = forms.CharField(required=False, max_length=40)
    city = forms.CharField(required=False, max_length=60)
    years = forms.CharField(required=False, max_length=9)
    kind = forms.ChoiceField(required=False, choices=CommunityKind.choices)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:LONGEST_QUERY]

    def clean_years(self) -> tuple[int, int] | None:
        found = _YEARS.match(self.cleaned_data["years"])
        return (int(found[1]), int(found[2] or found[1])) if found else None

    @property
    def filters(self) -> RegisterFilters:
        self.is_valid()
        known: dict[str, Any] = self.cleaned_data
        return RegisterFilters(
            query=known.get("q", ""),
            status=known.get("status", ""),
            province=known.get("province", ""),
            city=known.get("city", ""),
            years=known.get("years"),
            kind=known.get("kind", ""),
        )
