"""Filters of the staff lists with the number of rows behind each choice, all counted in one query."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.enums import (
    TO_APPROVE,
    CommunityKind,
    CommunityType,
    MembershipState,
    NameStatus,
    Standing,
    Status,
)
from communities.models import Community, RegisterEntry

COUNTED = ("standing", "name_status", "kind", "type", "province_name", "published")
WAITING = "waiting"


class CountedFilter(admin.SimpleListFilter):
    """By one of the counted fields of a community. Counts are those of the whole register."""

    labels: dict[Any, Any] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        counts = self.counts(request)
        known = [value for value in self.labels if counts.get(value)] or [
            value for value, _n in counts.most_common() if value != ""
        ]
        return [(str(value), f"{self.labels.get(value, value)} ({counts[value]})") for value in known]

    def counts(self, request: HttpRequest) -> Counter[Any]:
        place = COUNTED.index(str(self.parameter_name))
        counts: Counter[Any] = Counter()
        for row in _cells(request):
            counts[row[place]] += row[-1]
        return counts

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None:
            return queryset
        known = {str(choice): choice for choice in self.counts(request)}
        return (
            queryset.filter(**{str(self.parameter_name): known[value]}) if value in known else queryset.none()
        )


class StandingFilter(CountedFilter):
    title, parameter_name = _("standing"), "standing"
    labels = dict(Standing.choices)


class NameStatusFilter(CountedFilter):
    """The first choice is the office's work: every name that its unit has still to confirm."""

    title, parameter_name = _("state of the name"), "name_status"
    labels = dict(NameStatus.choices)
    waiting = (NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        counts = self.counts(request)
        waiting = sum(counts[status] for status in self.waiting)
        first = [(WAITING, f"{_('Names to be confirmed')} ({waiting})")] if waiting else []
        return first + super().lookups(request, model_admin)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == WAITING:
            return queryset.filter(name_status__in=self.waiting)
        return super().queryset(request, queryset)


class KindFilter(CountedFilter):
    title, parameter_name = _("kind"), "kind"
    labels = dict(CommunityKind.choices)


class TypeFilter(CountedFilter):
    title, parameter_name = _("type"), "type"
    labels = dict(CommunityType.choices)


class ProvinceFilter(CountedFilter):
    title, parameter_name = _("province as listed"), "province_name"


class PublishedFilter(CountedFilter):
    title, parameter_name = _("shown to the public"), "published"
    labels = {True: _("yes"), False: _("no")}


COMMUNITY_FILTERS = (
    StandingFilter,
    NameStatusFilter,
    KindFilter,
    TypeFilter,
    ProvinceFilter,
    PublishedFilter,
)


class StatusFilter(admin.SimpleListFilter):
    """By the computed status, with the number of rows behind each."""

    title, parameter_name = _("status"), "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = RegisterEntry.objects.with_status().values_list("status").annotate(n=Count("pk"))
        counts = dict(rows.order_by("status"))
        return [
            (status.value, f"{status.label} ({counts[status.value]})")
            for status in Status
            if counts.get(status.value)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() in Status.values else queryset


class MembershipStateFilter(admin.SimpleListFilter):
    """The first choice is the office's work: whoever still waits for somebody to vouch."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(WAITING, _("Memberships to approve")), *MembershipState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == WAITING:
            return queryset.filter(state__in=TO_APPROVE)
        return queryset.filter(state=self.value()) if self.value() in MembershipState.values else queryset


def _cells(request: HttpRequest) -> list[tuple[Any, ...]]:
    """Rows by all counted fields at once; read once per request, however many filters ask."""
    kept = request.__dict__
    if "_community_cells" not in kept:
        rows = Community.objects.values_list(*COUNTED).annotate(n=Count("pk")).order_by(*COUNTED)
        kept["_community_cells"] = list(rows)
    return kept["_community_cells"]
