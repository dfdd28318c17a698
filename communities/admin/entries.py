"""Register entries in the staff site: the status is shown and filtered by, never typed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.admin.filters import StatusFilter
from communities.admin.inlines import DesignationInline
from communities.enums import Status
from communities.models import RegisterEntry
from communities.selectors import search_condition, status_sentence
from communities.services import register as services
from core.admin import RolePermissionAdmin

EDITABLE = ("complete_to", "external_id", "external_url", "source")
FACTS = (
    "community",
    "programme",
    "number",
    "sequence",
    "first_year",
    "year_inferred",
    "shown_status",
    "sentence",
    "ends_earliest",
    "ends_latest",
    "ended_kind",
    "ended_on",
    "ended_basis",
    "printed",
    "corrections",
    "updated_at",
)


@admin.register(RegisterEntry)
class RegisterEntryAdmin(RolePermissionAdmin):
    view_permission = Permission.REGISTER_VIEW
    add_permission = Permission.REGISTER_CHANGE
    change_permission = Permission.REGISTER_CHANGE
    change_form_template = "admin/communities/change_form.html"
    list_display = ("number", "community", "place", "programme", "first_year", "shown_status", "ends_latest")
    list_display_links = ("number", "community")
    list_filter = (StatusFilter, "programme", "year_inferred")
    search_fields = ("community__name_zh",)
    search_help_text = _("Name, former name, pinyin, place or designation number")
    ordering = ("programme", "-number", "pk")
    inlines = (DesignationInline,)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegisterEntry]:
        entries: QuerySet[RegisterEntry] = RegisterEntry.objects.with_status()
        return entries.select_related("community", "programme").order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queryset.filter(search_condition(search_term)), False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*FACTS, *EDITABLE) if obj else ("community", "programme", "number", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return FACTS if obj else ()

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("community",)

    def store(self, request: HttpRequest, obj: RegisterEntry, form: Any, *, change: bool) -> Model:
        if change:
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            return services.change_entry(entry=obj, by=request.user, **changed)
        return services.add_entry(by=request.user, **form.cleaned_data)

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        return {"object_links": _links(request, object_id)}

    @admin.display(description=_("place as listed"))
    def place(self, entry: RegisterEntry) -> str:
        return entry.community.listed_place

    @admin.display(description=_("status"))
    def shown_status(self, entry: RegisterEntry) -> str:
        return str(Status(entry.__dict__["status"]).label)

    @admin.display(description=_("why"))
    def sentence(self, entry: RegisterEntry) -> str:
        return status_sentence(entry)


def _links(request: HttpRequest, pk: str) -> list[dict[str, Any]]:
    """What can be done with an entry beyond its form."""
    if not (pk.isascii() and pk.isdecimal() and request.user.has_perm(Permission.REGISTER_CHANGE)):
        return []
    wanted = [
        (_("Add a re-designation"), "communities:entry_renewal"),
        (_("Set the date of designation"), "communities:entry_first_date"),
        (_("Record the end"), "communities:entry_end"),
    ]
    return [{"label": label, "url": reverse(name, args=[pk])} for label, name in wanted]
