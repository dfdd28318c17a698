"""Reports exist before anyone writes, so that what is missing shows; staff set by which day each is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from accounts.enums import Permission
from audit import services as audit
from communities.enums import Standing
from core.clock import today
from projects.enums import IN_THE_UNIT
from projects.models import PeriodReport, ReportRule, SafetyWork, YearlyMinimum
from projects.selectors.periods import due_day, periods
from projects.services import reminders

AT_ONCE = 1000
Works = Sequence[tuple[int, dt.date]]


def plan_reports(on: dt.date | None = None, *, community_id: int | None = None) -> int:
    """A row for each period that has begun; return how many came. Twice is harmless."""
    found = SafetyWork.objects.exclude(community__standing=Standing.MERGED).order_by("community_id")
    if community_id is not None:
        found = found.filter(community=community_id)
    works = list(found.values_list("community_id", "started_on"))
    rules = ReportRule.objects.filter(is_on=True).order_by("pk")
    return sum(_plan(rule, works, on or today()) for rule in rules)


@transaction.atomic
def _plan(rule: ReportRule, works: Works, on: dt.date) -> int:
    """Three questions to the database and one for each thousand new rows, whatever the number of communities."""
    there = PeriodReport.objects.filter(kind=rule.kind)
    if len(works) == 1:
        there = there.filter(community=works[0][0])
    known = set(there.order_by().values_list("community_id", "period_from"))
    new = [
        PeriodReport(
            community_id=community_id,
            kind=rule.kind,
            period_from=period.begins,
            period_to=period.ends,
            due_on=due_day(rule, period.ends),
        )
        for community_id, since in works
        for period in periods(rule.kind, since, on)
        # A day that had passed before anybody was asked makes no report missing.
        if (community_id, period.begins) not in known and due_day(rule, period.ends) >= on
    ]
    if new:
        reminders.start(rule)
        PeriodReport.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)
        audit.record("report.plan", by=None, target=rule, changes={"laid_out": len(new)})
    return len(new)


# --- What staff set -------------------------------------------------------------------------------------------

RULE_FIELDS = ("months_after", "day", "is_on", "source_zh", "source_en")
MINIMUM_FIELDS = ("least", "is_on", "source_zh", "source_en")


@transaction.atomic
def change_rule(*, rule: ReportRule, by: Any, **fields: Any) -> ReportRule:
    """The due day of what is still to be written and not yet due moves along, never into the past."""
    locked = ReportRule.objects.select_for_update().get(pk=rule.pk)
    changes = _change(locked, RULE_FIELDS, fields, by=by)
    if changes:
        moved = _move_due_days(locked) if changes.keys() & {"months_after", "day"} else 0
        audit.record("report_rule.change", by=by, target=locked, changes={**changes, "moved": moved})
    return locked


def _move_due_days(rule: ReportRule) -> int:
    """One update for each period that is not yet due: few, whatever the number of communities."""
    day = today()
    waiting = PeriodReport.objects.filter(kind=rule.kind, stage__in=IN_THE_UNIT, due_on__gte=day)
    ends = list(waiting.order_by("period_to").values_list("period_to", flat=True).distinct())
    return sum(
        waiting.filter(period_to=period_to).update(due_on=max(due_day(rule, period_to), day))
        for period_to in ends
    )


@transaction.atomic
def change_minimum(*, minimum: YearlyMinimum, by: Any, **fields: Any) -> YearlyMinimum:
    locked = YearlyMinimum.objects.select_for_update().get(pk=minimum.pk)
    if changes := _change(locked, MINIMUM_FIELDS, fields, by=by):
        audit.record("yearly_minimum.change", by=by, target=locked, changes=changes)
    return locked


def _change(row: models.Model, names: Sequence[str], fields: dict[str, Any], *, by: Any) -> dict[str, Any]:
    if not by.has_perm(Permission.WORK_MANAGE):
        raise PermissionDenied(Permission.WORK_MANAGE)
    changes: dict[str, Any] = {}
    for name in names:
        old, new = getattr(row, name), fields.get(name, getattr(row, name))
        if old != new:
            changes[name] = [old, new]
            setattr(row, name, new)
    if changes:
        row.full_clean()
        row.save(update_fields=list(changes))
    return changes
