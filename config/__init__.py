"""Loads the Celery application with Django, so that every ``shared_task`` belongs to it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
