"""Pictures of uploaded pages, drawn once for everybody who looks: drawing takes a process of its own each time."""

from __future__ import annotations

import hashlib
import json

from django.core.cache import caches

from surveys import scans
from surveys.models import CopyPage

CACHE = "previews"


def preview_of(page: CopyPage, *, width: int, turn: int = 0) -> bytes:
    """The page straightened and upright as JPEG, at most ``width`` pixels wide, turned by ``turn`` degrees clockwise.

    Kept under the hash of the file, so that what is shown can never be another file's page. Raises Refused when
    the file cannot be drawn, FileNotFoundError when it is gone.
    """
    key = _key(page, width, turn)
    kept: bytes | None = caches[CACHE].get(key)
    if kept is not None:
        return kept
    with page.file.stored.file.open("rb") as content:
        picture = scans.preview(
            content, page.index, width, (page.rotation + turn) % 360, corners=page.corners
        )
    caches[CACHE].set(key, picture)
    return picture


def _key(page: CopyPage, width: int, turn: int) -> str:
    what = [page.file.stored.sha256, page.index, width, (page.rotation + turn) % 360, page.corners]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()
