"""The line list of a data set: newest first, turned by a mark instead of a number, so the last page costs the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from injuries.enums import AgeBand, ListName
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.selectors.codes import all_codes

PER_PAGE = 50
SHOWN = (ListName.CAUSE, ListName.PLACE, ListName.SEVERITY, ListName.OUTCOME, ListName.SEX)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    day: dt.date | None
    month: str
    cause: str
    place: str
    severity: str
    outcome: str
    sex: str
    age: str


@dataclass(frozen=True, slots=True)
class Lines:
    """``after``: the mark of the next page, empty on the last."""

    rows: list[Row]
    after: str


def lines(data_set: DataSet, *, is_own: bool, after: str = "", wanted: str = "") -> Lines:
    """``is_own``: somebody of another house sees the month and the age band, not the day and the age.

    ``after``: month and id of the last row seen, ``24300.17``; nonsense begins at the newest.

    ``wanted``: a state of the follow-up; empty shows all.
    """
    records = Record.objects.filter(data_set=data_set).order_by("-month", "-pk")
    if wanted:
        records = records.filter(follow_up=wanted)
    if mark := _mark(after):
        month, number = mark
        records = records.filter(Q(month__lt=month) | Q(month=month, pk__lt=number))
    found = list(records[: PER_PAGE + 1])
    labels = {name: {code.number: str(code.label) for code in codes} for name, codes in all_codes().items()}
    rows = [_row(record, labels, is_own=is_own) for record in found[:PER_PAGE]]
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return Lines(rows, f"{last.month}.{last.pk}" if last else "")


def _mark(text: str) -> tuple[int, int] | None:
    month, _dot, number = text.partition(".")
    if month.isascii() and month.isdigit() and number.isascii() and number.isdigit():
        return int(month[:5]), int(number[:18])
    return None


def _row(record: Record, labels: dict[str, dict[int, str]], *, is_own: bool) -> Row:
    words = {str(name): labels.get(name, {}).get(getattr(record, name) or 0, "") for name in SHOWN}
    band = AgeBand(record.age_band).label if record.age_band else ""
    age = record.age if is_own and record.age is not None else band
    day = record.occurred_on if is_own else None
    return Row(number=record.pk, day=day, month=Month.text(record.month), age=str(age), **words)
