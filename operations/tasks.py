"""The clock's calls: say that the worker lives, back up, look whether it was done."""

from celery import shared_task

from operations import services
from operations.enums import PulseName


@shared_task(time_limit=30, soft_time_limit=20)
def beat_worker() -> None:
    """Clock, broker, worker and database have all done their part when this is written."""
    services.beat(PulseName.WORKER)


@shared_task(time_limit=600, soft_time_limit=540)
def make_due_backup() -> None:
    services.make_due_backup()


@shared_task(time_limit=600, soft_time_limit=540)
def expire_what_is_due() -> None:
    services.expire_what_is_due()


@shared_task(time_limit=60, soft_time_limit=50)
def warn_of_late_backup() -> None:
    services.warn_of_late_backup()
