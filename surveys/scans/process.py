"""Asking the reader, and giving it files to read."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.db.models.fields.files import FieldFile

from core.errors import Refused
from surveys.scans.kinds import Refusal

START = Path(__file__).with_name("start.py")

Source = bytes | Path | str | IO[bytes] | Any
"""Bytes, a path, or an open file such as Django's uploads and stored files."""


def ask(command: str, *, seconds: float, **options: Any) -> bytes:
    """Run the reader once. No answer, a crash or too long a wait is a refusal like any other. Raises Refused."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; options never reach a shell
            # -I: neither the environment nor this folder decides what is imported.
            [sys.executable, "-I", *_compiled(), str(START), command],
            input=json.dumps(options).encode(),
            capture_output=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.UNFINISHED.reason) from error
    except subprocess.CalledProcessError as error:
        raise Refused(Refusal.DAMAGED.reason) from error
    if done.stdout.startswith(b'{"refused"'):
        raise Refused(Refusal(json.loads(done.stdout)["refused"]).reason)
    return done.stdout


def _compiled() -> list[str]:
    """Isolated, the reader does not hear of our place for compiled modules by itself."""
    return ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []


@contextmanager
def on_disk(source: Source, most: int | None = None) -> Iterator[Path]:
    """A path to the content, whatever it comes as; what had to be written is gone afterwards.

    ``most``: of what is larger than so many bytes, one byte more is enough to see it.
    """
    if path := _path_of(source):
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="scan-") as copy:
        for chunk in _chunks(source, most):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _path_of(source: Source) -> Path | None:
    """Where it lies already: a path, a large upload, or a stored file (which has no path in every storage)."""
    if isinstance(source, Path | str):
        return Path(source)
    if hasattr(source, "temporary_file_path"):
        return Path(source.temporary_file_path())
    if isinstance(source, FieldFile):
        try:
            return Path(source.path)
        except NotImplementedError:
            return None
    return None


def _chunks(source: bytes | IO[bytes], most: int | None) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    file = cast("IO[bytes]", source)
    file.seek(0)
    left = sys.maxsize if most is None else most + 1
    while left > 0 and (chunk := file.read(min(2**20, left))):
        left -= len(chunk)
        yield chunk
    file.seek(0)
