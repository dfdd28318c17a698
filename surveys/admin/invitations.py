"""Invitations in the staff site: made by opening a round; codes and letters on demand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from surveys.admin.editions import ManagedByOffice
from surveys.models import Invitation
from surveys.selectors.letter_mails import ALL
from surveys.services import deadlines, invitations, letters

CODES_AT_ONCE = 20
UNITS_AT_ONCE = 200  # their numbers travel in an address


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
    actions = ("extend", "show_codes", "letters", "letter_files", "letter_mails", "reissue", "revoke")

    @admin.display(description=_("deadline"))
    def deadline_on(self, invitation: Invitation) -> Any:
        return invitation.deadline_on

    def store(self, request: HttpRequest, obj: Invitation, form: Any, *, change: bool) -> Model:
        if obj.due_on is None:
            return obj
        return deadlines.extend_deadline(invitation=obj, due_on=obj.due_on, by=request.user)

    @admin.action(description=_("Give more time …"), permissions=["manage"])
    def extend(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """On a page that first says what it comes to."""
        return _on_a_page(request, queryset, "surveys:round_extension")

    @admin.action(description=_("Show the codes (who looks is recorded)"), permissions=["manage"])
    def show_codes(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset.select_related("community")[:CODES_AT_ONCE]:
            code = invitations.show_code(invitation=row, by=request.user)
            text = gettext("%(community)s: %(code)s") % {"community": row.community, "code": code}
            messages.info(request, text)

    @admin.action(description=_("Letters as one PDF"), permissions=["manage"])
    def letters(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return _ask_for_letters(request, queryset, letters.ONE_FILE)

    @admin.action(description=_("Letters, one PDF for each unit (ZIP)"), permissions=["manage"])
    def letter_files(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return _ask_for_letters(request, queryset, letters.ONE_EACH)

    @admin.action(description=_("Letters by e-mail …"), permissions=["manage"])
    def letter_mails(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return _on_a_page(request, queryset, "surveys:letters_mail", choice=ALL)

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


def _on_a_page(request: HttpRequest, queryset: QuerySet, page: str, **more: str) -> HttpResponse | None:
    """The chosen units on a page of their round that says what it comes to."""
    rows = list(queryset.values_list("round__code", "community")[:UNITS_AT_ONCE])
    codes = {code for code, _unit in rows}
    if len(codes) > 1:
        messages.error(request, gettext("These units belong to several rounds. Choose those of one."))
        return None
    query = urlencode([*more.items(), *(("unit", unit) for _code, unit in rows)])
    return redirect(f"{reverse(page, args=codes)}?{query}")


def _ask_for_letters(request: HttpRequest, queryset: QuerySet, handler: str) -> HttpResponse | None:
    try:
        run = letters.request_letters(
            invitations=queryset.select_related("round"), handler=handler, by=request.user
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return None
    return redirect("documents:run", run_id=run.pk)
