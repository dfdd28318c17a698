"""Celery's side of the runs: load, delegate."""

from celery import shared_task

from documents import services


@shared_task(time_limit=600, soft_time_limit=540)
def perform_run(run_id: int) -> None:
    services.perform(run_id)


@shared_task(time_limit=600, soft_time_limit=540)
def reap_runs() -> None:
    """Take up what a lost bell or a dead worker left behind. Done here, so that a silent broker is enough."""
    services.take_up_lost()
