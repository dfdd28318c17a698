"""The clock's calls of the safety work: load, delegate."""

from celery import shared_task

from projects.services import rhythm


@shared_task(time_limit=300, soft_time_limit=280)
def plan_reports() -> None:
    """A new month, half-year or year brings its reports."""
    rhythm.plan_reports()
