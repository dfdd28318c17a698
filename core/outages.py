"""A database that is away: known for a second to every thread of the process once one has waited for it in vain.

Without this each page would wait for itself, and pages that need not wait would stand in line behind them.
"""

import time

from django.utils.module_loading import import_string

# By its path: whoever runs on SQLite need not load the driver of PostgreSQL at every start.
POOL_TIMEOUT = "psycopg_pool.PoolTimeout"
REMEMBERED = 1.0  # seconds; then one page tries again, and the others go by the old word while it waits

_until = 0.0
_is_unproved = False


def note(error: BaseException | None) -> None:
    """Only a connection that could not be had at all says that the database is away."""
    global _until, _is_unproved
    cause = error.__cause__ if error is not None else None
    if cause is not None and isinstance(cause, import_string(POOL_TIMEOUT)):
        _until, _is_unproved = time.monotonic() + REMEMBERED, True


def is_on() -> bool:
    """Whoever asks first when the word has grown old is let through, to prove it or to find out otherwise."""
    global _until, _is_unproved
    moment = time.monotonic()
    if moment < _until:
        return True
    if _is_unproved:
        _until, _is_unproved = moment + REMEMBERED, False
    return False
