"""The clock's call to empty the outbox."""

from celery import shared_task

from notices import emails, services


@shared_task
def deliver_waiting() -> int:
    with emails.Post() as post:
        return services.deliver_waiting(send=post)


@shared_task
def plan_reminders() -> int:
    return services.plan_reminders()
