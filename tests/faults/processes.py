"""Processes of a test's own that may be killed: Redis, PostgreSQL, a mail server; never those of the machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.db import connections

from operations.services import databases
from tests.e2e.server import ROOT, free_port
from tests.worker import wait_until

SETTLES = 0.2  # seconds within which the database has done what a process asked of it before it was stopped
AS_ROOT = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


@dataclass
class Process:
    """One command in a session of its own, so that it dies with all its children."""

    name: str
    words: list[str]
    folder: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    options: dict[str, Any] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.words,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.options,
            )

    def _signal(self, number: int) -> list[int]:
        """To it and all its children, the eldest first; who was meant."""
        family = [self.pid, *children_of(self.pid)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return family

    def kill(self) -> None:
        """As a power cut does: it and all its children at once, without a word."""
        family = self._signal(signal.SIGKILL)
        assert self.running is not None
        self.running.wait(10)
        wait_until(lambda: not any(map(lives, family)), what=f"the death of {self.name}")

    def kill_when(self, is_there: Callable[[], object], *, what: str, seconds: float = 60) -> None:
        """Killed while ``is_there`` holds, and not a moment after: it stands still while that is looked at."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_there():
                self._signal(signal.SIGSTOP)
                time.sleep(SETTLES)
                if is_there():
                    self.kill()
                    return
                self._signal(signal.SIGCONT)
            time.sleep(0.002)
        raise AssertionError(f"{what} was not met within {seconds} s")

    def end(self) -> None:
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(15)
        if self.running.poll() is None:
            self.kill()

    def has_said(self, words: str, since: int = 0) -> bool:
        assert self.running is not None
        said = self.log.read_text(errors="replace")[since:]
        assert self.running.poll() is None, f"{self.name} ended by itself: {said[-2000:]}"
        return words in said


def children_of(pid: int) -> list[int]:
    """Children and children's children, as the kernel knows them."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found + [grandchild for child in found for grandchild in children_of(child)]


def name_of(pid: int) -> str:
    """Nothing of one that is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def lives(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def takes_calls(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


class Redis(Process):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        super().__init__("redis", [*words, "--appendonly", "no", "--dir", str(folder)], folder)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        super().start()
        wait_until(lambda: takes_calls(self.port), what="the start of Redis")

    def flush(self) -> int:
        """Forget everything, and return how many rings were waiting."""
        with redis.Redis(port=self.port) as client:
            waiting = client.llen("celery")
            client.flushall()
        return int(waiting)


class Sink(Process):
    """The mail server of ``tests.faults.sink``."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        words = [sys.executable, "-m", "tests.faults.sink", str(self.port), str(folder)]
        super().__init__("sink", words, folder)
        self.behave()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        super().start()
        wait_until(lambda: takes_calls(self.port), what="the start of the mail server")

    def behave(self, **behaviour: Any) -> None:
        fresh = self.folder / "behaviour.new"
        fresh.write_text(json.dumps(behaviour))
        fresh.rename(self.folder / "behaviour.json")

    def taken(self) -> Counter[int]:
        """How often the whole of each notice's mail has arrived."""
        log = self.folder / "taken.log"
        return Counter(map(int, log.read_text().split())) if log.exists() else Counter()

    def hold(self, *, at: int, stage: str) -> None:
        (self.folder / "held").unlink(missing_ok=True)
        self.behave(hold={"at": at, "stage": stage})

    def wait_until_held(self, seconds: float = 90) -> None:
        wait_until((self.folder / "held").exists, what="a mail that the server holds", seconds=seconds)


class Postgres(Process):
    """A cluster in a folder that belongs to whoever PostgreSQL runs as."""

    def __init__(self, folder: Path, data: Path, **settings: str) -> None:
        self.port = free_port()
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        self.initdb = str(programs[-1]) if programs else shutil.which("initdb") or "initdb"
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(data), **settings}
        named = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        words = [str(Path(self.initdb).with_name("postgres")), "-D", str(data), "-p", str(self.port), *named]
        super().__init__("postgres", words, folder, options=AS_ROOT)
        self.data = data

    def make(self) -> None:
        words = [self.initdb, "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*words, "--locale=C.UTF-8"], check=True, cwd="/", capture_output=True, **AS_ROOT)

    def make_anew(self) -> None:
        """Everything that was in it is gone."""
        for path in self.data.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.make()

    def start(self) -> None:
        super().start()
        wait_until(self.answers, what="the start of PostgreSQL", seconds=60)

    def answers(self) -> bool:
        try:
            with psycopg.connect(f"postgres://postgres@127.0.0.1:{self.port}/postgres", connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


@contextmanager
def own_postgres(folder: Path, **settings: str) -> Iterator[Postgres]:
    data = Path(tempfile.mkdtemp(prefix="postgres-of-a-test-"))
    if AS_ROOT:
        shutil.chown(data, "postgres", "postgres")
    cluster = Postgres(folder, data, **settings)
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        if cluster.running is not None and cluster.running.poll() is None:
            cluster.kill()
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def database_of_its_own(folder: Path, **settings: str) -> Iterator[Postgres]:
    """This process, and every process it tells where the database is, works in the cluster while the block lasts."""
    theirs = connections["default"]
    with databases.dumped(folder / "seed"):
        pass
    with own_postgres(folder, **settings) as cluster:
        ours = theirs.copy()
        ours.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(cluster.port), "NAME": "postgres"}
        connections["default"] = ours
        try:
            databases.load(folder / "seed")
            yield cluster
        finally:
            ours.close()
            connections["default"] = theirs
