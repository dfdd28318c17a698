"""The background part of an installation as real processes: broker, mail server, worker and clock of the test's own.

``with background.at_work():`` starts worker and clock with the commands of an installation; ``background.redis``,
``.sink`` and ``.worker`` can be killed. Time is moved for all of them by ``background.move_clock(days=2)``.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from kombu import Connection

from config.celery import app
from tests.faults.moved_clock import SHIFT
from tests.faults.processes import Process, Redis, Sink
from tests.faults.server import environment
from tests.worker import wait_until

RESTART = 2  # seconds; RestartSec of the units in deploy/
PYTHON = [sys.executable, "-W", "ignore::UserWarning"]


@dataclass
class Background:
    folder: Path
    redis: Redis
    sink: Sink
    worker: Process | None = None
    clock: Process | None = None

    @property
    def named(self) -> dict[str, str]:
        """What web server, worker and clock are told."""
        return {
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder.parent / "static"),
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": self.sink.url,
            "CLOCK_SHIFT": str(self.folder / SHIFT),
            "LOG_FORMAT": "line",
        }

    def celery(self, name: str, *words: str, without: str = "") -> Process:
        app = "tests.faults.unguarded" if without else "config"
        command = [*PYTHON, "-m", "celery", "-A", app, *words, "-l", "info"]
        told = {**environment(self.folder, 0, without), **self.named}
        return Process(name, command, self.folder, told)

    @contextmanager
    def at_work(self, *, without: str = "") -> Iterator[Process]:
        """Worker and clock, started with the words of their units in deploy/; gives the worker."""
        schedule = str(self.folder / f"schedule-{uuid4().hex}")
        self.worker = self.celery("worker", "worker", "-c", "2", without=without)
        self.clock = self.celery("clock", "beat", "-s", schedule, without=without)
        try:
            self.clock.start()
            self.start_worker()
            yield self.worker
        finally:
            self.worker.end()
            self.clock.end()

    def start_worker(self) -> None:
        """And go on: a test that wants it ready waits for what it does."""
        assert self.worker is not None
        self.worker.start()

    def restart_worker(self) -> None:
        """As its unit in deploy/ does when it has died."""
        time.sleep(RESTART)
        self.start_worker()

    def looks(self, task: str) -> int:
        """How often a worker has ended this task of the clock."""
        assert self.worker is not None
        return len(re.findall(rf"Task {re.escape(task)}\[\S+\] succeeded", self.worker.log.read_text()))

    def wait_for_looks(self, task: str, times: int = 2) -> None:
        """The clock has rung, a worker has looked: of two, one has begun after this moment."""
        wanted = self.looks(task) + times
        wait_until(lambda: self.looks(task) >= wanted, what=f"{task}, {times} times", seconds=times * 60)

    def ring(self, run_ids: Iterable[int]) -> None:
        """As a web worker does when it has asked for these runs."""
        app.conf.task_always_eager = False
        with Connection(self.redis.url) as broker:
            for run_id in run_ids:
                app.send_task("documents.tasks.perform_run", (run_id,), connection=broker)
        app.conf.task_always_eager = True

    def move_clock(self, **by: float) -> None:
        """From here on ``core.clock`` of every process is so far from the true time: ``days=2``, ``minutes=-5``."""
        fresh = self.folder / "shift.new"
        fresh.write_text(str(dt.timedelta(**by).total_seconds()))
        fresh.rename(self.folder / SHIFT)


@contextmanager
def running_background(folder: Path) -> Iterator[Background]:
    found = Background(folder, Redis(folder), Sink(folder))
    try:
        found.redis.start()
        found.sink.start()
        yield found
    finally:
        found.redis.end()
        found.sink.end()
