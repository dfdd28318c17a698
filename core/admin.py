"""What every model page of the staff site shares: rights come from our roles, writes go through services."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.errors import Refused


class ByRole:
    """Asks the reader's roles for each right. An empty code means that nobody has it here."""

    view_permission = ""
    add_permission = ""
    change_permission = ""
    delete_permission = ""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _holds(request, self.view_permission) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _holds(request, self.add_permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _holds(request, self.change_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _holds(request, self.delete_permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class RolePermissionInline(ByRole, admin.TabularInline):
    """Rows of another table on the same page; read-only unless a permission is named."""

    extra = 0
    show_change_link = False


class RolePermissionAdmin(ByRole, admin.ModelAdmin):
    """A model page whose form is stored by a service (``store``); the page itself writes nothing.

    A refusal of the service is shown above the form with all its reasons, and nothing is kept.
    """

    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    save_on_top = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """No list is narrowed by a personal value or a secret: it would be guessed letter by letter."""
        secret: frozenset[str] = getattr(self.model, "Privacy").personal  # noqa: B009 - not every model's class says so
        return lookup.partition("__")[0] not in secret and super().lookup_allowed(lookup, value, request)

    def store(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> models.Model:
        """Hand the cleaned form to a service and return what it stored."""
        raise NotImplementedError(f"{type(self).__name__} names no service that stores it")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = self.store(request, obj, form, change=change).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: what belongs to the object is stored by its own service in ``store``."""

    def more_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """What the page of one object shows beyond its form; ``object_links``: label and url of what can be done."""
        return {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        more = self.more_context(request, object_id) if object_id else {}
        try:
            return super().changeform_view(request, object_id, form_url, {**more, **(extra_context or {})})
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, str(reason))
            return HttpResponseRedirect(request.get_full_path())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one trail tells what happened to this object."""
        query = urlencode({"target_type": self.opts.label_lower, "target_id": object_id})
        return HttpResponseRedirect(f"{reverse('admin:audit_auditentry_changelist')}?{query}")

    def apply_to_each(
        self, request: HttpRequest, rows: Iterable[Any], service: Callable[[Any], object], done: Any
    ) -> None:
        """An action's work: one service call a row, a sentence for each refusal, ``done`` with ``%(count)d``."""
        count = 0
        for row in rows:
            try:
                service(row)
                count += 1
            except Refused as refused:
                messages.error(request, f"{row}: {refused}")
        if count:
            messages.success(request, str(done) % {"count": count})

    # Who did what is told by the audit trail, once; the admin's own list of actions stays empty.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...


def _holds(request: HttpRequest, permission: str) -> bool:
    return bool(permission) and request.user.has_perm(permission)
