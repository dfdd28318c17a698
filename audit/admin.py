"""The trail for those who may read it: filters, search, old → new; nothing can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from audit import enums, selectors
from audit.models import AuditEntry
from core.admin import RolePermissionAdmin


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
