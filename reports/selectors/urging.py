"""Whom an urging of a round touches: by state and place, with and without a mailbox."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Max

from communities.selectors.addressees import Reached, reached
from notices.enums import Channel, Kind, NoticeState
from notices.models import TEST, Notice
from reports.enums import Column, column_of
from reports.selectors.board import in_column
from reports.selectors.units import UnitFilter, units
from surveys.models import Round
from surveys.selectors.reminders import day_of

# Whose turn it is is the unit's.
URGED = (Column.NOT_STARTED, Column.OPENED, Column.DRAFT, Column.AWAITING_COPY, Column.RETURNED)


@dataclass(frozen=True)
class Chosen:
    """States to be urged, within what the list of units is narrowed to."""

    columns: tuple[str, ...]
    narrowed: UnitFilter


@dataclass(frozen=True, slots=True)
class Row:
    unit: Any
    column: Column
    due_on: dt.date | None
    people: Reached
    urged_at: dt.datetime | None

    @property
    def is_reached(self) -> bool:
        return bool(self.people.addressees)


@dataclass(slots=True)
class Touched:
    """``written``: who gets mail; ``unreached``: no mailbox, or only refused ones."""

    written: list[Row] = field(default_factory=list)
    unreached: list[Row] = field(default_factory=list)

    @property
    def mails(self) -> int:
        return sum(len(row.people.addressees) for row in self.written)

    @property
    def rows(self) -> list[Row]:
        return sorted([*self.written, *self.unreached], key=lambda row: (row.unit.sequence or 0, row.unit.pk))

    @property
    def by_column(self) -> list[tuple[str, int]]:
        counts = Counter(row.column for row in self.written)
        return [(str(column.label), counts[column]) for column in URGED if counts[column]]

    @property
    def seen(self) -> str:
        """Tells whether it is still what a page has shown."""
        said = [[row.unit.pk, *(person.address for person in row.people.addressees)] for row in self.written]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def touched(survey_round: Round, chosen: Chosen) -> Touched:
    """A handful of queries, whatever the number of units."""
    columns = [Column(column) for column in chosen.columns if column in URGED]
    if not columns:
        return Touched()
    found = units(survey_round, chosen.narrowed).filter(reduce(or_, map(in_column, columns)))
    found = found.exclude(invitation__revoked_at__isnull=False, first_submitted_at__isnull=True)
    rows = [unit for unit in found if unit.may_hand_in]
    people = reached([unit.community_id for unit in rows])
    urged = _last_urged([unit.pk for unit in rows])
    split = Touched()
    for unit in rows:
        row = Row(
            unit=unit,
            column=column_of(unit.stage, is_opened=unit.first_opened_at is not None),
            due_on=day_of(unit),
            people=people[unit.community_id],
            urged_at=urged.get(f"surveys.response:{unit.pk}"),
        )
        (split.written if row.is_reached else split.unreached).append(row)
    return split


def _last_urged(responses: list[int]) -> dict[str, dt.datetime]:
    subjects = [f"surveys.response:{pk}" for pk in responses]
    rows = Notice.objects.filter(
        kind=Kind.ROUND_URGED, channel=Channel.MAIL, state=NoticeState.SENT, subject__in=subjects
    )
    return dict(rows.exclude(step=TEST).order_by().values_list("subject").annotate(at=Max("sent_at")))
