"""The index of a year's evidence: one row a file, as it lies in the archive and in the ZIP beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core import workbooks

WIDTHS = (6, 12, 24, 32, 24, 48, 28, 40)


def evidence_index(title: str, rows: Iterable[tuple[Any, ...]]) -> bytes:
    """``rows``: number, day, element, title, source, name in the ZIP, SHA-256, used by."""
    head = (
        _("No."),
        _("Day it took place"),
        _("Element"),
        _("Title"),
        _("Source"),
        _("File name"),
        "SHA-256",
        _("Used by"),
    )
    book = workbooks.new_workbook(streamed=True)
    sheet = workbooks.StreamedSheet(book, title[:31], head=head, widths=WIDTHS, is_landscape=True)
    for row in rows:
        sheet.add_row(row)
    return workbooks.to_bytes(book)
