"""Notices and questionnaire editions in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.admin import RolePermissionAdmin
from surveys.models import OfficialNotice, QuestionnaireEdition
from surveys.services import editions, rounds


class ManagedByOffice(RolePermissionAdmin):
    view_permission = Permission.ROUND_VIEW
    add_permission = Permission.ROUND_MANAGE
    change_permission = Permission.ROUND_MANAGE

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.ROUND_MANAGE)


@admin.register(OfficialNotice)
class OfficialNoticeAdmin(ManagedByOffice):
    list_display = ("number", "title", "issuer", "issued_on", "publicity")
    search_fields = ("number", "title")
    ordering = ("-issued_on", "-pk")

    def store(self, request: HttpRequest, obj: OfficialNotice, form: Any, *, change: bool) -> Model:
        return rounds.save_notice(notice=obj, by=request.user)


@admin.register(QuestionnaireEdition)
class QuestionnaireEditionAdmin(ManagedByOffice):
    list_display = ("title_zh", "code", "source", "published_at", "needs_sealed_copy")
    search_fields = ("title_zh", "code")
    ordering = ("-pk",)
    fields = ("definition", "code", "title_zh", "title_en", "source", "needs_sealed_copy", "published_at")
    readonly_fields = ("code", "title_zh", "title_en", "source", "needs_sealed_copy", "published_at")
    actions = ("publish", "copy")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published edition is only looked at."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request) or super().has_change_permission(request)

    def store(self, request: HttpRequest, obj: QuestionnaireEdition, form: Any, *, change: bool) -> Model:
        definition = form.cleaned_data["definition"]
        return editions.save_edition(definition=definition, edition=obj if change else None, by=request.user)

    @admin.action(description=_("Publish: from then on unchangeable"), permissions=["manage"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d editions are published.")
        self.apply_to_each(
            request, queryset, lambda row: editions.publish_edition(edition=row, by=request.user), done
        )

    @admin.action(description=_("Copy, to work on a new edition"), permissions=["manage"])
    def copy(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d copies were made.")
        self.apply_to_each(request, queryset, lambda row: _copied(request, row), done)


def _copied(request: HttpRequest, edition: QuestionnaireEdition) -> QuestionnaireEdition:
    number = QuestionnaireEdition.objects.filter(code__startswith=f"{edition.code}-copy").count() + 1
    return editions.copy_edition(edition=edition, code=f"{edition.code}-copy{number}", by=request.user)
