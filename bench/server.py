"""A fresh database and two gunicorn workers on it, for the length of one run."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import DATABASE, SERVER
from config.serve import WITHOUT_NGINX

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def fresh_database() -> Iterator[None]:
    """Make the database beside the one that was named, and drop it in the end."""
    try:
        with psycopg.connect(SERVER, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
    except psycopg.OperationalError as error:
        sys.exit(f"make bench needs PostgreSQL; name one in DATABASE_URL. ({error})")
    try:
        yield
    finally:
        with psycopg.connect(SERVER, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        if process.poll() is not None:
            sys.exit("gunicorn ended by itself; see the lines above.")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own loopback address)
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("gunicorn did not answer within 30 s.")


@contextmanager
def gunicorn() -> Iterator[tuple[int, int]]:
    """Yield port and process id of the master."""
    port = free_port()
    # As installed: with the byte code of every module kept, whatever this shell says.
    installed = {"PYTHONDONTWRITEBYTECODE": "", "HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "2"}
    environment = {**os.environ, **installed}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn.py",
        *WITHOUT_NGINX,
        "--log-level",
        "error",
        "config.wsgi",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/health/", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def worker_memory(master: int) -> int:
    """Resident megabytes of the biggest web worker."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    sizes = [
        int(line.split()[1])
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    return max(sizes) // 1024
