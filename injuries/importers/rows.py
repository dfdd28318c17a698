"""Rows of a table against the rules, column by column: what forbids them, what is doubted, how they would be stored.

A hundred thousand rows are looked at without an object for each: every column is read through a dictionary of its
texts, and a doubt is asked once for each pair of values that it speaks of. The verdicts are those of ``rules``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

from injuries import rules
from injuries.enums import BRANCH_FIELDS, BRANCHES, AgeBand
from injuries.importers.cells import Bad, Reader, reader_of
from injuries.importers.columns import BY_FIELD, Kind, Reading

NONE = "\\N"  # as COPY writes what is not there
_COPIED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TEXTS = frozenset(name for name, column in BY_FIELD.items() if column.kind in {Kind.TEXT, Kind.ICD10})
# The causes that open each further field.
OPENED_BY = {
    name: frozenset(cause for cause, names in BRANCHES.items() if name in names) for name in BRANCH_FIELDS
}


class Finding(NamedTuple):
    """``row``: as Excel numbers it. ``field`` of a record."""

    row: int
    field: str
    code: str


@dataclass(slots=True)
class Part:
    """Some rows of a table, looked at."""

    numbers: list[int]
    stored: list[str]
    faults: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the rows are held against. ``words``: of each list. ``months``: first and last of the data set."""

    words: Mapping[str, Mapping[str, int]]
    areas: Mapping[str, int]
    months: tuple[int, int]
    today: dt.date


