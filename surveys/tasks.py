"""Celery's side of the surveys: load, delegate."""

from celery import shared_task

from communities import figures as register
from surveys import figures
from surveys.services import blank_forms, recounts


@shared_task(time_limit=60, soft_time_limit=50)
def request_blank_forms() -> None:
    """Blank forms that were published before there were files of them, or that a new recipe makes out of date."""
    blank_forms.request_missing()


@shared_task(time_limit=60, soft_time_limit=50)
def sum_up_figures() -> None:
    """Every change of a figure is a row; what has piled up becomes one row a figure."""
    register.sum_up()
    figures.sum_up_all()


@shared_task(time_limit=600, soft_time_limit=580)
def recount_figures() -> None:
    """Once a night, and so within a day of every upgrade."""
    recounts.recount_all()
