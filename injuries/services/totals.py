"""Totals of a month: written as a whole, each division no larger than the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import today
from core.errors import Reason, Refused
from injuries import rollups
from injuries.enums import AgeBand, Completeness, Dimension, Form, Stage
from injuries.models import DataSet, Total
from injuries.months import Month
from injuries.selectors.codes import known_numbers
from injuries.services.locks import locked_for_change

Key = tuple[str, int]  # dimension and code; the whole month is (ALL, 0)
Cells = Mapping[Key, int]
WHOLE: Key = (Dimension.ALL, 0)
MOST = 1_000_000


@transaction.atomic
def write(data_set: DataSet, month: int, cells: Cells, *, by: Any, seen: str | None = None) -> None:
    """What is not in ``cells`` was not given; an empty mapping takes the month away.

    ``seen``: ``version_of`` the month as the writer had it before the eyes. Raises Refused with every reason.
    """
    locked = locked_for_change(data_set, by, excepted=True)
    before = list(locked.totals.select_for_update().filter(month=month))
    if seen is not None and seen != version_of(before):
        raise Refused(
            Reason(_("Somebody else has written this month meanwhile. Look at it again."), code="stale")
        )
    _refuse(locked, month, cells)
    old = {(total.dimension, total.number): total.cases for total in before}
    new = {(str(dimension), number): cases for (dimension, number), cases in cells.items()}
    if old == new:
        return
    locked.totals.filter(month=month).delete()
    rows = [
        Total(data_set=locked, month=month, dimension=dimension, number=number, cases=cases)
        for (dimension, number), cases in sorted(new.items())
    ]
    Total.objects.bulk_create(rows)
    if locked.is_counted:
        rollups.replace(locked.community, rollups.of_totals(locked, before), rollups.of_totals(locked, rows))
    changes = {"month": Month.text(month), "totals": [old.get(WHOLE), new.get(WHOLE)]}
    audit.record("injury_total.change", by=by, target=locked, changes=changes)


def version_of(totals: list[Total]) -> str:
    """What stands in a month, as a form carries it to be told when somebody else has written meanwhile."""
    return " ".join(sorted(f"{total.dimension}:{total.number}={total.cases}" for total in totals))


def _refuse(data_set: DataSet, month: int, cells: Cells) -> None:
    found = []
    if data_set.form != Form.TOTALS:
        found.append(Reason(_("This data set takes single records."), code="form"))
    if not data_set.first_month <= month <= data_set.last_month:
        found.append(Reason(_("This month lies outside the data set."), code="outside", field="month"))
    if Month.first_day(month) > today():
        found.append(Reason(_("This month has not begun."), code="future", field="month"))
    if not cells and data_set.stage != Stage.OPEN and data_set.completeness != Completeness.PARTIAL:
        sentence = _("These data are closed as complete: each month keeps a figure, 0 where there were none.")
        found.append(Reason(sentence, code="silent", field=_field(*WHOLE)))
    found += _faults_of(cells)
    if found:
        raise Refused(found)


def _faults_of(cells: Cells) -> list[Reason]:
    known = {**known_numbers(), Dimension.AGE: frozenset(AgeBand.values), Dimension.ALL: frozenset({0})}
    found = []
    sums: defaultdict[str, int] = defaultdict(int)
    for (dimension, number), cases in cells.items():
        sums[str(dimension)] += cases
        if number not in known.get(dimension, frozenset()):
            found.append(
                Reason(_("This code is not in the list."), code="code", field=_field(dimension, number))
            )
        if not 0 <= cases <= MOST:
            found.append(
                Reason(_("This number cannot be right."), code="number", field=_field(dimension, number))
            )
    if cells and WHOLE not in cells:
        found.append(Reason(_("The number of all cases is missing."), code="whole", field=_field(*WHOLE)))
        return found
    for dimension, number in sums.items():
        if dimension != Dimension.ALL and number > cells[WHOLE]:
            sentence = _("%(division)s: together %(sum)s, but only %(whole)s in all.") % {
                "division": Dimension(dimension).label,
                "sum": number,
                "whole": cells[WHOLE],
            }
            found.append(Reason(sentence, code="sum", field=_field(*WHOLE)))
    return found


def _field(dimension: str, number: int) -> str:
    """The name of the cell in the form of a month."""
    return f"{dimension}-{number}"
