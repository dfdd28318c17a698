"""The clock's call to seal the trail."""

from celery import shared_task

from audit import services


@shared_task
def seal_trail() -> int:
    return services.seal_trail()
