"""What beat asks of the injury data."""

from celery import shared_task

from injuries import rollups
from injuries.services import recounts


@shared_task(ignore_result=True)
def sum_up_counts() -> None:
    rollups.move_all()
    rollups.sum_up()


@shared_task(ignore_result=True)
def recount() -> None:
    recounts.recount_all()
