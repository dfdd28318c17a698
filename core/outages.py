"""A database that is away: known for a second to every thread of the process once one has waited for it in vain.

Without this each page would wait for itself, and pages that need not wait would stand in line behind them.
"""

import time

from django.utils.module_loading import import_string

# By its path: whoever runs on SQLite need not load the driver of PostgreSQL at every start.
POOL_TIMEOUT = "psycopg_pool.PoolTimeout"
REMEMBERED = 1.0  # seconds; then one page tries again

_until = 0.0


def note(error: BaseException | None) -> None:
    """Only a connection that could not be had at all says that the database is away."""
    global _until  # noqa: PLW0603 - one database, one word for all threads
    cause = error.__cause__ if error is not None else None
    if cause is not None and isinstance(cause, import_string(POOL_TIMEOUT)):
        _until = time.monotonic() + REMEMBERED


def is_on() -> bool:
    return time.monotonic() < _until
