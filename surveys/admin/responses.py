"""Responses in the staff site: found and looked at here, decided at the review desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.admin import RolePermissionAdmin, RolePermissionInline
from surveys.models import Response, StageChange


class StageChangeInline(RolePermissionInline):
    model = StageChange
    view_permission = Permission.RESPONSE_VIEW
    fields = ("at", "move", "from_stage", "to_stage", "version", "by", "note")
    readonly_fields = fields
    ordering = ("at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(Response)
class ResponseAdmin(RolePermissionAdmin):
    view_permission = Permission.RESPONSE_VIEW
    list_display = (
        "reference", "community", "province", "stage", "stage_since", "deadline", "first_submitted_at", "is_late",
        "reviewer",
    )  # fmt: skip
    list_select_related = ("community", "invitation__round", "reviewer")
    list_filter = ("stage", "is_late", "round", ("community__province_name", admin.AllValuesFieldListFilter))
    search_fields = ("reference", "community__search_text")
    search_help_text = _("Reference, name, former name, pinyin or designation number")
    ordering = ("-round", "pk")
    fields = (
        "desk", "round", "community", "reference", "stage", "stage_since", "version", "first_submitted_at",
        "is_late", "reviewer",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (StageChangeInline,)

    @admin.display(description=_("province as listed"), ordering="community__province_name")
    def province(self, response: Response) -> str:
        return response.community.province_name

    @admin.display(description=_("deadline"))
    def deadline(self, response: Response) -> Any:
        return response.invitation.deadline_on

    @admin.display(description=_("Review"))
    def desk(self, response: Response) -> str:
        url = reverse("surveys:review", args=[response.reference])
        return format_html('<a href="{}">{}</a>', url, response.reference)
