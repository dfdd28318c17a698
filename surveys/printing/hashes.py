"""What stands on each page of a print, as one hash per page: two prints can be compared page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from surveys.codes import content_hash
from surveys.printing import Row, Sheet


def page_hashes(sheet: Sheet) -> tuple[str, ...]:
    """One SHA-256 (64 small hex digits) for each page, from its words, labels and values.

    Not in it: number, version, digest, time and page count at the foot, and how high a row is set. A sheet of
    paper with an equal hash says the same; whether the count of pages is the same has to be asked besides.
    """
    first = {"title": sheet.title, "words": dict(sheet.words), "rows": _said(sheet.rows)}
    pages: list[dict[str, Any]] = [first, *({"rows": _said(rows)} for rows in sheet.continuation)]
    if sheet.supplement:
        heading = [sheet.title, sheet.words["supplement"]]
        pages.append({"heading": heading, "rows": _said(sheet.supplement)})
    return tuple(content_hash(page) for page in pages)


def _said(rows: Sequence[Row]) -> list[Any]:
    return [
        [
            [*cell.label, cell.text, *(paragraph.text for paragraph in cell.paragraphs), cell.more_on or 0]
            for cell in row.cells
        ]
        for row in rows
    ]
