"""How long a case can be told apart: afterwards only codes, band of age and month stay, and figures do not change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core import retention
from injuries import rollups
from injuries.models import DataSet, Record
from injuries.months import Month

CASES = "injury_cases"
BATCH = 5000
# What tells one case from another, and what it is set to.
TELLING = {
    "key": "",
    "occurred_on": None,
    "occurred_hour": None,
    "treated_on": None,
    "age": None,
    "sub_area": None,
    "product": "",
    "narrative": "",
    "follow_up_note": "",
}


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code=CASES,
            what=_("Single injury records: day, hour, age, part of the community, number of the card, words"),
            happens=_("these are erased; codes, age band and month stay, and with them all figures"),
            days=5 * 365,
            origin=_("the platform's own: one term of a naming, to be changed"),
            due=_over,
            expire=coarsen,
            least=366,
        )
    )


def _over(before: dt.datetime) -> QuerySet[Record]:
    """By the month of the injury, not by the day on which it was typed."""
    telling = Q()
    for field, empty in TELLING.items():
        telling |= ~Q(**{field: ""}) if empty == "" else Q(**{f"{field}__isnull": False})
    return Record.objects.filter(telling, month__lt=Month.of(before.date()))


def coarsen(records: QuerySet[Record]) -> int:
    """Returns how many records; several thousand in a transaction, each data set locked while it is changed."""
    done, last = 0, 0
    while numbers := list(
        records.filter(pk__gt=last).order_by("pk").values_list("pk", "data_set_id")[:BATCH]
    ):
        last = numbers[-1][0]
        by_set: defaultdict[int, list[int]] = defaultdict(list)
        for number, data_set in numbers:
            by_set[data_set].append(number)
        for data_set in sorted(by_set):
            _coarsen(data_set, by_set[data_set])
        done += len(numbers)
    return done


@transaction.atomic
def _coarsen(data_set_id: int, numbers: list[int]) -> None:
    """Hours and days of the week leave the counts too, so that a recount finds nothing to mend."""
    data_set = (
        DataSet.objects.select_for_update(of=("self",))
        .select_related("community", "family")
        .get(pk=data_set_id)
    )
    rows = Record.objects.filter(pk__in=numbers)
    before = rollups.of_records(data_set, rows) if data_set.is_counted else rollups.Counts()
    rows.update(**TELLING)
    if data_set.is_counted:
        rollups.replace(data_set.community, before, rollups.of_records(data_set, rows))
    audit.record("injury_record.coarsen", by=None, target=data_set, changes={"records": len(numbers)})
