"""Single records: written with their counts and their trail, never over somebody else's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from core.clock import today
from core.errors import STALE, Reason, Refused
from injuries import rollups, rules
from injuries.enums import BRANCH_FIELDS, BRANCHES, AgeBand, Form
from injuries.models import DataSet, Record
from injuries.months import Month
from injuries.selectors.codes import known_numbers
from injuries.services.locks import locked_for_change


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """With what follows from the rest: the month from the day, the band from the age, no branch of another cause."""
    full = dict(values)
    if full.get("month") is None and full.get("occurred_on"):
        full["month"] = Month.of(full["occurred_on"])
    if full.get("age") is not None and full.get("age_band") is None and full["age"] >= 0:
        full["age_band"] = int(AgeBand.of(full["age"]))
    opened = BRANCHES.get(full.get("cause") or 0, ())
    for field in BRANCH_FIELDS:
        if field not in opened and full.get(field) is not None:
            full[field] = None
    return full


@transaction.atomic
def add(data_set: DataSet, values: Mapping[str, Any], *, by: Any, form_key: str = "") -> Record:
    """The same form pressed twice gives one record, and the second press that record.

    Raises Refused with every fault of ``values``, or when the data set takes no single records.
    """
    locked = locked_for_change(data_set, by, excepted=True)
    if form_key and (there := Record.objects.filter(form_key=form_key).first()):
        if there.data_set_id == locked.pk:
            return there
        form_key = ""
    if locked.form != Form.RECORDS:
        raise Refused(Reason(_("This data set takes totals."), code="form"))
    full = completed(values)
    _refuse(full, locked)
    record = Record(data_set=locked, created_by=by, form_key=form_key, **full)
    record.full_clean(exclude=["data_set"], validate_constraints=False)
    record.save()
    if locked.is_counted:
        rollups.add(locked.community, rollups.of_record(record))
    audit.record("injury_record.add", by=by, target=record, community_id=locked.community_id)
    return record


@transaction.atomic
def change(record: Record, values: Mapping[str, Any], *, by: Any, seen: int | None = None) -> Record:
    """``seen``: the revision that the writer had before the eyes; None asks for nothing."""
    data_set = locked_for_change(record.data_set, by, excepted=True)
    locked = Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
    locked.data_set = data_set
    if seen is not None and seen != locked.revision:
        raise Refused(STALE)
    before = rollups.of_record(locked)
    full = completed(values)
    _refuse(full, data_set, own=locked.pk)
    changed = _take_over(locked, full)
    if not changed:
        return locked
    locked.revision += 1
    locked.full_clean(exclude=["data_set"], validate_constraints=False)
    locked.save()
    if data_set.is_counted:
        rollups.replace(data_set.community, before, rollups.of_record(locked))
    audit.record(
        "injury_record.change",
        by=by,
        target=locked,
        community_id=data_set.community_id,
        changes={"fields": ", ".join(sorted(changed))},
    )
    return locked


@transaction.atomic
def remove(record: Record, *, by: Any) -> None:
    """Twice is harmless: what is gone stays gone."""
    data_set = locked_for_change(record.data_set, by, excepted=True)
    locked = Record.objects.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if locked is None:
        return
    locked.data_set = data_set
    if data_set.is_counted:
        rollups.add(data_set.community, rollups.of_record(locked), sign=-1)
    audit.record("injury_record.remove", by=by, target=locked, community_id=data_set.community_id)
    locked.delete()


def _refuse(values: Mapping[str, Any], data_set: DataSet, own: int | None = None) -> None:
    found = rules.faults(
        values,
        codes=known_numbers(),
        months=(data_set.first_month, data_set.last_month),
        today=today(),
    )
    key = values.get("key")
    if key and _has_card(data_set, key, own):
        found.append(Reason(_("A card of this number is here already."), code="double", field="key"))
    if found:
        raise Refused(found)


def _has_card(data_set: DataSet, key: str, own: int | None) -> bool:
    cards = Record.objects.filter(data_set=data_set, key=key)
    return (cards.exclude(pk=own) if own else cards).exists()


def _take_over(record: Record, values: Mapping[str, Any]) -> list[str]:
    """The names of the fields that changed. Their values enter no trail: it is kept when a case is long forgotten."""
    changed = [name for name, new in values.items() if getattr(record, name) != new]
    for name in changed:
        setattr(record, name, values[name])
    return changed
