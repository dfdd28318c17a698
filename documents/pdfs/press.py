"""Asking the press: one process at most for each of ours, started when something is printed."""

import json
import multiprocessing
import os
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

TYPESETTER = Path(__file__).with_name("typesetter.py")
PATIENCE = 120  # seconds for one job; a round of 127 forms takes two
# One thread is as fast, and memory that is given back is not spread over many pools.
THRIFT = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class Press:
    """A press that ended for want of work, or because it had grown, is replaced at the next job."""

    def __init__(self, layouts: Path, cuts: Path) -> None:
        self._programme = [str(layouts), str(cuts)]
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, job: dict[str, Any]) -> bytes:
        """The PDF. Raises RuntimeError with Typst's words, or when the press takes too long or dies of the job."""
        asked = json.dumps(job).encode()
        for _attempt in range(2):
            try:
                return self._ask(asked)
            except (EOFError, OSError):
                self.end()
        raise RuntimeError("the press ended over this job")

    def _ask(self, asked: bytes) -> bytes:
        line = self._line or self._start()
        line.send_bytes(asked)
        if not line.poll(PATIENCE):
            self.end()
            raise RuntimeError(f"the press was not done after {PATIENCE} s")
        answer = line.recv_bytes()
        if answer[:1] == b"-":
            raise RuntimeError(answer[1:].decode())
        return answer[1:]

    def _start(self) -> Connection:
        ours, its = multiprocessing.Pipe()
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, folders of our own
                [sys.executable, "-I", str(TYPESETTER), str(its.fileno()), *self._programme],
                env={**os.environ, **THRIFT},
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._line = ours
        return ours

    def end(self) -> None:
        """Nothing is lost: a press holds no job that nobody waits for."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None
