"""Rings for a worker after a run's row is committed."""

import logging
import time

from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

# After a ring that nobody could hear: so many seconds without trying again, so that the next page does not wait for
# the broker too. The clock finds the rows meanwhile.
QUIET = 10.0
_quiet_until = 0.0


def ring(run_id: int) -> None:
    """Loads Celery only here: a command that rings for nobody does without its third of a second.

    The application comes first, so that the task belongs to it. A broker that is away costs one page a moment.
    """
    global _quiet_until  # noqa: PLW0603 - one broker, one silence for all threads
    if time.monotonic() < _quiet_until:
        return
    import_string("config.celery.app")
    try:
        import_string("documents.tasks.perform_run").apply_async((run_id,), retry=False)
    except import_string("kombu.exceptions.OperationalError") as error:
        _quiet_until = time.monotonic() + QUIET
        log.warning("the broker is away, run %d waits for the clock: %s", run_id, error)
