"""The line list of a data set: newest first, turned by a mark instead of a number, so the last page costs the first.

The days of a month are sorted as they are read: at most the cases of two months for a page, and imports of a hundred
thousand rows keep no further index.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from injuries.enums import AgeBand, ListName
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.selectors.codes import all_codes

PER_PAGE = 50
MARK = re.compile(r"(\d{1,5})\.(\d{1,7})\.(\d{1,18})", re.ASCII)
UNKNOWN_DAY = dt.date(1, 1, 1)  # before every day, so that it comes last in its month
SHOWN = (ListName.CAUSE, ListName.PLACE, ListName.SEVERITY, ListName.OUTCOME, ListName.SEX)


class Together(Func):
    """Several values as one, compared from the left."""

    template = "(%(expressions)s)"
    output_field = IntegerField()


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

    To such readers the order of the rows and the mark of the next page tell no day either.

    ``after``: month, day and id of the last row seen, ``24300.739000.17``; nonsense begins at the newest.

    ``wanted``: a state of the follow-up; empty shows all.
    """
    day = Coalesce("occurred_on", Value(UNKNOWN_DAY)) if is_own else Value(UNKNOWN_DAY)
    records = Record.objects.filter(data_set=data_set).annotate(day=day).order_by("-month", "-day", "-pk")
    if wanted:
        records = records.filter(follow_up=wanted)
    if mark := _mark(after):
        seen = Together(*(Value(value) for value in mark))
        records = records.filter(LessThan(Together(F("month"), day, F("pk")), seen), month__lte=mark[0])
    found = list(records[: PER_PAGE + 1])
    labels = {name: {code.number: str(code.label) for code in codes} for name, codes in all_codes().items()}
    rows = [_row(record, labels, is_own=is_own) for record in found[:PER_PAGE]]
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return Lines(rows, f"{last.month}.{last.day.toordinal()}.{last.pk}" if last else "")


def _mark(text: str) -> tuple[int, dt.date, int] | None:
    found = MARK.fullmatch(text)
    if found is None:
        return None
    month, day, number = map(int, found.groups())
    return month, dt.date.fromordinal(min(max(day, 1), dt.date.max.toordinal())), number


def _row(record: Record, labels: dict[str, dict[int, str]], *, is_own: bool) -> Row:
    words = {str(name): labels.get(name, {}).get(getattr(record, name) or 0, "") for name in SHOWN}
    band = AgeBand(record.age_band).label if record.age_band else ""
    age = record.age if is_own and record.age is not None else band
    day = record.occurred_on if is_own else None
    return Row(number=record.pk, day=day, month=Month.text(record.month), age=str(age), **words)
