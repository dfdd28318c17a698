"""Communities in the staff site."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.admin.filters import COMMUNITY_FILTERS
from communities.admin.inlines import (
    ContactInline,
    DesignationInline,
    EntryInline,
    NameInline,
    PopulationInline,
)
from communities.models import Community, CommunityName
from communities.selectors import search_condition
from communities.selectors.imports import may_import
from communities.services import register as services
from core.admin import RolePermissionAdmin
from notices.selectors import log_of

EDITABLE = (
    "name_zh",
    "name_en",
    "kind",
    "type",
    "published",
    "province_name",
    "city_name",
    "place_at_naming",
    "place_today",
    "region",
    "supervisor",
    "parent",
    "address",
    "note",
)
COMPUTED = ("name_status", "standing", "merged_into", "revision", "created_at")


@admin.register(Community)
class CommunityAdmin(RolePermissionAdmin):
    view_permission = Permission.REGISTER_VIEW
    add_permission = Permission.REGISTER_CHANGE
    change_permission = Permission.REGISTER_CHANGE
    change_form_template = "admin/communities/change_form.html"
    change_list_template = "admin/communities/change_list.html"
    list_display = (
        "name_zh",
        "numbers",
        "province_name",
        "city_name",
        "kind",
        "name_status",
        "standing",
        "published",
    )
    list_filter = COMMUNITY_FILTERS
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("name_zh",)
    search_help_text = _("Name, former name, pinyin, place or designation number")
    ordering = ("province_name", "city_name", "name_zh", "pk")
    fields = (*EDITABLE, *COMPUTED)
    readonly_fields = COMPUTED
    autocomplete_fields = ("region", "supervisor", "parent")
    inlines = (NameInline, EntryInline, DesignationInline, ContactInline, PopulationInline)
    actions = ("accept_suggestion", "keep_printed")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.REGISTER_CHANGE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        return super().get_queryset(request).prefetch_related("entries")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Every name, pinyin and number, as on the public page."""
        return queryset.filter(search_condition(search_term, prefix="")), False

    def store(self, request: HttpRequest, obj: Community, form: Any, *, change: bool) -> Model:
        values = {name: form.cleaned_data[name] for name in EDITABLE if name in form.cleaned_data}
        if not change:
            return services.create_community(by=request.user, **values)
        changed = {name: value for name, value in values.items() if name in form.changed_data}
        return services.change_community(community=obj, by=request.user, **changed)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Names typed or ticked below the form; everything else down there is read-only."""
        for formset in formsets:
            if formset.model is not CommunityName:
                continue
            for row in formset.deleted_forms:
                services.remove_name(name=row.instance, by=request.user)
            for row in formset.extra_forms:
                if row.has_changed() and row not in formset.deleted_forms:
                    _add_name(request, form.instance, row.cleaned_data)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list:
        """The services have told the trail already."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"may_import": may_import(request.user)}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        return {"object_links": _links(request, object_id), "mail_log": _mail_log(request, object_id)}

    @admin.display(description=_("designation number"))
    def numbers(self, community: Community) -> str:
        return ", ".join(str(entry.number) for entry in community.entries.all() if entry.number) or "–"

    @admin.action(description=_("Confirm the name: take over the suggestion"), permissions=["settle"])
    def accept_suggestion(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._settle(request, queryset, accept_suggestion=True)

    @admin.action(description=_("Confirm the name: keep it as printed"), permissions=["settle"])
    def keep_printed(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._settle(request, queryset, accept_suggestion=False)

    def _settle(self, request: HttpRequest, queryset: QuerySet, *, accept_suggestion: bool) -> None:
        settle = partial(_confirm, request, accept_suggestion)
        self.apply_to_each(request, queryset, settle, _("%(count)d names were confirmed."))


def _confirm(request: HttpRequest, accept_suggestion: bool, community: Community) -> Community:
    return services.confirm_name(
        community=community, accept_suggestion=accept_suggestion, by=request.user, source=""
    )


def _add_name(request: HttpRequest, community: Community, typed: dict[str, Any]) -> None:
    services.add_name(
        community=community,
        kind=typed["kind"],
        name=typed["name"],
        source=typed.get("source", ""),
        by=request.user,
    )


def _mail_log(request: HttpRequest, pk: str) -> dict[str, Any] | None:
    """The last mails about a community; for whoever may see the outbox."""
    if not (pk.isascii() and pk.isdecimal() and request.user.has_perm(Permission.NOTICE_VIEW)):
        return None
    outbox = reverse("admin:notices_notice_changelist")
    return {"rows": log_of(int(pk)), "url": f"{outbox}?community_id__exact={pk}"}


def _links(request: HttpRequest, pk: str) -> list[dict[str, Any]]:
    """What can be done with a community beyond its form."""
    wanted = [
        (_("Public page"), "communities:community", Permission.REGISTER_VIEW),
        (_("Show contacts"), "communities:community_contacts", Permission.CONTACT_VIEW),
        (_("Who has access"), "communities:community_access", Permission.ACCOUNT_VIEW),
        (_("Merge into another"), "communities:community_merger", Permission.REGISTER_CHANGE),
    ]
    return [
        {"label": label, "url": reverse(name, args=[pk])}
        for label, name, permission in wanted
        if pk.isascii() and pk.isdecimal() and request.user.has_perm(permission)
    ]
