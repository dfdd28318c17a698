"""The outgoing mail as staff see it: states read-only, a preview, and three things that can be done."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import RolePermissionAdmin
from core.admin_site import register_home_panel
from notices import emails, kinds, services
from notices.enums import Kind, NoticeState
from notices.models import CalendarException, Notice, RefusedAddress
from notices.selectors import lacks_holidays


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(RolePermissionAdmin):
    view_permission = "notice.view"
    list_display = (
        "created_at",
        "kind_label",
        "channel",
        "address",
        "recipient",
        "state",
        "attempts",
        "sent_at",
    )
    list_filter = ("state", "channel", KindFilter)
    list_select_related = ("recipient",)
    search_fields = ("address", "recipient__name", "subject")
    ordering = ("-created_at", "-pk")
    fields = (
        "kind_label",
        "channel",
        "address",
        "recipient",
        "language",
        "state",
        "created_at",
        "not_before",
        "attempts",
        "sent_at",
        "read_at",
        "last_error",
        "subject",
        "rendered",
    )
    actions = ("release_held", "hold_back", "retry_failed", "drop_unsent")
    change_form_template = "admin/notices/notice_form.html"

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notice.manage")

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, notice: Notice) -> str:
        return notice.kind_label

    @admin.display(description=_("preview"))
    def rendered(self, notice: Notice) -> SafeString:
        context = {
            "mail": emails.preview(notice),
            "attachments": kinds.described(notice),
            "to_files": settings.EMAIL_TO_FILES,
        }
        return mark_safe(render_to_string("admin/notices/preview.html", context))  # noqa: S308 - a template escapes

    @admin.action(description=_("Release the held notices"), permissions=["manage"])
    def release_held(self, request: HttpRequest, queryset: QuerySet) -> None:
        release = partial(_on, services.release, request)
        self.apply_to_each(request, queryset, release, _("%(count)d notices were released."))

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        notice = self.get_object(request, object_id)
        may_edit = notice and notice.state == NoticeState.HELD and self.has_manage_permission(request)
        links = (
            [{"label": _("Edit the words"), "url": reverse("notices:words", args=[notice.pk])}]
            if may_edit
            else []
        )
        return {"object_links": links}

    @admin.action(description=_("Hold back for a look"), permissions=["manage"])
    def hold_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        hold = partial(_on, services.hold, request)
        self.apply_to_each(request, queryset, hold, _("%(count)d notices are held."))

    @admin.action(description=_("Try again"), permissions=["manage"])
    def retry_failed(self, request: HttpRequest, queryset: QuerySet) -> None:
        retry = partial(_on, services.retry, request)
        self.apply_to_each(request, queryset, retry, _("%(count)d notices will be tried again."))

    @admin.action(description=_("Do not send"), permissions=["manage"])
    def drop_unsent(self, request: HttpRequest, queryset: QuerySet) -> None:
        drop = partial(_on, services.drop, request)
        self.apply_to_each(request, queryset, drop, _("%(count)d notices will not be sent."))


def _on(service: Any, request: HttpRequest, notice: Notice) -> Notice:
    return service(notice=notice, by=request.user)


@admin.register(RefusedAddress)
class RefusedAddressAdmin(RolePermissionAdmin):
    """Addresses that no reminder goes to; their units stand on the phone list of their round."""

    view_permission = "notice.view"
    list_display = ("address", "answer", "refused_at")
    search_fields = ("address",)
    ordering = ("-refused_at", "-pk")
    actions = ("address_works",)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notice.manage")

    @admin.action(description=_("The address takes mail again"), permissions=["manage"])
    def address_works(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = _("%(count)d addresses are written to again.")
        self.apply_to_each(
            request, queryset, lambda row: services.address_works(refused=row, by=request.user), done
        )


@admin.register(CalendarException)
class CalendarExceptionAdmin(RolePermissionAdmin):
    """Working days that the library's table does not know, or knows wrongly."""

    view_permission = add_permission = change_permission = delete_permission = "notice.manage"
    list_display = ("day", "works", "note")
    fields = ("day", "works", "note")
    ordering = ("-day",)
    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if year := lacks_holidays():
            sentence = gettext(
                "The public holidays of %(year)d are not known to this version: Monday to Friday counts. Enter the"
                " exceptions here."
            )
            messages.warning(request, sentence % {"year": year})
        return super().changelist_view(request, extra_context)

    def store(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> Any:
        return services.keep_calendar_day(exception=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.forget_calendar_day(exception=obj, by=request.user)


def outbox_panel(request: HttpRequest) -> dict[str, Any] | None:
    """What staff must look at: mails that could not be sent, and those that wait for a look."""
    if not request.user.has_perm("notice.view"):
        return None
    counts = {state: Notice.objects.filter(state=state).count() for state in _SHOWN}
    address = reverse("admin:notices_notice_changelist")
    return {
        "title": _("Outgoing mail"),
        "alert": _alert(counts[NoticeState.GIVEN_UP], counts[NoticeState.REFUSED]),
        "url": address,
        "action": _("All outgoing mail"),
        "links": [{"label": _("Texts of mails"), "url": reverse("notices:texts")}],
        "items": [
            {
                "label": NoticeState(state).label,
                "value": counts[state],
                "url": f"{address}?state__exact={state}",
                "kind": kind if counts[state] else "",
            }
            for state, kind in _SHOWN.items()
        ],
    }


def _alert(given_up: int, refused: int) -> str:
    """Only while somebody has to do something: try again, or telephone."""
    sentences = []
    if given_up:
        sentences.append(
            ngettext(
                "%(count)d mail could not be sent in a whole day. Look at its last error and try again.",
                "%(count)d mails could not be sent in a whole day. Look at their last error and try again.",
                given_up,
            )
            % {"count": given_up}
        )
    if refused:
        sentences.append(
            ngettext(
                "%(count)d mail was refused because of its address. Telephone the unit and mend the address.",
                "%(count)d mails were refused because of their address. Telephone the units and mend the address.",
                refused,
            )
            % {"count": refused}
        )
    return "\n".join(sentences)


_SHOWN = {
    NoticeState.GIVEN_UP: "late",
    NoticeState.REFUSED: "late",
    NoticeState.HELD: "draft",
    NoticeState.WAITING: "sent",
}

register_home_panel(outbox_panel, order=80)
