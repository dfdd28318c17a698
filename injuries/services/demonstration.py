"""Made-up injuries for a demonstration, on real communities, marked as such; nobody's case and nobody's name.

The same community always gets the same content; what is there already is left alone. The shares of causes, places and
outcomes are drawn around those that sentinel hospitals usually see, so that the pages look as they will.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db import transaction

from communities.enums import PopulationBasis, Sex
from communities.models import Community, RegisterEntry
from core.clock import today
from injuries import lifecycle
from injuries.enums import AgeBand, Cause, Completeness, Dimension, Form, SourceKind
from injuries.models import DataSet, Family, Record
from injuries.months import Month
from injuries.rollups import add, of_data_set
from injuries.selectors.population import Cell
from injuries.services import datasets, people, totals
from injuries.services.records import completed

PROGRAMME = "international"
UNITS = (420, 139, 422)
YEARS = 6
SOURCE = "演示数据"
HOME, TRAFFIC = 4, 2
CAUSES = {Cause.FALL: 42, Cause.BLUNT: 14, Cause.ANIMAL: 16, Cause.SHARP: 12, Cause.BURN: 7, Cause.OTHER: 6}
PLACES = {1: 46, 2: 12, 3: 14, 4: 5, 6: 12, 7: 6, 9: 5}
ACTIVITIES = {1: 14, 2: 18, 3: 6, 4: 8, 5: 34, 6: 14, 8: 6}
INTENTS = {1: 95, 2: 1, 3: 3, 4: 1}
SEVERITIES = {1: 70, 2: 25, 3: 5}
OUTCOMES = {1: 78, 2: 8, 3: 3, 4: 10, 5: 1}
AGES = {(0, 14): 24, (15, 24): 10, (25, 59): 30, (60, 64): 8, (65, 90): 28}
SHARES = {(0, 14): 16, (15, 24): 11, (25, 59): 52, (60, 64): 7, (65, None): 14}


def load_injuries() -> int:
    """How many communities were filled now."""
    entries = RegisterEntry.objects.filter(programme__code=PROGRAMME, number__in=UNITS)
    units = [entry.community for entry in entries.select_related("community").order_by("number")]
    return sum(_fill(unit) for unit in units if not DataSet.objects.filter(community=unit).exists())


@transaction.atomic
def _fill(unit: Community) -> bool:
    chance = random.Random(f"injuries-{unit.pk}")  # noqa: S311 - the same content at every start
    inhabitants = chance.randrange(38_000, 72_000)
    for year in range(today().year - YEARS + 1, today().year + 1):
        inhabitants = round(inhabitants * chance.uniform(0.99, 1.02))
        _people(unit, year, inhabitants)
        _hospital(unit, year, inhabitants, chance)
        _traffic_police(unit, year, inhabitants, chance)
    return True


def _people(unit: Community, year: int, inhabitants: int) -> None:
    cells: dict[Cell, int] = {}
    for sex, share in ((Sex.MALE, 0.507), (Sex.FEMALE, 0.493)):
        for (first, last), hundredth in SHARES.items():
            cells[sex, first, last] = round(inhabitants * share * hundredth / 100)
    people.write(unit, year=year, basis=PopulationBasis.RESIDENT, cells=cells, source=SOURCE, by=None)


def _hospital(unit: Community, year: int, inhabitants: int, chance: random.Random) -> None:
    """One case after the other; fewer each year, as a community hopes."""
    data_set = _begin(unit, year, HOME, SourceKind.HOSPITAL, Form.RECORDS)
    number = round(inhabitants / 400 * 0.96 ** (year - today().year + YEARS) * chance.uniform(0.9, 1.1))
    days = [_day(year, chance) for _case in range(number)]
    rows = [_case(data_set, day, chance) for day in days if day <= today()]
    Record.objects.bulk_create(rows)
    add(unit, of_data_set(data_set))
    _approve(data_set, year)


def _case(data_set: DataSet, day: dt.date, chance: random.Random) -> Record:
    first, last = _drawn(AGES, chance)
    values: dict[str, Any] = {
        "occurred_on": day,
        "occurred_hour": min(23, max(0, round(chance.gauss(13, 4)))),
        "age": chance.randrange(first, last + 1),
        "sex": chance.choice((1, 2)),
        "cause": int(_drawn(CAUSES, chance)),
        "place": _drawn(PLACES, chance),
        "activity": _drawn(ACTIVITIES, chance),
        "intent": _drawn(INTENTS, chance),
        "severity": _drawn(SEVERITIES, chance),
        "outcome": _drawn(OUTCOMES, chance),
    }
    return Record(data_set=data_set, **completed(values))


def _traffic_police(unit: Community, year: int, inhabitants: int, chance: random.Random) -> None:
    """Only totals come from there."""
    data_set = _begin(unit, year, TRAFFIC, SourceKind.TRAFFIC_POLICE, Form.TOTALS)
    for month in range(data_set.first_month, data_set.last_month + 1):
        if Month.last_day(month) >= today():
            break
        motor, other = chance.randrange(0, 1 + inhabitants // 12_000), chance.randrange(0, 4)
        older = min(chance.randrange(0, 3), motor + other)
        cells: dict[totals.Key, int] = {
            (Dimension.ALL, 0): motor + other,
            (Dimension.CAUSE, Cause.MOTOR_VEHICLE): motor,
            (Dimension.CAUSE, Cause.OTHER_VEHICLE): other,
            (Dimension.AGE, AgeBand.OLDER): older,
        }
        totals.write(data_set, month, cells, by=None)
    _approve(data_set, year)


def _begin(unit: Community, year: int, family: int, source: SourceKind, form: Form) -> DataSet:
    return datasets.begin(
        DataSet(
            community=unit,
            family=Family.objects.get(number=family),
            source_kind=source,
            source_name=SOURCE,
            form=form,
            first_month=Month.at(year, 1),
            last_month=Month.at(year, 12),
            definition="首诊伤害病例（演示）" if form == Form.RECORDS else "接报事故中的伤亡人数（演示）",
            completeness=Completeness.COMPLETE,
        ),
        by=None,
    )


def _approve(data_set: DataSet, year: int) -> None:
    if year >= today().year:
        return
    lifecycle.advance(data_set, "close", by=None)
    if year < today().year - 1:
        lifecycle.advance(data_set, "endorse", by=None)


def _day(year: int, chance: random.Random) -> dt.date:
    return dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(365))


def _drawn(weights: dict[Any, int], chance: random.Random) -> Any:
    return chance.choices(list(weights), weights=list(weights.values()))[0]
