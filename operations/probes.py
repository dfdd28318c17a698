"""Is each part that the platform stands on there, now? Each probe answers with a word for people and never raises."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import Min
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.dates import format_moment
from documents.models import Run
from notices.models import Notice
from operations import selectors
from operations.enums import PulseName

log = logging.getLogger(__name__)

# Retries after a failure wait by themselves; this is work that nobody takes.
WORK_WAITS = dt.timedelta(minutes=15)
ROOM = 500_000_000  # bytes
PATIENCE = 2  # seconds
EVERY = 5  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """``detail`` is for staff only; strangers learn name and state."""

    name: str
    label: str | Promise
    is_well: bool
    detail: str


class NotWell(Exception):  # noqa: N818 - a finding, not a fault of the program
    """What a probe found, in words for staff."""


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return str(connection.display_name)


def broker() -> str:
    # Loaded where it is asked for: commands and the first start of a page need no broker.
    with import_string("kombu.connection.Connection")(
        settings.CELERY_BROKER_URL,
        transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        connect_timeout=PATIENCE,
    ) as bell:
        bell.ensure_connection(max_retries=1, timeout=PATIENCE)
        channel = bell.default_channel  # Redis is greeted here
        client = getattr(channel, "client", None)
        if client is not None:
            client.ping()
    return str(bell.transport_cls)


def storage() -> str:
    """Write, read and delete a small file; on a disk of ours there must also be room for the next uploads."""
    name = default_storage.save(f".probe/{token_hex(8)}", ContentFile(b"well"))
    try:
        with default_storage.open(name) as kept:
            if kept.read() != b"well":
                raise NotWell(_("What was written could not be read back."))
    finally:
        default_storage.delete(name)
    if not isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]  # noqa: SLF001 - which class is behind it
        return type(default_storage._wrapped).__name__  # type: ignore[attr-defined]  # noqa: SLF001
    free = shutil.disk_usage(Path(settings.MEDIA_ROOT)).free
    said = _("%(room)d MB free") % {"room": free // 1_000_000}
    if free < ROOM:
        raise NotWell(said)
    return said


def worker() -> str:
    last = selectors.last_pulse(PulseName.WORKER)
    if selectors.worker_is_silent():
        raise NotWell(_("Last heard of: %(moment)s") % {"moment": format_moment(last) or _("never")})
    return format_moment(last)


def outbox() -> str:
    oldest = Notice.objects.claimable().aggregate(first=Min("not_before"))["first"]
    return _waits(oldest)


def work() -> str:
    oldest = Run.objects.claimable().aggregate(first=Min("created_at"))["first"]
    return _waits(oldest)


def backup() -> str:
    if not selectors.backups_are_made():
        return str(_("none in a demonstration"))
    last = selectors.last_pulse(PulseName.BACKUP)
    said = format_moment(last) or str(_("never"))
    if selectors.backup_is_late():
        raise NotWell(said)
    return said


def _waits(oldest: dt.datetime | None) -> str:
    if oldest is None:
        return str(_("nothing waits"))
    said = _("the oldest waits since %(moment)s") % {"moment": format_moment(oldest)}
    if now() - oldest > WORK_WAITS:
        raise NotWell(said)
    return said


READINESS: dict[Callable[[], str], str | Promise] = {
    database: _("Database"),
    broker: _("Message broker"),
    storage: _("File storage"),
    worker: _("Background worker"),
    outbox: _("Outgoing mail"),
    work: _("Long work"),
}
# A platform without a backup still serves.
EVERYTHING = {**READINESS, backup: _("Backup")}


def findings(probes: dict[Callable[[], str], str | Promise] = READINESS) -> list[Finding]:
    return [_asked(probe, label) for probe, label in probes.items()]


def recent() -> list[Finding]:
    """For an address that everybody may ask: looked at again at most every few seconds by each process."""
    if time.monotonic() - _recent.at > EVERY:
        _recent.found, _recent.at = findings(), time.monotonic()
    return _recent.found


@dataclass(slots=True)
class _Recent:
    at: float = -EVERY - 1
    found: list[Finding] = field(default_factory=list)


_recent = _Recent()


def _asked(probe: Callable[[], str], label: str | Promise) -> Finding:
    try:
        return Finding(probe.__name__, label, is_well=True, detail=probe())
    except NotWell as finding:
        return Finding(probe.__name__, label, is_well=False, detail=str(finding))
    except Exception as error:  # noqa: BLE001 - whatever is broken, the others must still be told
        log.warning("%s is not well: %s", probe.__name__, error)
        return Finding(probe.__name__, label, is_well=False, detail=type(error).__name__)
