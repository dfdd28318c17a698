"""The table that came in, its wrong cells marked, with a sentence for each; it can be brought in again as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import workbooks
from injuries.importers.columns import BY_FIELD, SHEET
from injuries.importers.rows import Finding
from injuries.importers.sentences import FAULTS, sentence

ROW, REASONS = 8, 60  # widths in characters


class MarkedRow(NamedTuple):
    """A row as it was typed, only its taken columns, and what was found in it."""

    number: int
    typed: Sequence[str]
    findings: Sequence[Finding]


def errors_workbook(fields: Sequence[str], rows: Iterable[MarkedRow]) -> bytes:
    """In the language that is active. What is never taken from a table does not stand in it."""
    book = workbooks.new_workbook(streamed=True)
    columns = [BY_FIELD[field] for field in fields]
    sheet = workbooks.StreamedSheet(
        book,
        SHEET,
        head=[
            *(column.title for column in columns),
            _("Row in your table"),
            _("To be mended"),
            _("To be looked at again"),
        ],
        widths=[*(column.width for column in columns), ROW, REASONS, REASONS],
        is_landscape=True,
    )
    for row in rows:
        faults = [finding for finding in row.findings if finding.code in FAULTS]
        doubts = [finding for finding in row.findings if finding.code not in FAULTS]
        wrong = {place for place, field in enumerate(fields) if any(one.field == field for one in faults)}
        if faults:
            wrong.add(len(fields) + 1)
        cells = [*row.typed, str(row.number), _said(faults), _said(doubts)]
        sheet.add_marked(cells, "typed", marked=wrong)
    return workbooks.to_bytes(book)


def _said(findings: Sequence[Finding]) -> str:
    return "\n".join(f"{BY_FIELD[one.field].title}：{sentence(one.code)}" for one in findings)
