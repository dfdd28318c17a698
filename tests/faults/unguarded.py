"""The platform with a guard taken off, for control runs: a test that stays green without its guard proves nothing.

``GUARDS_OFF`` names them, with commas. Only the processes of a control run are started with this module: web server,
worker and clock.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.db.models import Q, QuerySet
from django.db.transaction import Atomic

from config import bell
from config.celery import app

# First of ours: it sets Django up.
from config.wsgi import application
from core import leases, outages
from core.workflow import Move, Workflow
from documents import querysets as runs
from notices import querysets as mails
from notices.enums import NoticeState
from notices.services import delivery
from operations.services import archives
from surveys.enums import Stage
from surveys.models import Response, Submission
from surveys.selectors import responses as selectors
from surveys.services import responses, submissions

__all__ = ["app", "application"]


def without_lock() -> None:
    """Nobody waits for anybody."""

    def unlocked(rows: Any, **options: Any) -> Any:
        return rows.all()

    QuerySet.select_for_update = unlocked  # type: ignore[method-assign]


def without_once() -> None:
    """Whatever arrives is handed in, also when it was handed in before; each gets a version of its own."""

    def unchecked(workflow: Workflow, name: str, subject: Any) -> Move:
        return workflow.find(name)

    def nothing(response: Response) -> list[Any]:
        return []

    submissions.WRITABLE = frozenset(Stage)
    selectors.writing_refusals = nothing
    Workflow.check = unchecked  # type: ignore[method-assign]


def without_comparison() -> None:
    """A known key is answered with its receipt whatever else was sent."""

    def same_key(response: Response, key: str, seen_hash: str) -> Submission:
        return response.submissions.get(submission_key=key)

    submissions._handed_in_already = same_key


def without_revision() -> None:
    """An answer is stored whatever its page has seen."""
    store = responses._Page.store

    def blind(page: Any, question: Any, entry: Any) -> Any:
        return store(page, question, replace(entry, seen=selectors.token(page.rows.get(question.id))))

    responses._Page.store = blind  # type: ignore[method-assign]


# --- Mail and long work ---------------------------------------------------------------------------------------


def without_lapse() -> None:
    """What a dead worker held stays in its hands."""

    def never(moment: Any) -> Q:
        return Q(pk__in=[])

    runs.lapsed = mails.lapsed = never


def without_lease() -> None:
    """What one worker holds another one takes."""

    def always(moment: Any) -> Q:
        return ~Q(pk__in=[])

    runs.lapsed = mails.lapsed = always


def without_disbelief() -> None:
    """A lease is believed however far away its end is."""

    def over(moment: Any) -> Q:
        return Q(lease_until__lt=moment)

    runs.lapsed = mails.lapsed = over


def without_one_round() -> None:
    """Every worker takes part in sending mails."""

    def nobody(rows: Any) -> Any:
        return rows.none()

    mails.NoticeQuerySet.in_hand = nobody  # type: ignore[method-assign]


def without_keeper() -> None:
    """Nobody prolongs a lease."""

    def nothing(*_given: Any) -> None:
        return None

    leases._keep = nothing


def without_second_try() -> None:
    """A mail that was not taken is not tried again."""

    def given_up(notice: Any, error: Exception) -> None:
        delivery._settle(notice, state=NoticeState.GIVEN_UP)

    delivery._postpone = given_up


def without_note() -> None:
    """That a mail has left is noted if the database happens to be there."""
    delivery.DATABASE_AWAY = -1


def without_reaper() -> None:
    """The broker is the only one who knows what waits."""
    app.conf.beat_schedule.pop("reap-lost-runs")


def without_quiet() -> None:
    """The bell as Celery has it."""
    bell.QUIET = 0.0
    app.conf.broker_transport_options = {"socket_timeout": 5, "socket_connect_timeout": 2}


def without_pool() -> None:
    """The database pool as it is by itself (``tests.faults.settings``), and every page waits for itself."""

    def nothing(error: Any) -> None:
        return None

    outages.note = nothing


def without_commit() -> None:
    """Yes is said at once, and what was asked for is done a moment later."""
    global application  # noqa: PLW0603 - what gunicorn serves
    later, inner = ThreadPoolExecutor(1), application

    def done(environ: dict[str, Any]) -> None:
        time.sleep(0.5)
        b"".join(inner(environ, lambda *_given: None))

    def hasty(environ: dict[str, Any], start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/submit/"):
            return inner(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        later.submit(done, {**environ, "wsgi.input": BytesIO(body)})
        start_response("302 Found", [("Location", environ["PATH_INFO"].replace("/submit/", "/receipt/"))])
        return [b""]

    application = hasty  # type: ignore[assignment]


def without_seal() -> None:
    """An archive is taken for what its manifest says."""

    def believed(path: Any, found: Any, kept: dict[str, bytes]) -> Any:
        return archives._manifest(path, kept[archives.MANIFEST])

    archives._compared = believed


def without_whole() -> None:
    """Every statement is a transaction of its own."""

    def nothing(*_atomic_and_error: Any) -> None:
        return None

    without_lock()
    Atomic.__enter__ = Atomic.__exit__ = nothing  # type: ignore[method-assign]


GUARDS = {
    "whole": without_whole,
    "seal": without_seal,
    "commit": without_commit,
    "lapse": without_lapse,
    "lease": without_lease,
    "disbelief": without_disbelief,
    "one_round": without_one_round,
    "keeper": without_keeper,
    "second_try": without_second_try,
    "note": without_note,
    "reaper": without_reaper,
    "quiet": without_quiet,
    "pool": without_pool,
    "lock": without_lock,
    "once": without_once,
    "comparison": without_comparison,
    "revision": without_revision,
}
for guard in os.environ["GUARDS_OFF"].split(","):
    GUARDS[guard]()
