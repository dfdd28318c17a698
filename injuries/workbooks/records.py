"""The records of a data set as a workbook, and the empty one for an import: the same columns under the same heads.

Written by a fast writer, for a hundred thousand rows take it a second and openpyxl nine. Every text is written as
text, with the sign that keeps it from becoming a formula when somebody edits its cell.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheets

from core import workbooks
from core.xlsx import storable
from injuries.importers.columns import COLUMNS, SHEET, Kind
from injuries.models import Code

CODES, CHECK = "编码", "核对"
TEXTS = frozenset({Kind.TEXT, Kind.ICD10, Kind.AREA, Kind.MONTH, Kind.FOLLOW_UP})
PLACES = {column.field: place for place, column in enumerate(COLUMNS)}
FREE = tuple(PLACES[column.field] for column in COLUMNS if column.kind in {Kind.TEXT, Kind.AREA})
Row = Sequence[Any]


class Tally:
    """What the check sheet says, counted from the very rows that are written."""

    def __init__(self) -> None:
        self.rows = 0
        self.causes: Counter[int | None] = Counter()
        self.months: Counter[str] = Counter()
        self._hash = hashlib.sha256()

    def note(self, row: Row) -> None:
        self.rows += 1
        self.causes[row[PLACES["cause"]]] += 1
        self.months[row[PLACES["month"]]] += 1
        self._hash.update("\t".join(map(str, row)).encode())

    @property
    def hash(self) -> str:
        return self._hash.hexdigest()


def write_records(
    target: str | os.PathLike[str], rows: Iterable[Row], *, codes: dict[str, list[Code]], about: str
) -> Tally:
    """``rows``: values in the order of the columns, months as 2025-03. ``about``: of which data these are."""
    tally = Tally()
    write_worksheets(
        [
            (SHEET, _records(rows, tally)),
            (CODES, _codes(codes)),
            (CHECK, _check(tally, codes, about)),
        ],
        target,
        freeze_panes={"general": {"row": 1, "col": 0}},
        datetime_format="yyyy-mm-dd",
        bold_headers=True,
        column_formats={
            SHEET: {column.title: _format(column.kind) for column in COLUMNS if column.kind in TEXTS},
        },
        column_widths={
            SHEET: [column.width for column in COLUMNS],
            CODES: [24, 8, 28, 36, 40],
            CHECK: [36, 70],
        },
    )
    return tally


def _format(kind: Kind) -> Format:
    return Format().set_quote_prefix().set_num_format("@") if kind in TEXTS else Format()


def _records(rows: Iterable[Row], tally: Tally) -> Iterator[dict[str, Any]]:
    titles = [column.title for column in COLUMNS]
    for row in rows:
        tally.note(row)
        free = [place for place in FREE if row[place]]
        if free:
            row = list(row)  # noqa: PLW2901
            for place in free:
                row[place] = storable(row[place])
        yield dict(zip(titles, row, strict=True))


def _codes(codes: dict[str, list[Code]]) -> Iterator[dict[str, Any]]:
    for column in COLUMNS:
        for code in codes.get(column.field, ()) if column.kind == Kind.CODE else ():
            yield {
                "项目": column.title,
                "编码": code.number,
                "中文": storable(code.label_zh),
                "English": storable(code.label_en),
                "来源": storable(code.source),
            }


def _check(tally: Tally, codes: dict[str, list[Code]], about: str) -> Iterator[dict[str, Any]]:
    """Asked for after the rows have been written, so it counts them all."""
    labels = {code.number: f"{code.number} {code.label}" for code in codes.get("cause", ())}
    months = sorted(tally.months)
    lines: list[tuple[str, Any]] = [
        (_("Data set"), storable(about)),
        (_("Rows"), str(tally.rows)),
        (_("Months"), f"{months[0]} – {months[-1]}" if months else "—"),
        (_("Check value of the rows (SHA-256)"), tally.hash),
        *(
            (labels.get(number, "—") if number is not None else str(_("cause not given")), str(cases))
            for number, cases in sorted(tally.causes.items(), key=lambda item: item[0] or 0)
        ),
    ]
    for name, value in lines:
        yield {str(_("What")): str(name), str(_("Value")): value}


def template(codes: dict[str, list[Code]]) -> bytes:
    """Heads, an explanation and the codes; no row, so that no example is ever brought in."""
    book = workbooks.new_workbook(streamed=True)
    workbooks.StreamedSheet(
        book, SHEET, head=[c.title for c in COLUMNS], widths=[c.width for c in COLUMNS], is_landscape=True
    )
    sheet = workbooks.StreamedSheet(
        book, CODES, head=["项目", "编码", "中文", "English", "来源"], widths=[24, 8, 28, 36, 40]
    )
    for line in _codes({name: [code for code in found if code.is_used] for name, found in codes.items()}):
        sheet.add_row(list(line.values()))
    return workbooks.to_bytes(book)
