"""Notices, questionnaire editions, rounds and invitations in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from core.admin import RolePermissionAdmin
from surveys.models import Invitation, OfficialNotice, QuestionnaireEdition, Round
from surveys.services import editions, invitations, rounds

CODES_AT_ONCE = 20


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


@admin.register(Round)
class RoundAdmin(ManagedByOffice):
    list_display = ("title_zh", "stage", "opens_on", "deadline_on", "closes_on", "notice")
    list_select_related = ("notice",)
    list_filter = ("stage",)
    search_fields = ("title_zh", "code")
    ordering = ("-opens_on", "-pk")
    fields = (
        "code", "title_zh", "title_en", "notice", "edition", "programme",
        "opens_on", "deadline_on", "closes_on", "stage", "created_at", "created_by",
    )  # fmt: skip
    readonly_fields = ("stage", "created_at", "created_by")
    actions = ("open", "close", "reopen")

    def store(self, request: HttpRequest, obj: Round, form: Any, *, change: bool) -> Model:
        if not change:
            obj.created_by = request.user
        return rounds.save_round(survey_round=obj, by=request.user)

    @admin.action(description=_("Open: every named community is asked"), permissions=["manage"])
    def open(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d rounds are open.")
        self.apply_to_each(
            request, queryset, lambda row: rounds.open_round(survey_round=row, by=request.user), done
        )

    @admin.action(description=_("Close"), permissions=["manage"])
    def close(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d rounds are closed.")
        self.apply_to_each(
            request, queryset, lambda row: rounds.close_round(survey_round=row, by=request.user), done
        )

    @admin.action(description=_("Open again, until the closing day on the form"), permissions=["manage"])
    def reopen(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d rounds are open.")
        self.apply_to_each(
            request,
            queryset,
            lambda row: rounds.reopen_round(survey_round=row, closes_on=row.closes_on, by=request.user),
            done,
        )


@admin.register(Invitation)
class InvitationAdmin(ManagedByOffice):
    """Made by opening a round; here the own deadline is moved and codes are shown, renewed, revoked."""

    add_permission = ""
    list_display = ("community", "round", "deadline_on", "valid_until", "opened_at", "used_at", "revoked_at")
    list_select_related = ("community", "round")
    list_filter = (
        "round",
        ("used_at", admin.EmptyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("community__search_text",)
    search_help_text = _("Name, former name, pinyin, place or designation number")
    ordering = ("-round", "pk")
    fields = (
        "community",
        "round",
        "due_on",
        "valid_until",
        "generation",
        "opened_at",
        "used_at",
        "revoked_at",
    )
    readonly_fields = (
        "community",
        "round",
        "valid_until",
        "generation",
        "opened_at",
        "used_at",
        "revoked_at",
    )
    actions = ("show_codes", "reissue", "revoke")

    @admin.display(description=_("deadline"))
    def deadline_on(self, invitation: Invitation) -> Any:
        return invitation.deadline_on

    def store(self, request: HttpRequest, obj: Invitation, form: Any, *, change: bool) -> Model:
        if obj.due_on is None:
            return obj
        return rounds.extend_deadline(invitation=obj, due_on=obj.due_on, by=request.user)

    @admin.action(description=_("Show the codes (who looks is recorded)"), permissions=["manage"])
    def show_codes(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset.select_related("community")[:CODES_AT_ONCE]:
            code = invitations.show_code(invitation=row, by=request.user)
            text = gettext("%(community)s: %(code)s") % {"community": row.community, "code": code}
            messages.info(request, text)

    @admin.action(description=_("Issue a new code; the old one ends"), permissions=["manage"])
    def reissue(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d new codes were issued.")
        self.apply_to_each(
            request,
            queryset,
            lambda row: invitations.reissue_invitation(invitation=row, by=request.user),
            done,
        )

    @admin.action(description=_("Revoke"), permissions=["manage"])
    def revoke(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d invitations were revoked.")
        self.apply_to_each(
            request,
            queryset,
            lambda row: invitations.revoke_invitation(invitation=row, by=request.user),
            done,
        )
