"""How the installation is, from what it wrote down about itself."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Min

from accounts.models import User
from core.clock import now
from operations.enums import PulseName
from operations.models import Pulse

# The clock rings every minute; three missed are no accident.
WORKER_SILENT = dt.timedelta(minutes=3)


def last_pulse(name: PulseName) -> dt.datetime | None:
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def worker_is_silent() -> bool:
    last = last_pulse(PulseName.WORKER)
    return last is None or now() - last > WORKER_SILENT


def backup_is_due() -> bool:
    """None was made since the hour of the night at which one is; below zero the machine's own clock sees to it."""
    if settings.BACKUP_HOUR < 0:
        return False
    due = now().replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    if due > now():
        due -= dt.timedelta(days=1)
    last = last_pulse(PulseName.BACKUP)
    return last is None or last < due


def backups_are_made() -> bool:
    """A demonstration makes none: what is in it is not worth keeping."""
    return not settings.DEMONSTRATION


def backup_is_late() -> bool:
    """The last one, or without any the first account, is older than ``BACKUP_ALERT_HOURS``."""
    if not backups_are_made():
        return False
    since = last_pulse(PulseName.BACKUP) or User.objects.aggregate(first=Min("date_joined"))["first"]
    return bool(since and now() - since > dt.timedelta(hours=settings.BACKUP_ALERT_HOURS))
