"""Keeping files exactly as they are, and running long work whose truth is a row with a lease."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import leases, retention
from core.clock import now
from core.leases import LEASE
from documents.enums import FileKind, RunState
from documents.models import Run, StoredFile
from notices import services as notices
from notices.enums import Channel, Kind
from notices.kinds import Attachment

logger = logging.getLogger(__name__)

ATTEMPTS = 3
# Work whose workers died over it: machines are switched off, so a few more; but it may be the work that kills them.
DEATHS = 5
# One round of taking up lost work ends well before the limit of a task; seconds.
LONGEST_ROUND = 300
KEPT = timedelta(days=30)
TOLD = 2.0  # seconds between two looks at the progress of work within one transaction
# An open page asks every second.
WATCHED = timedelta(seconds=15)
CHUNK = 1024 * 1024

# What can be made again at any time. Forms, scans and stamped copies belong to their response.
MADE_AGAIN = (FileKind.EXPORT, FileKind.LETTER)

Handler = Callable[[Run], StoredFile | None]


@dataclass(frozen=True, slots=True)
class Work:
    """What an app registers in AppConfig.ready: how the work is done, for whom, and what its page says.

    ``handler`` may be a dotted path: then only the worker that does the work loads what the work needs.

    ``allowed(user, run)`` is asked again whenever the run or its file is opened, and before the work starts.
    ``back(run)`` is the address to return to. ``remarks(run)`` are sentences on what the result does not hold.
    ``is_told``: who asked, and no longer looks at its page when it ends, finds a message on the site.
    """

    handler: Handler | str
    label: str | Promise = ""
    allowed: Callable[[Any, Run], bool] | None = None
    back: Callable[[Run], str] | None = None
    remarks: Callable[[Run], list[str]] | None = None
    is_told: bool = False


_works: dict[str, Work] = {}
# Rings for a worker after the row is committed; set by documents.apps, absent while tests look at rows alone.
_bells: list[Callable[[int], None]] = []


def register_handler(
    name: str,
    handler: Handler | str,
    *,
    label: str | Promise = "",
    allowed: Callable[[Any, Run], bool] | None = None,
    back: Callable[[Run], str] | None = None,
    remarks: Callable[[Run], list[str]] | None = None,
    is_told: bool = False,
) -> None:
    _works[name] = Work(handler, label, allowed, back, remarks, is_told)


def _handler_of(run: Run) -> Handler:
    handler = _works[run.handler].handler
    return import_string(handler) if isinstance(handler, str) else handler


def run_label(run: Run) -> str:
    return str(_works[run.handler].label or run.handler)


def run_back_url(run: Run) -> str:
    back = _works[run.handler].back
    return back(run) if back else ""


def is_told(run: Run) -> bool:
    return _works[run.handler].is_told


def run_remarks(run: Run) -> list[str]:
    remarks = _works[run.handler].remarks
    return remarks(run) if remarks else []


def may_see_run(user: Any, run: Run) -> bool:
    """Only who asked for it, and only as long as the right behind it lasts."""
    if not user.is_active or run.requested_by_id != user.pk or run.handler not in _works:
        return False
    allowed = _works[run.handler].allowed
    return allowed is None or allowed(user, run)


def register_bell(ring: Callable[[int], None]) -> None:
    """The broker is only a bell: a lost ring costs time (the reaper finds the row), never work."""
    _bells[:] = [ring]


def store_file(
    *, kind: FileKind | str, content: bytes | File, original_name: str, content_type: str, by: Any | None
) -> StoredFile:
    """Keep the content under a name of its own; the original name is remembered, never used as a path."""
    upload = ContentFile(content) if isinstance(content, bytes) else content
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    upload.seek(0)
    suffix = PurePath(original_name).suffix.lower()
    stored = StoredFile(
        kind=kind,
        original_name=PurePath(original_name).name[-255:],
        content_type=content_type,
        size=size,
        sha256=digest.hexdigest(),
        created_by=by,
    )
    stored.file.save(
        digest.hexdigest()[:24] + (suffix if suffix.isascii() and len(suffix) < 6 else ""), upload, save=False
    )
    stored.full_clean()
    stored.save()
    return stored


def described_file(key: str) -> Attachment | None:
    """A stored file as it goes along with a mail, by its number; for ``notices.kinds``."""
    stored = StoredFile.objects.filter(pk=key).first()
    return Attachment(stored.original_name, stored.content_type, stored.size) if stored else None


def attached_file(key: str) -> Attachment | None:
    stored = StoredFile.objects.filter(pk=key).first()
    if stored is None:
        return None
    with stored.file.open("rb") as content:
        return Attachment(stored.original_name, stored.content_type, stored.size, content.read())


def forget_file(stored: StoredFile) -> None:
    """Delete a file whose time is over, once nothing points at it any more. The content goes when that is committed."""
    storage, name = stored.file.storage, stored.file.name
    stored.delete()
    transaction.on_commit(partial(storage.delete, str(name)))


def request_run(
    *,
    handler: str,
    parameters: dict[str, Any],
    by: Any | None,
    key: str = "",
    total: int = 0,
    is_first: bool = False,
) -> Run:
    """Ask for long work. A run of the same ``key`` that is still waiting or running is shared instead.

    The key must name everything the result depends on: input revision, the asker's scope and masking rights.
    ``is_first``: the caller has just made what the work is about, so nobody can have asked before.
    """
    if handler not in _works:
        raise LookupError(f"no handler named {handler!r}")
    if key and not is_first:
        same = Run.objects.filter(key=key, state__in=[RunState.QUEUED, RunState.RUNNING]).first()
        if same is not None:
            return same
    run = Run(handler=handler, parameters=parameters, requested_by=by, key=key, total=total)
    # Its constraints speak of states, and a new run has the first one; asking costs two queries.
    run.full_clean(validate_constraints=False)
    run.save()
    ring(run.pk)
    return run


def ring(run_id: int) -> None:
    for bell in _bells:
        transaction.on_commit(partial(bell, run_id), robust=True)


def perform(run_id: int) -> bool:
    """Claim one run and do it. False if another worker holds it or it is finished.

    Exactly one worker wins: the database counts the row only while it can be claimed. The handler opens its own
    short transactions, so that progress is seen and nobody waits for a lock while a page is drawn; it must
    therefore be harmless when it is run again.
    """
    moment = now()
    claimed = (
        Run.objects.claimable()
        .filter(pk=run_id)
        .update(
            state=RunState.RUNNING, lease_until=moment + LEASE, started_at=moment, attempts=F("attempts") + 1
        )
    )
    if not claimed:
        return False
    run = Run.objects.get(pk=run_id)
    if run.attempts > DEATHS:
        _finish(run, state=RunState.FAILED, error=_("The work could not be finished."))
        return True
    if run.requested_by is not None and not may_see_run(run.requested_by, run):
        _finish(run, state=RunState.FAILED, error=_("The right to this work has been withdrawn."))
        return True
    try:
        with leases.kept(partial(_prolong, run), every=TOLD):
            result = _handler_of(run)(run)
    except Exception as error:  # the row must say what happened, whatever it was
        logger.exception("run %s (%s) failed", run.pk, run.handler)
        _fail(run, error)
        return True
    _finish(run, state=RunState.DONE, result=result, expires_at=now() + KEPT, error="")
    return True


def report_progress(run: Run, done: int, total: int | None = None) -> None:
    """Write progress where the page reads it."""
    run.done = done
    changes: dict[str, Any] = {"done": done}
    if total is not None:
        changes["total"] = total
    Run.objects.filter(pk=run.pk).update(**changes)


def note_progress(run: Run, done: int) -> None:
    """For work within one transaction: who keeps the lease writes it, from outside, where the page reads it."""
    run.done = done


def retry_run(*, run: Run, by: Any | None) -> Run:
    """Queue a failed run again. A run in any other state is left as it is."""
    again = Run.objects.filter(pk=run.pk, state=RunState.FAILED).update(
        state=RunState.QUEUED, finished_at=None, seen_at=None, lease_until=None, attempts=0, error="", done=0
    )
    if again:
        ring(run.pk)
    run.refresh_from_db()
    return run


def lost_runs() -> list[int]:
    """Runs that wait although their bell was lost, or whose worker died: the reaper rings for them again."""
    return list(Run.objects.claimable().order_by("pk").values_list("pk", flat=True)[:200])


def take_up_lost() -> None:
    """Several workers may do this at once: each run is claimed by one."""
    end = time.monotonic() + LONGEST_ROUND
    for run_id in lost_runs():
        if time.monotonic() < end:
            perform(run_id)


def _prolong(run: Run) -> int:
    return _mine(run).update(lease_until=now() + LEASE, done=Greatest("done", run.done))


def _fail(run: Run, error: Exception) -> None:
    message = str(error)[:300] or _("The work could not be finished.")
    if run.attempts < ATTEMPTS:
        _mine(run).update(state=RunState.QUEUED, lease_until=None, error=message)
    else:
        _finish(run, state=RunState.FAILED, error=message)


@transaction.atomic
def _finish(run: Run, **changes: Any) -> None:
    ended_at = now()
    if _mine(run).update(finished_at=ended_at, lease_until=None, **changes):
        _tell(run, ended_at, has_failed=changes["state"] == RunState.FAILED)


def _tell(run: Run, ended_at: datetime, *, has_failed: bool) -> None:
    """A message on the site, after a moment in which an open page shows the end by itself."""
    if run.requested_by is None or not is_told(run):
        return
    with translation.override(run.requested_by.language):
        context = {"work": run_label(run), "failed": has_failed}
    notices.queue(
        kind=Kind.RUN_READY,
        channel=Channel.SITE,
        subject=run,
        recipient=run.requested_by,
        step=f"{int(ended_at.timestamp())}",
        context={**context, "path": reverse("documents:run", args=[run.pk])},
        not_before=ended_at + WATCHED,
    )


def is_still_news(notice: Any) -> bool:
    """Asked when the message leaves: its asker has not seen the end, and may still see it."""
    run = Run.objects.filter(pk=notice.subject.rpartition(":")[2]).first()
    if run is None or run.finished_at is None or run.seen_at is not None or notice.recipient is None:
        return False
    return may_see_run(notice.recipient, run)


def note_seen(run: Run) -> None:
    """Its asker has the end before their eyes: nothing more to tell. One write for each run."""
    if run.finished_at is None or run.seen_at is not None or run.requested_by_id is None:
        return
    Run.objects.filter(pk=run.pk, seen_at=None).update(seen_at=now())
    notices.read_about(subject=run, by=run.requested_by_id)


def seconds_left(run: Run) -> int | None:
    """By the pace so far; None as long as nothing can be said."""
    if run.started_at is None or not 0 < run.done < run.total:
        return None
    passed = (now() - run.started_at).total_seconds()
    return ceil(passed * (run.total - run.done) / run.done)


def _mine(run: Run) -> QuerySet[Run]:
    """The row as long as this attempt still holds it: a worker given up for dead must not write over its heir."""
    return Run.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)


def register_retention() -> None:
    retention.register(
        retention.Rule(
            code="made_files",
            what=gettext_lazy("Files made on request: workbooks, archives, letters, phone lists"),
            happens=gettext_lazy("the file is deleted; that it was made, by whom and when stays"),
            days=30,
            origin=gettext_lazy("the association's own period; the file can be made again"),
            due=lambda before: Run.objects.filter(result__kind__in=MADE_AGAIN, finished_at__lt=before),
            expire=delete_results,
        )
    )


def delete_results(runs: QuerySet[Run]) -> int:
    """The runs stay and say that the files were made."""
    results = list(StoredFile.objects.filter(pk__in=runs.values("result")))
    for result in results:
        forget_file(result)
    return len(results)
