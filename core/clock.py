"""The one source of time: everything asks here, so that a test (or a replay) can move the clock."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen_at: ContextVar[dt.datetime | None] = ContextVar("clock_frozen_at", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _frozen_at.get() or dt.datetime.now(tz=ZONE)  # noqa: TID251 - the one place


def today() -> dt.date:
    """The date the association's wall calendar shows: deadlines end with this day, not with UTC's."""
    return now().date()


def local(moment: dt.datetime) -> dt.datetime:
    """An aware moment as Shanghai reads it. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive moment has no place in time")
    return moment.astimezone(ZONE)


@contextmanager
def frozen(at: dt.datetime | dt.date | str) -> Iterator[dt.datetime]:
    """Stop the clock for a block: ``with clock.frozen("2024-02-29 23:59"): …``.

    A date means noon of that day, a naive moment is read as Shanghai time. The stop holds
    in this context only (a context variable), so parallel tests and threads keep their own time.
    """
    moment = _moment(at)
    token = _frozen_at.set(moment)
    try:
        yield moment
    finally:
        _frozen_at.reset(token)


def _moment(at: dt.datetime | dt.date | str) -> dt.datetime:
    if isinstance(at, str):
        is_date = len(at) == len("2024-02-29")
        at = dt.date.fromisoformat(at) if is_date else dt.datetime.fromisoformat(at)
    if not isinstance(at, dt.datetime):
        at = dt.datetime.combine(at, dt.time(12))
    return at.replace(tzinfo=ZONE) if at.tzinfo is None else at.astimezone(ZONE)


def start_of_day(day: dt.date) -> dt.datetime:
    """The first moment of that day in Asia/Shanghai."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZONE)


def end_of_day(day: dt.date) -> dt.datetime:
    """The first moment after that day in Asia/Shanghai: a deadline named as a day is met before it."""
    return start_of_day(day + dt.timedelta(days=1))
