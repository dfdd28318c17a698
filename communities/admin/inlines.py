"""What stands below a community in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from communities.models import CommunityName, Contact, Designation, Population, RegisterEntry
from core.admin import RolePermissionInline
from core.masks import masked_email, masked_mobile, masked_name


class NameInline(RolePermissionInline):
    """Names are added and taken away, never overwritten: the community page hands both to its service."""

    model = CommunityName
    view_permission = Permission.REGISTER_VIEW
    add_permission = Permission.REGISTER_CHANGE
    delete_permission = Permission.REGISTER_CHANGE
    fields = ("kind", "name", "source", "pinyin")
    readonly_fields = ("pinyin",)


class ContactInline(RolePermissionInline):
    """Masked for everybody; the page of contacts shows them, and records that it did."""

    model = Contact
    view_permission = Permission.REGISTER_VIEW
    fields = ("role", "shown_name", "shown_phone", "shown_mobile", "shown_email", "source", "updated_at")
    readonly_fields = fields
    can_delete = False
    verbose_name_plural = _("contacts (masked)")

    @admin.display(description=_("name"))
    def shown_name(self, contact: Contact) -> str:
        return masked_name(contact.name) or "–"

    @admin.display(description=_("office phone"))
    def shown_phone(self, contact: Contact) -> str:
        return masked_mobile(contact.phone) or "–"

    @admin.display(description=_("mobile"))
    def shown_mobile(self, contact: Contact) -> str:
        return masked_mobile(contact.mobile) or "–"

    @admin.display(description=_("e-mail"))
    def shown_email(self, contact: Contact) -> str:
        return masked_email(contact.email) or "–"


class EntryInline(RolePermissionInline):
    model = RegisterEntry
    view_permission = Permission.REGISTER_VIEW
    fields = ("programme", "number", "sequence", "first_year", "ends_earliest", "ends_latest", "ended_kind")
    readonly_fields = fields
    can_delete = False
    show_change_link = True


class DesignationInline(RolePermissionInline):
    model = Designation
    view_permission = Permission.REGISTER_VIEW
    fields = ("entry", "cycle", "date_text", "precision", "inferred", "source", "recorded_at")
    readonly_fields = fields
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("entry__community").order_by("entry", "cycle")

    @admin.display(description=_("date"))
    def date_text(self, designation: Designation) -> str:
        return designation.date_text


class PopulationInline(RolePermissionInline):
    model = Population
    view_permission = Permission.REGISTER_VIEW
    fields = ("year", "basis", "sex", "age_from", "age_to", "count", "source")
    can_delete = False
