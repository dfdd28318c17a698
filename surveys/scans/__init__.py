"""Scans and photographs of sealed copies: is this a file we take, which page is it, what does it look like.

Everything that decodes runs in ``reader/``, a child process with limits of memory and time.
"""

import base64
import json
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from surveys.codes import PageCode
from surveys.enums import Advice
from surveys.scans import kinds
from surveys.scans.kinds import Kind, Refusal
from surveys.scans.process import Source, ask, on_disk

__all__ = [
    "Corners",
    "ESealedCheck",
    "Kind",
    "Part",
    "Refusal",
    "ScannedPage",
    "UploadCheck",
    "assemble",
    "inspect_esealed",
    "inspect_upload",
    "join",
    "preview",
    "read_pages",
]

INSPECT_SECONDS, PREVIEW_SECONDS, READ_SECONDS, ASSEMBLE_SECONDS = 20, 20, 150, 240

Corners = Sequence[Sequence[float]]
"""Four points (x, y) as fractions of the picture, clockwise, first the one at the picture's upper left."""


@dataclass(frozen=True, slots=True)
class UploadCheck:
    """A file that can be taken. ``width`` and ``height`` in pixels, 0 for PDF; ``picture``: empty unless asked for."""

    kind: Kind
    pages: int
    width: int
    height: int
    picture: bytes = b""

    @property
    def content_type(self) -> str:
        return self.kind.value


@dataclass(frozen=True, slots=True)
class ESealedCheck:
    """An electronically sealed file. ``is_signed``: it carries a signature, which nobody here has checked."""

    kind: Kind
    is_signed: bool

    @property
    def content_type(self) -> str:
        return self.kind.value


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page as the reader saw it. ``index`` counts from 0; ``thumbnail`` is an upright JPEG 240 pixels wide.

    ``codes``: every one of ours, more than one when a picture shows two pages; ``code`` is the first.
    ``corners``: where the sheet lies, None when it need not or cannot be straightened. ``turn``: by how many
    degrees clockwise (0, 90, 180, 270) it is then to be turned to stand upright.
    """

    index: int
    code: PageCode | None
    width: int
    height: int
    thumbnail: bytes
    codes: tuple[PageCode, ...] = ()
    turn: int = 0
    corners: Corners | None = None
    advice: tuple[Advice, ...] = ()
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a document to be put together; ``turn`` and ``corners`` as in ``ScannedPage``."""

    source: Source
    index: int = 0
    turn: int = 0
    corners: Corners | None = None


def inspect_upload(upload: Source, filename: str = "", picture: int = 0) -> UploadCheck:
    """Decide by its content whether a file can be taken. Raises Refused with one clear reason.

    ``picture``: of how many pixels' width a small JPEG of its first page is wanted with the answer.
    """
    with on_disk(upload, kinds.MAX_SIZE) as path:
        kinds.check_size(path)
        kind = kinds.kind_of(path, filename or str(getattr(upload, "name", "")))
        seen = json.loads(ask("inspect", path=str(path), picture=picture, seconds=INSPECT_SECONDS))
    return UploadCheck(kind, seen["pages"], seen["width"], seen["height"], base64.b64decode(seen["picture"]))


def inspect_esealed(upload: Source) -> ESealedCheck:
    """The same for a file sealed electronically, PDF or OFD. Nothing in it is judged. Raises Refused."""
    with on_disk(upload, kinds.MAX_SIZE) as path:
        kinds.check_size(path)
        kind = kinds.kind_of_esealed(path)
        seen = json.loads(ask("inspect_esealed", path=str(path), kind=kind.name, seconds=INSPECT_SECONDS))
    return ESealedCheck(kind, seen["is_signed"])


def read_pages(source: Source) -> list[ScannedPage]:
    """Look at every page of a file: its code if it is one of ours, and a small picture. Raises Refused."""
    with on_disk(source) as path:
        seen = json.loads(ask("read", path=str(path), seconds=READ_SECONDS))
    return [_page(index, page) for index, page in enumerate(seen["pages"])]


def _page(index: int, seen: dict[str, Any]) -> ScannedPage:
    codes = tuple(filter(None, map(PageCode.parse, seen["texts"])))
    return ScannedPage(
        index=index,
        code=next(iter(codes), None),
        codes=codes,
        width=seen["width"],
        height=seen["height"],
        thumbnail=base64.b64decode(seen["thumbnail"]),
        turn=seen["turn"],
        corners=seen["corners"],
        advice=tuple(map(Advice, seen["advice"])),
        is_blank=seen["is_blank"],
    )


def preview(source: Source, page: int, width: int, turn: int = 0, corners: Corners | None = None) -> bytes:
    """One page (from 0) as JPEG, at most ``width`` pixels wide: straightened, then turned clockwise. Raises Refused."""
    with on_disk(source) as path:
        return ask(
            "preview",
            path=str(path),
            index=page,
            width=width,
            turn=turn,
            corners=corners,
            seconds=PREVIEW_SECONDS,
        )


def assemble(parts: Sequence[Part], title: str) -> bytes:
    """The pages upright on A4 in this order, as one PDF. Equal input, equal bytes. Raises Refused."""
    with ExitStack() as stack:
        target = stack.enter_context(tempfile.NamedTemporaryFile(prefix="stamped-"))
        paths: dict[int, str] = {}  # a file of many pages is laid down once
        for part in parts:
            if id(part.source) not in paths:
                paths[id(part.source)] = str(stack.enter_context(on_disk(part.source)))
        pages = [
            {"path": paths[id(part.source)], "index": part.index, "turn": part.turn, "corners": part.corners}
            for part in parts
        ]
        ask("assemble", parts=pages, title=title, target=target.name, seconds=ASSEMBLE_SECONDS)
        return target.read()


def join(pdfs: Iterable[Source], title: str) -> IO[bytes]:
    """All pages of these PDFs one after the other, as an open file that is gone once closed. Raises Refused."""
    target = tempfile.NamedTemporaryFile(prefix="joined-")  # noqa: SIM115 - whoever asked closes it
    try:
        with ExitStack() as stack:
            paths = [str(stack.enter_context(on_disk(pdf))) for pdf in pdfs]
            ask("join", paths=paths, title=title, target=target.name, seconds=ASSEMBLE_SECONDS)
    except BaseException:
        target.close()
        raise
    return target
