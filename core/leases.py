"""Work that one worker holds for a while: kept as long as the worker lives, free again seconds after it died.

A row in somebody's hands bears ``lease_until``. Whoever does the work prolongs it from a thread of its own, so that
slow work is never taken for lost, and lost work never waits for as long as the slowest might take.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.models import Q

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=35)
EVERY = 8.0  # seconds; three may fail before the lease ends
# Clocks of machines that work together differ by less; a lease that ends later was written under a wrong clock.
SKEW = dt.timedelta(minutes=15)


def lapsed(moment: dt.datetime) -> Q:
    """The worker is dead, or the clock was set back since: nobody would wait for days for a lease of seconds."""
    return Q(lease_until__lt=moment) | Q(lease_until__gt=moment + LEASE + SKEW)


@contextmanager
def kept(prolong: Callable[[], object], *, every: float = 0) -> Iterator[None]:
    """Call ``prolong`` every few seconds until the block ends; never after it. ``every``: other ones than usual."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(prolong, ended, every), daemon=True, name="lease")
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep(prolong: Callable[[], object], ended: threading.Event, every: float) -> None:
    while not ended.wait(every or EVERY):
        try:
            prolong()
        except DatabaseError as error:
            log.warning("a lease could not be prolonged: %s", type(error).__name__)
        finally:
            # This thread's own; it goes back to the pool, and a broken one out of the way.
            connection.close()
