"""Rings for a worker after a run's row is committed."""

from django.utils.module_loading import import_string


def ring(run_id: int) -> None:
    """Loads Celery only here: a command that rings for nobody does without its third of a second.

    The application comes first, so that the task belongs to it.
    """
    import_string("config.celery.app")
    import_string("documents.tasks.perform_run").apply_async((run_id,), retry=False)
