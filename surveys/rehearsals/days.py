"""Whether the days of a round are days on which somebody works, and leave time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from surveys.rehearsals.findings import Finding, Level

SHORTEST = 14  # days to fill in; no official source, the round of 2024 gave 46
SATURDAY = 5
# The holidays whose day in the calendar is fixed. Source: 全国年节及纪念日放假办法 (2024). Those by the moon, and the
# working weekends that are moved for them, are decided anew each autumn and are not known here.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def day_findings(opens_on: date, deadline_on: date, closes_on: date, today: date) -> Iterator[Finding]:
    values = {"deadline_on": deadline_on.isoformat(), "closes_on": closes_on.isoformat()}
    days = (deadline_on - max(opens_on, today)).days + 1
    if closes_on < today:
        yield Finding(Level.ERROR, "closed", values)
    elif deadline_on < today:
        yield Finding(Level.ERROR, "passed", values)
    elif days < SHORTEST:
        yield Finding(Level.WARNING, "short", {"days": days})
    else:
        yield Finding(Level.FINE, "days", {**values, "days": days})
    if closes_on == deadline_on:
        yield Finding(Level.WARNING, "closes_at_once")
    yield from _deadline_findings(deadline_on, values)


def _deadline_findings(deadline_on: date, values: dict[str, str]) -> Iterator[Finding]:
    day = (deadline_on.month, deadline_on.day)
    if day in FIXED_HOLIDAYS:
        yield Finding(Level.WARNING, "holiday", values)
    elif deadline_on.weekday() >= SATURDAY:
        yield Finding(Level.WARNING, "weekend", values)
    if day == (2, 29):
        yield Finding(Level.FINE, "leap_day")
