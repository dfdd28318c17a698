"""The population as an Excel file: what is known, room for this year, and marks by which it is known again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from communities.enums import PopulationBasis
from communities.models import Community
from core import workbooks
from core.clock import today
from injuries.selectors.population import SPANS, Grid, span_label
from injuries.workbooks.population_reading import (
    BASIS,
    CHOICES_SHEET,
    FORMAT,
    HOW_SHEET,
    MARK,
    PEOPLE_SHEET,
    SEAL_SHEET,
    SEXES,
    SOURCE,
    SPAN,
    mark_of,
    titles,
)

OFFICIAL = "zh-hans"
WIDTHS = (8, 14, 12, 12, 12, 12, 40, 4)  # in characters; the last is hidden
HOW_WIDTH = 90
SPARE_ROWS = 200  # below what is known drop-downs still offer something


def population_workbook(community: Community, known: Sequence[Grid]) -> bytes:
    """In Chinese whatever the reader has chosen. A year with other age ranges cannot be said in it and is left out."""
    with translation.override(OFFICIAL):
        shown = [one for one in known if one.fits]
        if not any((one.year, one.basis) == (today().year, PopulationBasis.RESIDENT) for one in known):
            shown.insert(0, Grid(today().year, PopulationBasis.RESIDENT, {}, "", ""))
        book = workbooks.new_workbook(streamed=True)
        book.properties.creator = "中国职业安全健康协会"
        _write_people(book, shown)
        _write_how(book, leaves_out=not all(one.fits for one in known))
        choices = zip_longest(
            (str(label) for label in PopulationBasis.labels), (span_label(*span) for span in SPANS)
        )
        _hidden(book, CHOICES_SHEET, choices)
        _hidden(book, SEAL_SHEET, [("format", FORMAT), ("community", str(community.pk))])
        return workbooks.to_bytes(book)


def _write_people(book: Workbook, grids: Sequence[Grid]) -> None:
    sheet = workbooks.StreamedSheet(
        book, PEOPLE_SHEET, head=[*titles(), ""], widths=WIDTHS, is_landscape=True, hidden=[MARK + 1]
    )
    last = 1 + len(grids) * len(SPANS) + SPARE_ROWS
    sheet.offer(BASIS + 1, f"'{CHOICES_SHEET}'!$A$1:$A${len(PopulationBasis.labels)}", last_row=last)
    sheet.offer(SPAN + 1, f"'{CHOICES_SHEET}'!$B$1:$B${len(SPANS)}", last_row=last)
    for grid in grids:
        mark = mark_of(grid.year, grid.basis, grid.version) if grid.version else ""
        for span in SPANS:
            counts = [grid.cells.get((sex, *span)) for sex in SEXES]
            basis = str(PopulationBasis(grid.basis).label)
            row = [grid.year, basis, span_label(*span), *counts, grid.source, mark]
            sheet.add_marked(row, "body", marked={BASIS, SPAN, SOURCE, MARK}, mark="typed")


def _write_how(book: Workbook, *, leaves_out: bool) -> None:
    rules = [
        _("An empty cell means not known. Rows that you delete change nothing."),
        _("For each sex give the whole number, or all age bands: then the whole is their sum."),
        _("For another year copy the rows of a year, and write the other year into the first column."),
        _(
            "Nothing is changed by uploading: each difference is shown first, and either all is taken or nothing."
        ),
    ]
    if leaves_out:
        rules.append(_("Years with other age ranges are not in this table."))
    sheet = workbooks.StreamedSheet(book, HOW_SHEET, head=[_("How to fill it in")], widths=[HOW_WIDTH])
    for rule in rules:
        sheet.add_row([rule])


def _hidden(book: Workbook, title: str, rows: Iterable[Sequence[str | None]]) -> None:
    sheet = book.create_sheet(title)
    sheet.sheet_state = "hidden"
    for row in rows:
        sheet.append([workbooks.as_text(sheet, cell) if cell else None for cell in row])
