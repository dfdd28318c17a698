"""Responses in the staff site: found and looked at here, decided at the review desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.admin import RolePermissionAdmin, RolePermissionInline
from surveys.enums import Stage
from surveys.lifecycle import LIFECYCLE
from surveys.models import Response, ReturnReason, StageChange
from surveys.services import return_reasons
from surveys.services.corrections import has_due_day


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
    ordering = ("-round_id", "pk")
    fields = (
        "desk", "round", "community", "reference", "stage", "stage_since", "version", "first_submitted_at",
        "is_late", "return_due_on", "reviewer",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (StageChangeInline,)

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        return {"object_links": self._links(request, object_id)}

    def _links(self, request: HttpRequest, object_id: str) -> list[dict[str, Any]]:
        """What can be done with this response outside the review desk, each on a page that asks once more."""
        response = self.get_object(request, object_id)
        if response is None or not request.user.has_perm(Permission.RESPONSE_REVIEW):
            return []
        wanted = [
            (_("Give another day"), "surveys:review_due_day", has_due_day(response)),
            (
                _("Enter a paper"),
                "surveys:paper_entry",
                response.stage in LIFECYCLE.find("enter_paper").from_stages,
            ),
            (_("Open again"), "surveys:review_reopen", response.stage == Stage.VOID),
            (_("Make void"), "surveys:review_void", response.stage in LIFECYCLE.find("void").from_stages),
        ]
        return [
            {"label": label, "url": reverse(name, args=[response.reference])}
            for label, name, is_possible in wanted
            if is_possible
        ]

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


@admin.register(ReturnReason)
class ReturnReasonAdmin(RolePermissionAdmin):
    """The list that reviewers choose from. Nobody deletes: what was used once is hidden."""

    view_permission = Permission.RESPONSE_VIEW
    add_permission = Permission.RESPONSE_REVIEW
    change_permission = Permission.RESPONSE_REVIEW
    list_display = ("text_zh", "about", "position", "is_active")
    list_filter = ("about", "is_active")
    search_fields = ("text_zh", "text_en")
    ordering = ("about", "position", "pk")
    fields = ("about", "text_zh", "text_en", "position", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a reason speaks of stays: remarks were counted under it."""
        return ("about",) if obj else ()

    def store(self, request: HttpRequest, obj: ReturnReason, form: Any, *, change: bool) -> Model:
        return return_reasons.save_reason(reason=obj, by=request.user)
