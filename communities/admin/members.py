"""Who reaches which community, in the staff site."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, RoleScope
from communities.admin.filters import MembershipStateFilter
from communities.models import AccessGrant, AuthorityPost, Membership
from communities.services import members as services
from core.admin import RolePermissionAdmin


class ReachAdmin(RolePermissionAdmin):
    """A row is made once and then only ended: nobody's reach is moved to another community by editing."""

    view_permission = Permission.ACCOUNT_VIEW
    add_permission = Permission.ACCOUNT_MANAGE
    autocomplete_fields = ("user",)
    role_scopes: tuple[str, ...] = (RoleScope.COMMUNITY,)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "role" and field is not None:
            field.queryset = field.queryset.filter(scope__in=self.role_scopes)
        return field

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.ACCOUNT_MANAGE)


@admin.register(Membership)
class MembershipAdmin(ReachAdmin):
    list_display = ("user", "community", "role", "state", "since", "ended_on", "approved_by")
    list_filter = (MembershipStateFilter, "role", "community__province_name")
    list_select_related = ("user", "community", "role", "approved_by")
    search_fields = ("user__name", "user__email", "community__search_text")
    ordering = ("state", "-since", "pk")
    autocomplete_fields = ("user", "community")
    actions = ("approve", "end")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        made = ("user", "community", "role", "origin")
        return (*made, "state", "since", "ended_on", "approved_by", "created_at") if obj else made

    def store(self, request: HttpRequest, obj: Membership, form: Any, *, change: bool) -> Model:
        return services.give_membership(by=request.user, **form.cleaned_data)

    @admin.action(description=_("Approve"), permissions=["manage"])
    def approve(self, request: HttpRequest, queryset: QuerySet) -> None:
        approve = partial(_membership, services.approve_member, request)
        self.apply_to_each(request, queryset, approve, _("%(count)d memberships were approved."))

    @admin.action(description=_("End"), permissions=["manage"])
    def end(self, request: HttpRequest, queryset: QuerySet) -> None:
        end = partial(_membership, services.end_membership, request)
        self.apply_to_each(request, queryset, end, _("%(count)d memberships were ended."))


@admin.register(AuthorityPost)
class AuthorityPostAdmin(ReachAdmin):
    list_display = ("user", "authority", "role", "since")
    list_filter = ("role",)
    list_select_related = ("user", "authority", "role")
    search_fields = ("user__name", "user__email", "authority__name_zh")
    ordering = ("authority__path", "pk")
    fields = ("user", "authority", "role")
    autocomplete_fields = ("user", "authority")
    role_scopes = (RoleScope.AUTHORITY,)
    actions = ("end",)

    def store(self, request: HttpRequest, obj: AuthorityPost, form: Any, *, change: bool) -> Model:
        return services.appoint(by=request.user, **form.cleaned_data)

    @admin.action(description=_("End"), permissions=["manage"])
    def end(self, request: HttpRequest, queryset: QuerySet) -> None:
        def end(post: AuthorityPost) -> None:
            services.end_post(post=post, by=request.user)

        self.apply_to_each(request, queryset, end, _("%(count)d posts were ended."))


@admin.register(AccessGrant)
class AccessGrantAdmin(ReachAdmin):
    list_display = ("user", "community", "role", "until", "reason", "granted_by")
    list_filter = ("role", "until")
    list_select_related = ("user", "community", "role", "granted_by")
    search_fields = ("user__name", "user__email", "community__search_text")
    ordering = ("-created_at", "pk")
    fields = ("user", "community", "role", "until", "reason")
    autocomplete_fields = ("user", "community")
    actions = ("end",)

    def store(self, request: HttpRequest, obj: AccessGrant, form: Any, *, change: bool) -> Model:
        return services.grant_access(by=request.user, **form.cleaned_data)

    @admin.action(description=_("End"), permissions=["manage"])
    def end(self, request: HttpRequest, queryset: QuerySet) -> None:
        def end(grant: AccessGrant) -> AccessGrant:
            return services.end_grant(grant=grant, by=request.user)

        self.apply_to_each(request, queryset, end, _("%(count)d grants were ended."))


def _membership(service: Any, request: HttpRequest, membership: Membership) -> Membership:
    return service(membership=membership, by=request.user)
