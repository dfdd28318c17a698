"""The door for stored files and runs. Files are never served from a folder, only through a view that has asked."""

from __future__ import annotations

import logging
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from documents.models import Run, StoredFile
from documents.services import may_see_run

logger = logging.getLogger(__name__)

# What a browser may show in its own window; anything else is saved.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})


def file_response(stored: StoredFile, *, name: str = "", download: bool = False) -> FileResponse:
    """The file as it was stored. The caller has already asked whether this reader may have it.

    Uploaded content is foreign: it gets its stored type, no sniffing, a sandbox, and stays in no cache.
    """
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as error:
        # The row outlived its file: somebody must look at the disk, the reader gets a page that says so politely.
        logger.exception("stored file %s (%s) is gone", stored.pk, stored.sha256)
        raise Http404 from error
    answer = FileResponse(
        content,
        as_attachment=download or stored.content_type not in SHOWN,
        filename=name or stored.original_name or f"{stored.sha256[:12]}",
        content_type=stored.content_type,
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'self'"
    return answer


def run_or_404(request: HttpRequest, run_id: int) -> Run:
    """A run is seen by who asked for it, as long as the right to it lasts."""
    run: Any = get_object_or_404(Run.objects.select_related("result"), pk=run_id)
    if not may_see_run(request.user, run):
        raise Http404
    return run
