"""The one source of time: everything asks here, so that a test (or a replay) can move the clock."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen_at: ContextVar[datetime.datetime | None] = ContextVar("clock_frozen_at", default=None)


def now() -> datetime.datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _frozen_at.get() or datetime.datetime.now(tz=ZONE)


def today() -> datetime.date:
    """The date the association's wall calendar shows: deadlines end with this day, not with UTC's."""
    return now().date()


def local(moment: datetime.datetime) -> datetime.datetime:
    """An aware moment as Shanghai reads it. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive moment has no place in time")
    return moment.astimezone(ZONE)


@contextmanager
def frozen(at: datetime.datetime | datetime.date | str) -> Iterator[datetime.datetime]:
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


def _moment(at: datetime.datetime | datetime.date | str) -> datetime.datetime:
    if isinstance(at, str):
        is_date = len(at) == len("2024-02-29")
        at = datetime.date.fromisoformat(at) if is_date else datetime.datetime.fromisoformat(at)
    if not isinstance(at, datetime.datetime):
        at = datetime.datetime.combine(at, datetime.time(12))
    return at.replace(tzinfo=ZONE) if at.tzinfo is None else at.astimezone(ZONE)
