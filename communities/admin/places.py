"""Regions (loaded, read-only), authorities and programmes in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.models import Authority, Programme, Region
from communities.selectors import renewals
from communities.services import places as services
from core.admin import RolePermissionAdmin


@admin.register(Region)
class RegionAdmin(RolePermissionAdmin):
    """Comes from the published tables with ``load_register``; editions are not edited by hand."""

    view_permission = Permission.REGISTER_VIEW
    list_display = (
        "code",
        "name_zh",
        "level",
        "parent",
        "code_system",
        "edition",
        "valid_until",
        "successor",
    )
    list_display_links = ("code", "name_zh")
    list_filter = ("level", "code_system", "edition")
    list_select_related = ("parent", "successor")
    search_fields = ("code", "name_zh")
    ordering = ("code", "pk")
    search_help_text = _("Code or name")


@admin.register(Authority)
class AuthorityAdmin(RolePermissionAdmin):
    view_permission = Permission.REGISTER_VIEW
    add_permission = Permission.REGISTER_CHANGE
    change_permission = Permission.REGISTER_CHANGE
    list_display = ("name_zh", "parent", "region")
    list_select_related = ("parent", "region")
    search_fields = ("name_zh", "former_names")
    ordering = ("path", "pk")
    fields = ("name_zh", "name_en", "parent", "region", "former_names", "mailbox", "path")
    readonly_fields = ("path",)
    autocomplete_fields = ("parent", "region")

    def store(self, request: HttpRequest, obj: Authority, form: Any, *, change: bool) -> Model:
        if change:
            return services.change_authority(authority=obj, by=request.user, **form.cleaned_data)
        return services.create_authority(by=request.user, **form.cleaned_data)


@admin.register(Programme)
class ProgrammeAdmin(RolePermissionAdmin):
    view_permission = Permission.REGISTER_VIEW
    change_permission = Permission.REGISTER_CHANGE
    list_display = ("name_zh", "level", "validity_months", "validity_origin")
    ordering = ("-level", "pk")
    readonly_fields = ("code",)
    change_form_template = "admin/communities/change_form.html"

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        is_number = object_id.isascii() and object_id.isdecimal()
        plan = reverse("notices:plan", args=[renewals.NAME, object_id]) if is_number else ""
        links = [{"label": _("Reminders of re-designation"), "url": plan}] if plan else []
        return {"object_links": links}

    def store(self, request: HttpRequest, obj: Programme, form: Any, *, change: bool) -> Model:
        return services.change_programme(programme=obj, by=request.user, **form.cleaned_data)
