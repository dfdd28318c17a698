"""gunicorn as an installation runs it, on the database of this test process."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from config.serve import answers
from tests.e2e.server import ROOT, free_port
from tests.worker import database_url, wait_until

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py", "--log-level", "error"]
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/5"


def environment(var_dir: Path, port: int, guards_off: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": settings.SECRET_KEY,  # sessions are made by the test
        "DATABASE_URL": database_url(),
        "REDIS_URL": REDIS,
        "EMAIL_URL": "dummymail://",
        "PUBLIC_URL": "https://127.0.0.1",
        "VAR_DIR": str(var_dir),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": "4",
        "GUARDS_OFF": guards_off,
    }


@contextmanager
def running_platform(var_dir: Path, *, without: str = "") -> Iterator[int]:
    """Yield the port. ``without``: guards of ``tests.faults.unguarded`` that are off, with commas."""
    with running_web(var_dir, without=without) as (port, _leader):
        yield port


@contextmanager
def running_web(
    var_dir: Path, *, without: str = "", named: dict[str, str] | None = None, words: Sequence[str] = ()
) -> Iterator[tuple[int, int]]:
    """Yield the port, and the process whose children are the web workers.

    ``named``: what else it is told; ``words``: gunicorn's settings in place of the installation's.
    """
    port = free_port()
    told = {**environment(var_dir, port, without), **(named or {})}
    entry = "tests.faults.unguarded" if without else "config.wsgi"
    process = subprocess.Popen([*COMMAND, *words, entry], cwd=ROOT, env=told)

    def is_up() -> bool:
        assert process.poll() is None, "gunicorn ended by itself; its words are above"
        return answers(f"http://127.0.0.1:{port}/health/")

    try:
        wait_until(is_up, what="the start of gunicorn", seconds=60)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def collect_static_files(var_dir: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=ROOT,
        env=environment(var_dir, 0, ""),
        check=True,
    )
