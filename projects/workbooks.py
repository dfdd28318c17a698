"""What leaves as Excel: the index of a year's evidence, the ledger of small businesses and venues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core import workbooks
from projects.models import Venue

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


def venue_ledger(lines: Iterable[tuple[Venue, dict[str, str]]]) -> bytes:
    """小单位台账: ``lines``: a venue, and its persons as the reader may see them."""
    columns = (
        (_("No."), 6),
        (_("Name"), 28),
        (_("Kind"), 16),
        (_("Address"), 32),
        (_("Person in charge"), 12),
        (_("Telephone"), 16),
        (_("Staff (venue)"), 10),
        (_("Last check"), 12),
        (_("Result of the check"), 16),
        (_("Checked by"), 12),
        (_("Open shortcomings"), 12),
        (_("Note"), 28),
        (_("Closed for good since"), 12),
    )
    book = workbooks.new_workbook(streamed=True)
    heads, widths = zip(*columns, strict=True)
    title = _("Small businesses and venues")
    sheet = workbooks.StreamedSheet(book, title[:31], head=heads, widths=widths, is_landscape=True)
    for number, (venue, people) in enumerate(lines, start=1):
        sheet.add_marked(
            (
                number,
                venue.name,
                str(venue.get_kind_display()),
                venue.address,
                people["person"],
                people["phone"],
                venue.staff,
                venue.checked_on,
                str(venue.get_result_display()),
                people["checker"],
                getattr(venue, "open_shortcomings", None),
                venue.note,
                venue.closed_on,
            ),
            "body",
            marked={5},
            mark="typed",
        )
    return workbooks.to_bytes(book)
