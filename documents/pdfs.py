"""Typst behind one door: our layouts, our fonts, and texts that come in as data and are never read as markup."""

import io
import json
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import typst
from django.conf import settings

from documents import fonts

# Layouts can import and read nothing outside this folder.
LAYOUTS = Path(settings.BASE_DIR) / "templates"

# A compiler is not made for two threads at once.
_press = threading.Lock()


@lru_cache
def _compiler(layout: str) -> typst.Compiler:
    """Kept: a layout that was set once is set ten times as fast again."""
    return typst.Compiler(LAYOUTS / layout, root=LAYOUTS, font_paths=fonts.of_the_machine())


def set_pages(layout: str, content: Mapping[str, Any], *, is_tagged: bool = True) -> bytes:
    """The PDF of ``layout`` (``….typ`` under the templates folder), which reads ``content`` as JSON.

    It carries no date and no random name: equal content, equal bytes. Tags tell a screen reader what is a table
    and a heading; they triple the size of a file of a hundred forms.
    """
    with _press:
        inputs = {"content": json.dumps(content, ensure_ascii=False)}
        return bytes(_compiler(layout).compile(format="pdf", sys_inputs=inputs, pdf_tags=is_tagged))


def join(parts: Sequence[bytes]) -> bytes:
    """Files of our own as one, page after page. Equal parts, equal bytes."""
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as document:
                whole.pages.extend(document.pages)
        written = io.BytesIO()
        whole.save(written, deterministic_id=True)
    return written.getvalue()


def count_pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
