"""Accounts and roles in the staff site; every form is stored by a service."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import selectors, services
from accounts.enums import Permission
from accounts.forms import RoleForm, StaffUserForm
from accounts.models import Role, User
from core.admin import RolePermissionAdmin
from core.dates import format_moment


@admin.register(User)
class UserAdmin(RolePermissionAdmin):
    view_permission = Permission.ACCOUNT_VIEW
    add_permission = Permission.ACCOUNT_MANAGE
    change_permission = Permission.ACCOUNT_MANAGE
    form = StaffUserForm
    list_display = ("shown_name", "email", "mobile", "is_active", "is_staff", "held_roles", "last_login")
    list_display_links = ("shown_name", "email")
    list_filter = ("is_active", "is_staff", "role_grants__role")
    search_fields = ("name", "email", "mobile")
    ordering = ("email",)
    readonly_fields = (
        "is_active",
        "email_confirmed_at",
        "closed_at",
        "erased_at",
        "is_guarded",
        "second_factor",
        "signed_in_at",
        "date_joined",
        "last_login",
    )
    actions = (
        "invite",
        "retract",
        "deactivate",
        "reactivate",
        "end_sessions",
        "remove_second_factor",
        "erase",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("role_grants__role")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        person = ["name", "email", "mobile", "language"]
        rights = ["is_staff", "roles"] if self.has_change_permission(request) else ["is_staff", "held_roles"]
        state = [*self.readonly_fields] if obj else []
        return [
            (None, {"fields": person}),
            (_("Rights"), {"fields": rights}),
            *([(_("State"), {"fields": state})] if state else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        extra = () if self.has_change_permission(request) else ("held_roles",)
        return (*self.readonly_fields, *extra)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.ACCOUNT_MANAGE)

    def store(self, request: HttpRequest, obj: User, form: Any, *, change: bool) -> Model:
        """A new account is invited at once: nobody but its owner ever knows the password."""
        data, by = form.cleaned_data, request.user
        fields = {name: data[name] for name in ("name", "email", "language", "is_staff")}
        with transaction.atomic():
            if change:
                user = services.change_user(user=obj, by=by, mobile=data["mobile"], **fields)
            else:
                user = services.create_user(by=by, mobile=data["mobile"] or "", **fields)
                services.invite_user(user=user, by=by)
            services.set_roles(user=user, roles=data["roles"], by=by)
        return user

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, user: User) -> str:
        return user.name or "–"

    @admin.display(description=_("roles"))
    def held_roles(self, user: User) -> str:
        return gettext(", ").join(str(grant.role) for grant in user.role_grants.all()) or "–"

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        return selectors.has_second_factor(user)

    @admin.display(description=_("signed in on"))
    def signed_in_at(self, user: User) -> str:
        found = [
            f"{session.browser or gettext('unknown device')} ({format_moment(session.seen_at)})"
            for session in selectors.sessions_of(user)
        ]
        return gettext(", ").join(found) or "–"

    @admin.action(description=_("Send a link to choose a password"), permissions=["manage"])
    def invite(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d invitations lie in the outbox.")
        self.apply_to_each(request, queryset, partial(_on, services.invite_user, request), done)

    @admin.action(description=_("Retract the invitation; mailed links end"), permissions=["manage"])
    def retract(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d invitations were retracted.")
        self.apply_to_each(request, queryset, partial(_on, services.retract_invitation, request), done)

    @admin.action(description=_("Close the accounts"), permissions=["manage"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d accounts were closed.")
        self.apply_to_each(request, queryset, partial(_on, services.deactivate_user, request), done)

    @admin.action(description=_("Open the accounts again"), permissions=["manage"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d accounts were opened again.")
        self.apply_to_each(request, queryset, partial(_on, services.reactivate_user, request), done)

    @admin.action(description=_("Sign them out everywhere"), permissions=["manage"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d accounts were signed out everywhere.")
        self.apply_to_each(request, queryset, partial(_on, services.end_sessions, request), done)

    @admin.action(description=_("Take the second factor away (phone lost)"), permissions=["manage"])
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d accounts will set up a new second factor.")
        self.apply_to_each(request, queryset, partial(_on, services.remove_second_factor, request), done)

    @admin.action(
        description=_("Erase the personal data of closed accounts for good"), permissions=["manage"]
    )
    def erase(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("The personal data of %(count)d accounts were erased.")
        self.apply_to_each(request, queryset, partial(_on, services.erase_user, request), done)


@admin.register(Role)
class RoleAdmin(RolePermissionAdmin):
    view_permission = Permission.ACCOUNT_VIEW
    change_permission = Permission.ACCOUNT_MANAGE
    form = RoleForm
    list_display = ("__str__", "scope", "description", "holds")
    ordering = ("pk",)
    fields = ("code", "scope", "name_zh", "name_en", "description_zh", "description_en", "permissions")
    readonly_fields = ("code", "scope")

    def store(self, request: HttpRequest, obj: Role, form: Any, *, change: bool) -> Model:
        return services.change_role(role=obj, by=request.user, **form.cleaned_data)

    @admin.display(description=_("description"))
    def description(self, role: Role) -> str:
        return str(role.description)

    @admin.display(description=_("permissions"))
    def holds(self, role: Role) -> str:
        labels = dict(Permission.choices)
        return gettext(", ").join(str(labels.get(code, code)) for code in role.permissions)


def _on(service: Any, request: HttpRequest, user: User) -> object:
    return service(user=user, by=request.user)
