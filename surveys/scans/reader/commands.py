"""What the reader can be asked to do."""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .later import later
from .limits import Unusable, set_limits

assembling, esealed, flat = later(".assembling"), later(".esealed"), later(".flat")
looking, pdf, pictures = later(".looking"), later(".pdf"), later(".pictures")

THUMBNAIL = 240  # pixels, the width of the small pictures


def main(command: str) -> int:
    set_limits()
    try:
        answer = COMMANDS[command](**json.load(sys.stdin))
    except Unusable as reason:
        answer = json.dumps({"refused": reason.args[0]}).encode()
    sys.stdout.buffer.write(answer)
    return 0


def inspect(path: str, picture: int = 0) -> bytes:
    """Pages and size of the first one, after all of a picture has been decoded: a torn file is found here.

    ``picture``: the first page comes along as a JPEG (base64) of so many pixels' width, and no second process is
    started for it.
    """
    pages, width, height = _measured(Path(path))
    small = base64.b64encode(preview(path, 0, picture)).decode() if picture else ""
    return json.dumps({"pages": pages, "width": width, "height": height, "picture": small}).encode()


def _measured(file: Path) -> tuple[int, int, int]:
    if pictures.is_pdf(file):
        with pdf.opened(file) as document:
            return len(document), 0, 0
    width, height = pictures.dimensions(file)
    pictures.picture(file, 400).close()
    return 1, width, height


def read(path: str) -> bytes:
    """For every page what ``looking.look`` sees, its size as looked at, and a small JPEG (base64)."""
    pages = []
    for view in pictures.views(Path(path)):
        seen = looking.look(view)
        small = pictures.coarse(view.image, 3 * THUMBNAIL)
        small = flat.straightened(small, seen.turn, seen.corners)
        pages.append(
            {
                **seen._asdict(),
                "width": view.image.width,
                "height": view.image.height,
                "thumbnail": base64.b64encode(pictures.jpeg(small, THUMBNAIL)).decode(),
            }
        )
    return json.dumps({"pages": pages}).encode()


def preview(
    path: str, index: int, width: int, turn: int = 0, corners: list[list[float]] | None = None
) -> bytes:
    """One page (from 0) as JPEG, at most ``width`` pixels wide: straightened by its corners, then turned."""
    image = pictures.one(Path(path), index, width * 2)
    return pictures.jpeg(flat.straightened(image, turn, corners), width)


def assemble(parts: list[dict[str, Any]], title: str, target: str) -> bytes:
    assembling.assemble(parts, title, Path(target))
    return b""


def join(paths: list[str], title: str, target: str) -> bytes:
    assembling.join([Path(path) for path in paths], title, Path(target))
    return b""


def inspect_esealed(path: str, kind: str) -> bytes:
    return json.dumps(esealed.CHECKS[kind](Path(path))).encode()


COMMANDS: dict[str, Callable[..., bytes]] = {
    "inspect": inspect,
    "read": read,
    "preview": preview,
    "assemble": assemble,
    "join": join,
    "inspect_esealed": inspect_esealed,
}
