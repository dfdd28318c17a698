"""Making the workbook of single records: the work of the runs that ``exports`` asks for, and the empty table.

Kept apart, because only who makes a workbook loads what writes one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import translation

from core.clock import today
from core.xlsx import XLSX
from documents.enums import FileKind
from documents.models import Run, StoredFile
from documents.services import report_progress, store_file
from injuries.enums import FollowUp
from injuries.importers.columns import COLUMNS, SHEET
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.selectors.codes import all_codes
from injuries.workbooks.records import PLACES, template, write_records

STEP = 5000  # rows
FOLLOW_UPS = {FollowUp.NONE: "", FollowUp.WANTED: "是", FollowUp.DONE: "已回访"}
FIELDS = ["sub_area__name" if column.field == "sub_area" else column.field for column in COLUMNS]


def make_export(run: Run) -> StoredFile:
    data_set = DataSet.objects.select_related("community", "family").get(pk=run.parameters["data_set"])
    language = run.requested_by.language if run.requested_by else translation.get_language()
    with translation.override(language), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.xlsx"
        about = (
            f"{data_set.community} · {data_set} · {data_set.get_source_kind_display()} {data_set.source_name}"
        )
        write_records(path, rows_of(data_set, run), codes=all_codes(), about=about)
        with path.open("rb") as content:
            return store_file(
                kind=FileKind.EXPORT,
                content=File(content),
                original_name=f"{SHEET}_{data_set.months}_{today():%Y%m%d}.xlsx",
                content_type=XLSX,
                by=run.requested_by,
            )


def rows_of(data_set: DataSet, run: Run | None = None) -> Iterator[list[Any]]:
    """Values in the order of the columns, the oldest month first."""
    month, follow_up = PLACES["month"], PLACES["follow_up"]
    found = Record.objects.filter(data_set=data_set).order_by("month", "pk").values_list(*FIELDS)
    texts: dict[int, str] = {}
    for number, values in enumerate(found.iterator(chunk_size=STEP)):
        row = list(values)
        row[month] = texts.get(row[month]) or texts.setdefault(row[month], Month.text(row[month]))
        row[follow_up] = FOLLOW_UPS.get(row[follow_up], "")
        yield row
        if run is not None and number % STEP == 0:
            report_progress(run, number)


def make_template() -> bytes:
    """The empty table, with all codes."""
    return template(all_codes())
