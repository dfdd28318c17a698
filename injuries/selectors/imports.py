"""Tables that were brought in, as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet

from core.paging import BothEndsPaginator
from injuries.enums import BatchState
from injuries.models import Batch, DataSet, Record

PER_PAGE = 30
OPEN = (BatchState.UPLOADED, BatchState.FAULTY, BatchState.CHECKED)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: the number that Excel shows, the letter and title of the column, what stands there, a code."""

    row: int
    column: str
    title: str
    typed: str
    code: str


def of_data_set(data_set: DataSet, page: str | None) -> Page[Batch]:
    return BothEndsPaginator(_rows().filter(data_set=data_set).order_by("-pk"), PER_PAGE).get_page(page)


def _rows() -> QuerySet[Batch]:
    return Batch.objects.select_related("file", "errors_file", "run", "by", "data_set__community")


def batches(data_set: DataSet) -> QuerySet[Batch]:
    return _rows().filter(data_set=data_set)


def findings(batch: Batch, kind: str) -> list[Found]:
    """``kind``: faults or doubts; the first hundred as they were kept."""
    fields: list[str] = batch.columns.get("fields", [])
    titles: list[str] = batch.columns.get("titles", [])
    found = []
    for row, field, code, typed in batch.report.get(kind, ()):
        place = fields.index(field) if field in fields else None
        letter, title = ("", "") if place is None else (letter_of(place), titles[place])
        found.append(Found(row, letter, title, typed, code))
    return found


def letter_of(place: int) -> str:
    """A is the first column, AA the 27th."""
    text, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def acts_on(batch: Batch, *, is_open: bool) -> Mapping[str, Any]:
    """What could be pressed now."""
    has_file = batch.file_id is not None
    return {
        "may_take": is_open and batch.state == BatchState.CHECKED and batch.prepared_id is not None,
        "may_choose": is_open and has_file and batch.state in OPEN,
        "may_undo": is_open and batch.state == BatchState.TAKEN,
        "may_discard": has_file and batch.state in OPEN,
    }


def changed_since(batch: Batch) -> int:
    """Rows of this table that somebody has changed on the platform."""
    return Record.objects.filter(batch=batch, revision__gt=1).count()
