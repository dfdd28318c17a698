"""Which periods a kind of report has, and by which day the report of a period is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from projects.enums import ReportKind
from projects.models import ReportRule

MONTHS = {
    ReportKind.MONTHLY: 1,
    ReportKind.HALF_YEAR: 6,
    ReportKind.YEAR_END: 12,
    ReportKind.ASSOCIATION: 12,
}


@dataclass(frozen=True, slots=True)
class Period:
    begins: dt.date
    ends: dt.date


def periods(kind: str, since: dt.date, on: dt.date) -> list[Period]:
    """Those that reach into the month of ``since`` or lie after it, and have begun by ``on``."""
    months = MONTHS[ReportKind(kind)]
    begins = since.replace(month=(since.month - 1) // months * months + 1, day=1)
    found = []
    while begins <= on:
        following = begins + relativedelta(months=months)
        found.append(Period(begins, following - dt.timedelta(days=1)))
        begins = following
    return found


def due_day(rule: ReportRule, period_to: dt.date) -> dt.date:
    """A day the month does not have is its last."""
    return period_to + relativedelta(months=rule.months_after, day=rule.day)
