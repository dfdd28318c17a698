"""The filters of the public register, read from an address. What makes no sense asks for nothing."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleCode
from communities.enums import CommunityKind, EntryEnd, ImportKind, Status
from communities.models import Community
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


class DesignationDateForm(forms.Form):
    """A date of naming or re-designation as precise as it is known."""

    date_text = forms.CharField(
        label=_("Date"), max_length=10, help_text=_("2020, 2020-05 or 2020-05-01, as precise as it is known")
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("The document or letter that says so")
    )


class EntryEndForm(forms.Form):
    kind = forms.ChoiceField(label=_("Ended by"), choices=EntryEnd.choices)
    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    basis = forms.CharField(label=_("Decision document"), max_length=200)


class MergerForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("Merged into"),
        queryset=Community.objects.none(),
        widget=forms.NumberInput,
        help_text=_("The number of the other community on this platform, as in its address"),
    )
    reason = forms.CharField(label=_("Decision document"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Community.objects.order_by("pk")


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    phone = forms.CharField(label=_("Office phone"), required=False, max_length=40)
    mobile = forms.CharField(label=_("Mobile"), required=False, max_length=20)
    email = forms.EmailField(label=_("E-mail"), required=False)


# What a unit calls its own people.
UNIT_ROLES = [
    (code.value, code.label)
    for code in (RoleCode.COMMUNITY_LIAISON, RoleCode.COMMUNITY_LEADER, RoleCode.COMMUNITY_CLERK)
]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=UNIT_ROLES)


class ColleagueForm(RoleForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("A link to choose a password is sent there, unless there is an account."),
    )


class ImportForm(forms.Form):
    """Which kind of table, the file, and what says so. The file is judged by its content, in the background."""

    kind = forms.ChoiceField(label=_("What the table holds"), choices=())
    # An empty file is refused where every other bad one is, with a sentence of its own.
    upload = forms.FileField(
        label=_("Table"),
        allow_empty_file=True,
        max_length=255,
        help_text=_("Excel (.xlsx or .xls), OpenDocument (.ods) or CSV, at most 20 MB"),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_("The letter or list that says so; empty takes the name of the file."),
    )

    def __init__(self, *args: Any, kinds: list[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["upload"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv,.txt"
        self.fields["upload"].error_messages["required"] = _("Choose the table that is to be brought in.")
