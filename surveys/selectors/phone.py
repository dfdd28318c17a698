"""Whether anything has changed on a sealed copy since a page drew it."""

from __future__ import annotations

import hashlib

from surveys.models import CopyPage
from surveys.selectors.copies import CopyState


def mark_of(state: CopyState) -> str:
    """Short and equal as long as the page would look the same; asked every few seconds by whoever waits."""
    parts: list[object] = [state.response.stage, state.copy and state.copy.pk]
    for page in state.printed:
        parts += [page.number, _mark(page.picture), page.carried is not None]
    for other in state.others:
        parts += [_mark(other.picture), other.place, other.is_kept]
    for file in state.files:
        parts += [file.file.pk, file.pages, file.is_reading, file.error]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _mark(picture: CopyPage | None) -> tuple[object, ...] | None:
    return (picture.pk, picture.match, picture.page, picture.settled_by, picture.advice) if picture else None