class _Copied(dict[Any, str]):
    """Values as COPY takes them."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = NONE if value is None else str(value)
        return text


class _Holds(dict[tuple[Any, ...], bool]):
    def __init__(self, names: tuple[str, ...], holds: Callable[[Mapping[str, Any]], bool]) -> None:
        super().__init__()
        self.names, self._holds = names, holds

    def __missing__(self, values: tuple[Any, ...]) -> bool:
        found = self[values] = self._holds(dict(zip(self.names, values, strict=True)))
        return found


class Checker:
    """Goes through one table from its first row to its last; remembers the keys it has seen."""

    def __init__(self, reading: Reading, frame: Frame) -> None:
        self.frame = frame
        self.places = reading.places
        self.readers: dict[str, Reader] = {
            name: reader_of(
                BY_FIELD[name], words=frame.words.get(name, {}), areas=frame.areas, today=frame.today
            )
            for name in self.places
        }
        self.stored_fields = _stored(self.places)
        self.months: Counter[int] = Counter()
        self._seen: dict[str, int] = {}
        self._copied = _Copied()
        self._doubts = [
            (code, name, _Holds(rules.SPOKEN_OF[code], holds))
            for code, name, holds, _text in rules.DOUBTS
            if code != "telling" and all(of in self.places for of in rules.SPOKEN_OF[code])
        ]

    def check(self, numbers: list[int], rows: Sequence[Sequence[str]]) -> Part:
        """``numbers``: of the rows as Excel shows them."""
        part = Part(numbers, [])
        columns = self._columns(part, rows)
        self._complete(part, columns)
        self._find_doubts(part, columns)
        self._find_twice(part, columns)
        part.stored = self._as_copied(columns)
        return part

    def _columns(self, part: Part, rows: Sequence[Sequence[str]]) -> dict[str, list[Any]]:
        turned = list(zip_longest(*rows, fillvalue=""))
        columns: dict[str, list[Any]] = {}
        for name, place in self.places.items():
            reader = self.readers[name]
            cells = turned[place] if place < len(turned) else ("",) * len(rows)
            values = list(map(reader.__getitem__, cells))
            if reader.has_bad:
                empty = reader[""]
                for index, value in enumerate(values):
                    if type(value) is Bad:
                        part.faults.append(Finding(part.numbers[index], name, str(value)))
                        values[index] = empty
            columns[name] = values
        return columns

    def _complete(self, part: Part, columns: dict[str, list[Any]]) -> None:
        """What follows from the rest, as ``services.records.completed`` has it; and what contradicts the rest."""
        months, days = columns.get("month"), columns.get("occurred_on")
        of_days = [day and day.year * 12 + day.month - 1 for day in days] if days else None
        if months is None or of_days is None:
            columns["month"] = of_days if months is None else months  # type: ignore[assignment]
        else:
            columns["month"] = [
                of_day if month is None else month for month, of_day in zip(months, of_days, strict=True)
            ]
            self._note(
                part,
                "occurred_on",
                "other_month",
                [
                    bool(of_day and month and of_day != month)
                    for month, of_day in zip(months, of_days, strict=True)
                ],
            )
        self._check_months(part, columns["month"])
        self._complete_bands(part, columns)
        causes = columns.get("cause") or [None] * len(part.numbers)
        for name, opened in OPENED_BY.items():
            if name in columns:
                columns[name] = [
                    value if cause in opened else None
                    for value, cause in zip(columns[name], causes, strict=True)
                ]

    def _check_months(self, part: Part, months: list[int | None]) -> None:
        first, last = self.frame.months
        found = Counter(months)
        if None in found:
            spoilt = {fault.row for fault in part.faults if fault.field in {"month", "occurred_on"}}
            missing = [
                month is None and number not in spoilt
                for month, number in zip(months, part.numbers, strict=True)
            ]
            self._note(part, "month", "month", missing)
            del found[None]
        if any(not first <= month <= last for month in found if month is not None):
            outside = [month is not None and not first <= month <= last for month in months]
            self._note(part, "month" if "month" in self.places else "occurred_on", "outside", outside)
        self.months.update(found)  # type: ignore[arg-type]

    def _complete_bands(self, part: Part, columns: dict[str, list[Any]]) -> None:
        ages, bands = columns.get("age"), columns.get("age_band")
        if ages is None:
            return
        of_ages = [None if age is None else _BANDS[age] for age in ages]
        if bands is None:
            columns["age_band"] = of_ages
            return
        columns["age_band"] = [
            of_age if band is None else band for band, of_age in zip(bands, of_ages, strict=True)
        ]
        unlike = [
            age is not None and band is not None and not rules.fits_band(age, band)
            for age, band in zip(ages, bands, strict=True)
        ]
        self._note(part, "age_band", "age_band", unlike)

    def _note(self, part: Part, name: str, code: str, where: list[bool]) -> None:
        if True in where:
            part.faults += [
                Finding(number, name, code)
                for number, is_so in zip(part.numbers, where, strict=True)
                if is_so
            ]

    def _find_doubts(self, part: Part, columns: dict[str, list[Any]]) -> None:
        for code, name, holds in self._doubts:
            found = list(map(holds.__getitem__, zip(*(columns[of] for of in holds.names), strict=True)))
            if True in found:
                part.doubts += [
                    Finding(number, name, code)
                    for number, is_so in zip(part.numbers, found, strict=True)
                    if is_so
                ]
        if "narrative" in columns:
            tells = rules.TELLING.search
            part.doubts += [
                Finding(number, "narrative", "telling")
                for number, text in zip(part.numbers, columns["narrative"], strict=True)
                if text and tells(text)
            ]

    def _find_twice(self, part: Part, columns: dict[str, list[Any]]) -> None:
        if "key" not in columns:
            return
        seen = self._seen
        for number, key in zip(part.numbers, columns["key"], strict=True):
            if key:
                if key in seen:
                    part.faults.append(Finding(number, "key", "twice"))
                else:
                    seen[key] = number
        part.keys = [key for key in columns["key"] if key]

    def _as_copied(self, columns: dict[str, list[Any]]) -> list[str]:
        copied = self._copied.__getitem__
        written = [
            [text.translate(_COPIED) if text else text for text in columns[name]]
            if name in TEXTS
            else list(map(copied, columns[name]))
            for name in self.stored_fields
        ]
        return list(map("\t".join, zip(*written, strict=True)))

    def row_of(self, key: str) -> int:
        return self._seen[key]


def _stored(places: Mapping[str, int]) -> list[str]:
    """The fields that are stored: those of the table, and what follows from them."""
    names = dict.fromkeys([*places, "month"])
    if "age" in places:
        names["age_band"] = None
    return [name for name in BY_FIELD if name in names]


_BANDS = [int(AgeBand.of(age)) for age in range(201)]
