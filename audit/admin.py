"""The trail for those who may read it: filters, search, old → new; nothing can be changed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from audit import enums, selectors, services
from audit.models import AuditEntry
from core.admin import RolePermissionAdmin
from core.clock import start_of_day, today
from core.csv_lines import csv_lines
from core.dates import format_date
from core.paging import BothEndsPaginator

PERIOD = re.compile(r"(2\d{3})(?:-(0[1-9]|1[0-2]))?", re.ASCII)


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(enums.named_actions().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


class PeriodFilter(admin.SimpleListFilter):
    """A year, or a month of the chosen or the latest year. Nothing is counted: a span of time is all it takes."""

    title = _("time")
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        first, last = selectors.first_day(), today()
        if first is None:
            return []
        wanted = _span(request.GET.get(self.parameter_name, ""))
        shown = wanted[0].year if wanted else last.year
        months = [
            dt.date(shown, month, 1)
            for month in range(12, 0, -1)
            if first.replace(day=1) <= dt.date(shown, month, 1) <= last
        ]
        years = range(last.year, first.year - 1, -1)
        return [
            *((f"{month:%Y-%m}", format_date(f"{month:%Y-%m}")) for month in months),
            *((str(year), format_date(str(year))) for year in years),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        span = _span(self.value() or "")
        return (
            queryset.filter(at__gte=start_of_day(span[0]), at__lt=start_of_day(span[1])) if span else queryset
        )


def _span(period: str) -> tuple[dt.date, dt.date] | None:
    """``2026`` or ``2026-11``: its first day, and the first day after it."""
    found = PERIOD.fullmatch(period)
    if not found:
        return None
    year, month = int(found[1]), int(found[2] or 0)
    if not month:
        return dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    return dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1)


@admin.register(AuditEntry)
class AuditEntryAdmin(RolePermissionAdmin):
    view_permission = "audit.view"
    list_display = ("at", "who", "what", "kind", "target_label", "told", "reason")
    list_display_links = ("at",)
    list_filter = (PeriodFilter, ActionFilter)
    actions = ("export",)
    search_fields = ("target_label", "target_id", "actor_label", "reason")
    ordering = ("-at", "-pk")
    fields = (
        "at",
        "who",
        "what",
        "kind",
        "target_label",
        "target_id",
        "community_id",
        "told",
        "reason",
        "seal",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_names()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Somebody looked for by name is found by number: the trail keeps names masked."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            people = get_user_model().objects.filter(name__icontains=search_term.strip())
            found |= queryset.filter(actor_id__in=people.values("pk"))
        return found, may_have_duplicates

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> BothEndsPaginator:
        total = None if queryset.query.where else selectors.entry_count()
        return BothEndsPaginator(queryset, per_page, orphans, allow_empty_first_page, total=total)

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet) -> StreamingHttpResponse:
        """What was found and ticked, all pages of it if wanted; that somebody took it is an entry itself."""
        rows = services.export_trail(entries=queryset, by=request.user)
        name = f"audit-{today().isoformat()}.csv"
        headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
        return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)

    @admin.display(description=_("actor"), ordering="actor_label")
    def who(self, entry: AuditEntry) -> str:
        return selectors.actor(entry)

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return enums.action_label(entry.action)

    @admin.display(description=_("kind of object"), ordering="target_type")
    def kind(self, entry: AuditEntry) -> str:
        return selectors.kind_of_target(entry.target_type)

    @admin.display(description=_("changes"))
    def told(self, entry: AuditEntry) -> SafeString:
        context = {"changes": selectors.changes(entry)}
        return mark_safe(render_to_string("admin/audit/changes.html", context))  # noqa: S308 - a template escapes
