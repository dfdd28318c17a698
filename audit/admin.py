"""The trail for those who may read it: filters, search, old → new; nothing can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from audit import enums, selectors, services
from audit.models import AuditEntry
from core.admin import RolePermissionAdmin
from core.clock import today
from core.csv_lines import csv_lines


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(enums.named_actions().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(RolePermissionAdmin):
    view_permission = "audit.view"
    list_display = ("at", "who", "what", "kind", "target_label", "told", "reason")
    list_display_links = ("at",)
    list_filter = (ActionFilter,)
    actions = ("export",)
    search_fields = ("target_label", "target_id", "actor_label", "reason")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = (
        "at",
        "who",
        "what",
        "kind",
        "target_label",
        "target_id",
        "community_id",
        "told",
        "reason",
        "seal",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_names()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Somebody looked for by name is found by number: the trail keeps names masked."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            people = get_user_model().objects.filter(name__icontains=search_term.strip())
            found |= queryset.filter(actor_id__in=people.values("pk"))
        return found, may_have_duplicates

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet) -> StreamingHttpResponse:
        """What was found and ticked, all pages of it if wanted; that somebody took it is an entry itself."""
        rows = services.export_trail(entries=queryset, by=request.user)
        name = f"audit-{today().isoformat()}.csv"
        headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
        return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)

    @admin.display(description=_("actor"), ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return selectors.actor(entry)

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return enums.action_label(entry.action)

    @admin.display(description=_("kind of object"), ordering="target_type")
    def kind(self, entry: AuditEntry) -> str:
        return selectors.kind_of_target(entry.target_type)

    @admin.display(description=_("changes"))
    def told(self, entry: AuditEntry) -> SafeString:
        context = {"changes": selectors.changes(entry)}
        return mark_safe(render_to_string("admin/audit/changes.html", context))  # noqa: S308 - a template escapes
