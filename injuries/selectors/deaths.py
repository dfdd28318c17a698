"""How many died: unknown where no outcome was given, for a source that does not ask is no source without deaths."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from injuries.enums import NOT_GIVEN, OUTCOME_DEATH
from injuries.months import Month
from injuries.rollups import Counts


@dataclass(slots=True)
class Deaths:
    """Of a year. ``silent``: cases without an outcome; any of them may have been a death."""

    died: int = 0
    lived: int = 0
    silent: int = 0

    @property
    def number(self) -> int | None:
        return None if self.silent and not self.died + self.lived else self.died


def deaths_by_year(outcomes: Counts) -> defaultdict[int, Deaths]:
    """From the counts of outcome and age; a year without a case had no death."""
    found: defaultdict[int, Deaths] = defaultdict(Deaths)
    for cell, number in outcomes.items():
        year = found[Month.year(cell.month)]
        if cell.first == OUTCOME_DEATH:
            year.died += number
        elif cell.first == NOT_GIVEN:
            year.silent += number
        else:
            year.lived += number
    return found
