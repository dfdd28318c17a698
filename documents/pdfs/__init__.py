"""Typst behind one door: our layouts, our fonts, and texts that come in as data and are never read as markup."""

import atexit
import io
import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings

from documents import fonts
from documents.pdfs.press import Press

# Layouts can import and read nothing outside this folder.
LAYOUTS = Path(settings.BASE_DIR) / "templates"

_presses: dict[Path, Press] = {}
_one_at_a_time = threading.Lock()


def set_pages(layout: str, content: Mapping[str, Any], *, is_tagged: bool = True) -> bytes:
    """The PDF of ``layout`` (``….typ`` under the templates folder), which reads ``content`` as JSON.

    It carries no date and no random name: equal content, equal bytes. Tags tell a screen reader what is a table
    and a heading; they triple the size of a file of a hundred forms. Raises RuntimeError when it cannot be set.
    """
    written = json.dumps(content, ensure_ascii=False)
    job = {"layout": layout, "content": written, "is_tagged": is_tagged, "is_common": fonts.cover(written)}
    with _one_at_a_time:
        if LAYOUTS not in _presses:
            _presses[LAYOUTS] = Press(LAYOUTS, fonts.folder())
        return _presses[LAYOUTS].set(job)


def set_as_one(layout: str, content: Mapping[str, Any], *, series: str, at_once: int) -> bytes:
    """One file of many things that each begin on a page of their own: the list ``content[series]``, set in parts.

    A press that has grown over a part is replaced for the next, so memory does not grow with their number.
    """
    things = content[series]
    return join(
        [
            set_pages(layout, {**content, series: things[start : start + at_once]}, is_tagged=False)
            for start in range(0, len(things), at_once)
        ]
    )


def end_presses() -> None:
    """Let their memory go; the next print starts one again."""
    for press in _presses.values():
        press.end()


def _forget_presses() -> None:
    """A press answers to one process: what is forked off starts its own."""
    _presses.clear()


atexit.register(end_presses)
os.register_at_fork(after_in_child=_forget_presses)


def join(parts: Sequence[bytes]) -> bytes:
    """Files of our own as one, page after page. Equal parts, equal bytes."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                whole.pages.extend(document.pages)
        written = io.BytesIO()
        whole.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def count_pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
