"""When reminders of a duty leave, and what the apps above know about duties.

A plan is about one thing (``round:3``); its app registers from ``AppConfig.ready`` who owes what by when::

    plans.register("round", Source(kind=Kind.ROUND_REMINDER, …))

Steps are whole days or months relative to the due date, negative before it. A step that falls on a day off moves
forward if that is still before the next step and the due date, else backward; after the due date only forward.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.functional import Promise

from core.workdays import Calendar
from notices.enums import Unit

# How long a step that was missed, say because the worker stood still, is still made up for.
MADE_UP = {Unit.DAYS: dt.timedelta(days=7), Unit.MONTHS: dt.timedelta(days=28)}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One address and the people behind it; ``user`` when the address is somebody's account."""

    address: str
    name: str = ""
    language: str = ""
    user: Any = None


def site_address(user: Any) -> str:
    """Where a message on the site goes, as a mail goes to an address."""
    return f"user:{user.pk}"


def on_site(user: Any) -> Addressee:
    return Addressee(site_address(user), user.name, user.language, user)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed by one community by one day. A step planned before ``since`` is not made up for.

    ``users`` are reminded on the site too.
    """

    subject: str
    due_on: dt.date
    since: dt.datetime
    community_id: int
    addressees: tuple[Addressee, ...]
    context: dict[str, Any] = field(default_factory=dict)
    authority: str = ""
    users: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """``told_kind``: the mail to the supervising authority, empty for none. Functions take the thing's key."""

    kind: str
    unit: Unit
    steps: tuple[int, ...]
    origin: str | Promise
    due_days: Callable[[int], Iterable[dt.date]]
    duties: Callable[[int, dt.date], list[Duty]]
    exists: Callable[[int], bool]
    label: Callable[[int], str]
    back: Callable[[int], str]
    told_kind: str = ""
    escalates_from: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """``nominal``: by the calendar alone; ``opens``: when it really leaves."""

    offset: int
    unit: Unit
    nominal: dt.date
    opens: dt.datetime

    @property
    def key(self) -> str:
        """``-14d``, ``+7d``, ``-18m``: part of what makes a mail unique."""
        return f"{self.offset:+d}{self.unit[0]}"


_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """A second registration of the same name replaces the first."""
    _sources[name] = source


def find(name: str) -> Source | None:
    return _sources.get(name)


def source_of(about: str) -> tuple[Source, int]:
    """``round:3`` → its source and 3. Raises KeyError for a source that no app registers."""
    name, _colon, key = about.partition(":")
    return _sources[name], int(key)


def schedule(due_on: dt.date, offsets: Sequence[int], unit: str, calendar: Calendar) -> list[Step]:
    """The steps of one due date, in their order."""
    ordered = sorted(offsets)
    nominal = [due_on + relativedelta(**{Unit(unit).value: offset}) for offset in ordered]
    return [
        Step(offset, Unit(unit), day, calendar.office_opens(_shifted(day, following, due_on, calendar)))
        for offset, day, following in zip_longest(ordered, nominal, nominal[1:])
    ]


def _shifted(day: dt.date, following: dt.date | None, due_on: dt.date, calendar: Calendar) -> dt.date:
    forward = calendar.first_from(day)
    if day > due_on or forward == day or forward < min(following or due_on, due_on):
        return forward
    return calendar.last_until(day)


def current_step(steps: Sequence[Step], moment: dt.datetime) -> Step | None:
    """The last step whose time has come, unless that was too long ago. Earlier ones that were missed are left out."""
    come = [step for step in steps if step.opens <= moment]
    if not come or moment - come[-1].opens > MADE_UP[come[-1].unit]:
        return None
    return come[-1]
