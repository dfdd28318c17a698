"""A long table row by row: read by the same child process under the same limits, and never here as a whole.

``with opened(file) as table: for row in table.rows: …`` gives each row as the texts of its cells. The child writes as
fast as it is read, so the memory of the reader of two million cells is that of a page of them.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, Any

from documents.sheets import ENDED, READER, Kind, Limits, Refusal, refused

CHUNK = 2**20
_PLAIN = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class LongTable:
    """``count``: the rows up to the last filled one, the head among them. ``rows`` can be gone through once."""

    kind: Kind
    sheet: str
    count: int
    rows: Iterator[list[str]]


@contextmanager
def opened(
    upload: IO[bytes] | Any, *, sheet: str = "", kinds: Collection[Kind] = (Kind.XLSX,), limits: Limits
) -> Iterator[LongTable]:
    """The sheet of that name, else the first that is not empty. Raises Refused with one reason, as ``read`` does."""
    question = json.dumps({"kinds": sorted(kinds), "lines": True, "sheet": sheet, **asdict(limits)})
    process = subprocess.Popen(  # noqa: S603 - our own program; the content is never a command
        [sys.executable, "-I", str(READER), question],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    _widen(process.stdout)
    try:
        _hand_over(upload, process, limits)
        yield _begun(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def _widen(pipe: IO[bytes] | None) -> None:
    """So that the child writes on while we look at what it has written; the system may refuse."""
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)


def _hand_over(upload: Any, process: subprocess.Popen[bytes], limits: Limits) -> None:
    """The child reads all before it says a word. One that has died meanwhile is found out by its silence."""
    if process.stdin is None:
        return
    upload.seek(0)
    size = 0
    with suppress(BrokenPipeError):
        while chunk := upload.read(CHUNK):
            size += len(chunk)
            if size > limits.size:
                raise refused(Refusal.TOO_LARGE, str(limits.size // 2**20))
            process.stdin.write(chunk)
        process.stdin.close()
    if not size:
        raise refused(Refusal.EMPTY)


def _begun(process: subprocess.Popen[bytes]) -> LongTable:
    assert process.stdout is not None  # noqa: S101 - asked for above
    first = process.stdout.readline()
    if not first:
        raise refused(ENDED.get(process.wait(), Refusal.DAMAGED))
    answer = json.loads(first)
    if "refused" in answer:
        raise refused(Refusal(answer["refused"]), answer["detail"])
    return LongTable(Kind(answer["kind"]), answer["sheet"], answer["rows"], _rows(process, answer["rows"]))


def _rows(process: subprocess.Popen[bytes], count: int) -> Iterator[list[str]]:
    assert process.stdout is not None  # noqa: S101
    found = 0
    while some := process.stdout.readlines(CHUNK):
        found += len(some)
        for line in b"".join(some).decode()[:-1].split("\n"):
            cells = line.split("\t")
            yield [_plain(cell) for cell in cells] if "\\" in line else cells
    if found < count:  # it died in the middle: of time, of memory
        raise refused(ENDED.get(process.wait(), Refusal.DAMAGED))


def _plain(cell: str) -> str:
    if "\\" not in cell:
        return cell
    parts, place = [], 0
    while (found := cell.find("\\", place)) >= 0:
        parts += [cell[place:found], _PLAIN[cell[found : found + 2]]]
        place = found + 2
    return "".join([*parts, cell[place:]])
