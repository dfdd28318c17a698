"""The clock's calls: accounts that nobody uses, sessions that have ended."""

from celery import shared_task

from accounts import services


@shared_task(time_limit=300, soft_time_limit=280)
def close_idle_accounts() -> None:
    services.close_idle_accounts()


@shared_task(time_limit=300, soft_time_limit=280)
def clear_ended_sessions() -> None:
    services.clear_ended_sessions()
