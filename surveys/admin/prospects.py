"""Units that intend to apply, as they came by the open link: confirmed here, or merged into a unit we know."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.admin import RolePermissionAdmin
from core.masks import masked_email, masked_mobile
from surveys.models import ProspectApplication
from surveys.services import prospects


@admin.register(ProspectApplication)
class ProspectApplicationAdmin(RolePermissionAdmin):
    view_permission = Permission.RESPONSE_VIEW
    list_display = (
        "unit_name", "province_name", "city_name", "kind", "person", "confirmed_at", "standing", "is_shown",
        "merging", "round",
    )  # fmt: skip
    list_select_related = ("community", "round")
    list_filter = ("round", ("confirmed_at", admin.EmptyFieldListFilter), "province_name", "kind")
    search_fields = ("unit_name", "city_name")
    ordering = ("-pk",)
    fields = (
        "round", "unit_name", "kind", "province_name", "city_name", "person", "masked_email", "masked_mobile",
        "created_at", "confirmed_at", "community", "user",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("publish",)

    @admin.display(description=_("e-mail"))
    def masked_email(self, application: ProspectApplication) -> str:
        return masked_email(application.email)

    @admin.display(description=_("mobile"))
    def masked_mobile(self, application: ProspectApplication) -> str:
        return masked_mobile(application.mobile)

    @admin.display(description=_("standing"))
    def standing(self, application: ProspectApplication) -> str:
        return application.community.get_standing_display() if application.community else ""

    @admin.display(description=_("shown to the public"), boolean=True)
    def is_shown(self, application: ProspectApplication) -> bool:
        return bool(application.community and application.community.published)

    @admin.display(description=_("the same as a unit we know"))
    def merging(self, application: ProspectApplication) -> str:
        if application.community is None or application.community.standing != "candidate":
            return ""
        url = reverse("surveys:prospect_merge", args=[application.pk])
        return format_html('<a href="{}">{}</a>', url, _("Merge"))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(Permission.REGISTER_CHANGE))

    @admin.action(description=_("Confirm the unit; its page may be seen"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        known = queryset.filter(community__isnull=False).select_related("community")
        done = _("%(count)d units were confirmed.")
        self.apply_to_each(
            request,
            known,
            lambda row: prospects.publish_candidate(community=row.community, by=request.user),
            done,
        )
