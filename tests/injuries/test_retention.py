"""After its time a case is a number among numbers, and no figure has changed."""

import datetime as dt

from audit.models import AuditEntry
from core import retention
from core.clock import start_of_day
from injuries import rollups
from injuries.enums import Question
from injuries.models import DataSet, Record
from injuries.services import records as writing
from injuries.services import recounts
from injuries.services.retention import CASES
from tests.injuries.factories import DECEMBER, JANUARY

CASE = {
    "cause": 3,
    "occurred_on": dt.date(2025, 1, 6),
    "occurred_hour": 8,
    "age": 71,
    "sex": 2,
    "key": "A-17",
    "narrative": "在家滑倒",
}


def expire(before: dt.date) -> int:
    rule = next(one for one in retention.rules() if one.code == CASES)
    return rule.expire(rule.due(start_of_day(before)))


def test_a_case_loses_what_tells_it_apart_and_keeps_its_codes(records: DataSet) -> None:
    writing.add(records, CASE, by=None)
    writing.add(records, {**CASE, "occurred_on": dt.date(2025, 12, 6), "key": "A-18"}, by=None)
    assert expire(dt.date(2025, 6, 1)) == 1
    old, new = Record.objects.order_by("month")
    assert (old.occurred_on, old.occurred_hour, old.age, old.key, old.narrative) == (None, None, None, "", "")
    assert (old.month, old.cause, old.age_band, old.sex) == (JANUARY, 3, 5, 2)
    assert (new.month, new.age, new.narrative) == (DECEMBER, 71, "在家滑倒")
    assert expire(dt.date(2025, 6, 1)) == 0
    assert AuditEntry.objects.get(action="injury_record.coarsen").changes == {"records": 1}


def test_figures_stay_and_a_recount_finds_nothing(records: DataSet) -> None:
    writing.add(records, CASE, by=None)
    before = rollups.kept(rollups.nation_scope())
    expire(dt.date(2026, 1, 1))
    after = rollups.kept(rollups.nation_scope())
    hours = Question.HOUR_WEEKDAY
    assert {cell: n for cell, n in after.items() if cell.question != hours} == {
        cell: n for cell, n in before.items() if cell.question != hours
    }
    assert [cell[2:] for cell in after if cell.question == hours] == [(0, 0)]
    assert recounts.recount_all() == 0
