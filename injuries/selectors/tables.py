"""A table as pages, CSV and workbooks show it alike: lines of numbers, some of which may be hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Line:
    """``bar`` is drawn beside the label; None draws nothing. A value of None was hidden or is not known."""

    label: Words
    values: list[Any]
    bar: int | None = None


@dataclass(slots=True)
class Table:
    """``heads`` are those of the values. ``is_hidden``: some cells were left out so that nobody is
    recognised. ``download``: where the same table is a file."""

    code: str
    title: Words
    label_head: Words
    heads: list[Words]
    lines: list[Line] = field(default_factory=list)
    foot: Line | None = None
    note: Words = ""
    is_hidden: bool = False
    download: str = ""

    @property
    def longest_bar(self) -> int:
        return max((line.bar or 0 for line in self.lines), default=0)

    @property
    def all_lines(self) -> list[Line]:
        return [*self.lines, *([self.foot] if self.foot else [])]

    @property
    def is_empty(self) -> bool:
        return not any(any(value for value in line.values) for line in self.lines)
