"""The clock's calls: imports whose time is over."""

from celery import shared_task

from communities.services.imports import batches


@shared_task(time_limit=300, soft_time_limit=280)
def expire_imports() -> None:
    batches.expire_imports()
