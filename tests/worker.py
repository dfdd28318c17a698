"""A real Celery worker in a process of its own, reading the test database and ringing through Redis."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery
from django.conf import settings
from django.db import connection

BASE_DIR = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """The database of this test process, as another process must name it."""
    of = connection.settings_dict
    return f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT'] or 5432}/{of['NAME']}"


def wait_until(is_done: Callable[[], bool], *, what: str, seconds: float = 30) -> None:
    """Look again and again; a worker that never comes is a failure with a name, not an endless test."""
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)


def is_up(app: Celery, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise AssertionError("the worker ended by itself; its words are above")
    return bool(app.control.ping(timeout=0.5))


@contextmanager
def running_worker(app: Celery) -> Iterator[None]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "TEST_KEY_PREFIX": settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"],
        "TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "TEST_WORKER": "1",
    }
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-P", "solo", "-l", "warning"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env=environment)
    try:
        wait_until(lambda: is_up(app, process), what="the start of the worker")
        yield
    finally:
        process.terminate()
        process.wait(20)
