"""Scans and photographs of sealed copies: is this a file we take, which page is it, what does it look like.

Everything that decodes runs in ``reader.py``, a child process with limits of memory and time.
"""

import base64
import enum
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused
from surveys.codes import PageCode

READER = Path(__file__).with_name("reader.py")
MAX_SIZE = 30 * 2**20
INSPECT_SECONDS, PREVIEW_SECONDS, READ_SECONDS = 20, 20, 150

Source = bytes | Path | str | IO[bytes] | Any
"""Bytes, a path, or an open file such as Django's uploads."""


class Refusal(enum.StrEnum):
    """Why a file is not taken; the code of the reason that ``Refused`` carries."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    UNKNOWN_TYPE = "unknown_type"
    HEIC = "heic"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    UNFINISHED = "unfinished"

    @property
    def reason(self) -> Reason:
        return Reason(SENTENCES[self], code=self.value)


SENTENCES = {
    Refusal.EMPTY: _("The file is empty."),
    Refusal.TOO_LARGE: _("The file is larger than 30 MB. Scan at a lower resolution or upload page by page."),
    Refusal.NOT_WHAT_IT_SAYS: _("The file is named as a PDF or picture but holds something else."),
    Refusal.UNKNOWN_TYPE: _("Only PDF, JPG and PNG files can be uploaded."),
    Refusal.HEIC: _("HEIC pictures cannot be read. Send the photograph as JPG, or scan the page to PDF."),
    Refusal.ENCRYPTED: _("The PDF is protected by a password. Remove the password and upload it again."),
    Refusal.TOO_MANY_PAGES: _("The PDF has more than 40 pages. Upload only the pages of this form."),
    Refusal.TOO_MANY_PIXELS: _("The picture is too large. A photograph of a phone's usual size is enough."),
    Refusal.DAMAGED: _("The file is damaged or incomplete. Please upload it again."),
    Refusal.UNFINISHED: _("The file could not be read in time. Please scan the page again."),
}


class Kind(enum.StrEnum):
    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True, slots=True)
class UploadCheck:
    """A file that can be taken. ``width`` and ``height`` in pixels, 0 for PDF."""

    kind: Kind
    pages: int
    width: int
    height: int

    @property
    def content_type(self) -> str:
        return self.kind.value


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page as the reader saw it. ``index`` counts from 0; ``thumbnail`` is a JPEG 240 pixels wide."""

    index: int
    code: PageCode | None
    width: int
    height: int
    thumbnail: bytes


def inspect_upload(upload: Source, filename: str = "") -> UploadCheck:
    """Decide by its content whether a file can be taken. Raises Refused with one clear reason."""
    with on_disk(upload) as path:
        size = path.stat().st_size
        if not size:
            raise Refused(Refusal.EMPTY.reason)
        if size > MAX_SIZE:
            raise Refused(Refusal.TOO_LARGE.reason)
        kind = kind_of(path, filename or str(getattr(upload, "name", "")))
        seen = json.loads(_ask("inspect", path, seconds=INSPECT_SECONDS))
    return UploadCheck(kind, seen["pages"], seen["width"], seen["height"])


def kind_of(path: Path, filename: str = "") -> Kind:
    """The type by the first bytes; the name only chooses the words of a refusal."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftyphevc"}:
        raise Refused(Refusal.HEIC.reason)
    named_so = filename.lower().endswith((".pdf", ".jpg", ".jpeg", ".png"))
    raise Refused((Refusal.NOT_WHAT_IT_SAYS if named_so else Refusal.UNKNOWN_TYPE).reason)


def read_pages(source: Source) -> list[ScannedPage]:
    """Look at every page of a file: its code if it is one of ours, and a small picture. Raises Refused."""
    with on_disk(source) as path:
        seen = json.loads(_ask("read", path, seconds=READ_SECONDS))
    return [
        ScannedPage(
            index=index,
            code=next(filter(None, map(PageCode.parse, page["texts"])), None),
            width=page["width"],
            height=page["height"],
            thumbnail=base64.b64decode(page["thumbnail"]),
        )
        for index, page in enumerate(seen["pages"])
    ]


def preview(source: Source, page: int, width: int, turn: int = 0) -> bytes:
    """One page (from 0) as JPEG, at most ``width`` pixels wide, upright or turned clockwise. Raises Refused."""
    with on_disk(source) as path:
        return _ask("preview", path, page, width, turn, seconds=PREVIEW_SECONDS)


def _ask(command: str, path: Path, *options: int, seconds: int) -> bytes:
    """Run the reader on one file. No answer, a crash or too long a wait is a refusal like any other."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; a path is never a command
            # -I: neither the environment nor this folder decides what is imported.
            [sys.executable, "-I", str(READER), command, str(path), *map(str, options)],
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


@contextmanager
def on_disk(source: Source) -> Iterator[Path]:
    """A path to the content, whatever it comes as; what had to be written is gone afterwards."""
    if isinstance(source, Path | str):
        yield Path(source)
        return
    if hasattr(source, "temporary_file_path"):
        yield Path(source.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="scan-") as copy:
        for chunk in _chunks(source):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _chunks(source: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    file = cast("IO[bytes]", source)
    file.seek(0)
    left = MAX_SIZE + 1  # enough to see that it is too large
    while left > 0 and (chunk := file.read(min(2**20, left))):
        left -= len(chunk)
        yield chunk
    file.seek(0)
