"""Data sets: begun, described, counted or set aside. Of several about the same months one is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from core.clock import today
from core.errors import STALE, Reason, Refused
from injuries import authz, rollups
from injuries.enums import HEALTH_SOURCES, Stage
from injuries.models import DataSet, LockException, Record
from injuries.services.imports.batches import forget_files
from injuries.services.locks import locked_for_change

LONGEST_EXCEPTION = dt.timedelta(days=31)
DESCRIBED = ("source_kind", "source_name", "definition", "completeness", "first_month", "last_month")


@transaction.atomic
def begin(data_set: DataSet, *, by: Any) -> DataSet:
    """A new, empty data set; counted at once where nothing else tells of its months.

    The same words sent twice, while it is empty, are one.
    """
    if by is not None and not authz.is_of(by, data_set.community):
        data_set.kept_by = authz.health_place(by, data_set.community)
    authz.must_record(by, data_set)
    _lock(data_set.community)
    data_set.full_clean()
    _refuse_foreign_source(data_set)
    same = {name: getattr(data_set, name) for name in (*DESCRIBED, "community", "family", "form", "kept_by")}
    there = DataSet.objects.filter(**same, records__isnull=True, totals__isnull=True).first()
    if there is not None:
        return there
    data_set.is_counted = data_set.kept_by is None and not _rivals(data_set).exists()
    data_set.save()
    audit.record("injury_data.begin", by=by, target=data_set)
    return data_set


@transaction.atomic
def describe(data_set: DataSet, fields: Mapping[str, Any], *, by: Any, seen: int | None = None) -> DataSet:
    """Change what is said about a data set. Its months may not leave out what lies in it already."""
    _lock(data_set.community)
    locked = locked_for_change(data_set, by)
    if seen is not None and seen != locked.revision:
        raise Refused(STALE)
    changes = {
        name: [getattr(locked, name), fields[name]]
        for name in DESCRIBED
        if name in fields and getattr(locked, name) != fields[name]
    }
    for name, (_old, new) in changes.items():
        setattr(locked, name, new)
    _refuse_foreign_source(locked)
    _refuse_lost_months(locked)
    if locked.is_counted and _rivals(locked).exists():
        raise Refused(
            Reason(
                _("Another counted source already tells of these months."), code="rival", field="first_month"
            )
        )
    if changes:
        locked.revision += 1
        locked.full_clean()
        locked.save()
        audit.record("injury_data.change", by=by, target=locked, changes=changes)
    return locked


@transaction.atomic
def remove(data_set: DataSet, *, by: Any) -> None:
    """Only what is empty goes; twice is harmless."""
    if not DataSet.objects.filter(pk=data_set.pk).exists():
        return
    locked = locked_for_change(data_set, by)
    if locked.records.exists() or locked.totals.exists():
        raise Refused(Reason(_("There are still data in it. Remove them first."), code="full"))
    for batch in locked.batches.select_for_update(of=("self",)):
        forget_files(batch)
    audit.record("injury_data.remove", by=by, target=locked)
    locked.delete()


@transaction.atomic
def count(data_set: DataSet, *, by: Any) -> DataSet:
    """From now on this one is counted, and those that tell of the same family and months are shown beside it.

    Raises Refused if one of them is closed: its figures are promised to somebody.
    """
    authz.must_be_of(by, data_set.community)
    _lock(data_set.community)
    locked = locked_for_change(data_set, by)
    if locked.is_counted:
        return locked
    for rival in _rivals(locked).select_for_update(of=("self",)).select_related("community", "family"):
        if rival.stage != Stage.OPEN:
            raise Refused(
                Reason(
                    _("The source counted so far is closed. It would have to be opened first."), code="closed"
                )
            )
        _set_counted(rival, is_counted=False)
        audit.record("injury_data.set_aside", by=by, target=rival, changes={"instead": str(locked.pk)})
    _set_counted(locked, is_counted=True)
    audit.record("injury_data.count", by=by, target=locked)
    data_set.is_counted = True
    return locked


@transaction.atomic
def set_aside(data_set: DataSet, *, by: Any) -> DataSet:
    """Shown, but not counted; chosen by the community, whoever gave the data."""
    authz.must_be_of(by, data_set.community)
    locked = locked_for_change(data_set, by)
    if locked.is_counted:
        _set_counted(locked, is_counted=False)
        audit.record("injury_data.set_aside", by=by, target=locked)
    data_set.is_counted = False
    return locked


@transaction.atomic
def except_from_lock(data_set: DataSet, *, user: Any, until: dt.date, reason: str, by: Any) -> LockException:
    """Let one person of the community mend a closed data set until a day."""
    locked = DataSet.objects.select_for_update(of=("self",)).select_related("community").get(pk=data_set.pk)
    if by is not None and not may_except(by, locked):
        raise Refused(Reason(_("Only who approved may give an exception."), code="right"))
    if locked.stage == Stage.OPEN:
        raise Refused(Reason(_("These data are open: everybody who records may change them."), code="open"))
    if not today() <= until <= today() + LONGEST_EXCEPTION:
        raise Refused(Reason(_("Give a day within the next month."), code="until", field="until"))
    if not reason.strip():
        raise Refused(Reason(_("Say why."), code="reason", field="reason"))
    if not authz.is_of(user, data_set.community):
        raise Refused(Reason(_("This person does not record for the community."), code="user", field="user"))
    exception, created = LockException.objects.get_or_create(
        data_set=locked, user=user, until=until, reason=reason.strip(), defaults={"given_by": by}
    )
    if not created:
        return exception
    audit.record("injury_data.except", by=by, target=data_set, changes={"until": until}, reason=reason)
    return exception


def may_except(user: Any, data_set: DataSet) -> bool:
    """What the province has approved is excepted by the province."""
    if data_set.stage == Stage.LOCKED:
        return authz.approves_for_province(user, data_set.community)
    return authz.approves(user, data_set.community)


def _set_counted(data_set: DataSet, *, is_counted: bool) -> None:
    data_set.is_counted = is_counted
    data_set.save(update_fields=["is_counted"])
    rollups.add(data_set.community, rollups.of_data_set(data_set), sign=1 if is_counted else -1)


def _rivals(data_set: DataSet) -> QuerySet[DataSet]:
    """Counted ones of the same family that share a month."""
    return DataSet.objects.filter(
        community=data_set.community,
        family=data_set.family,
        is_counted=True,
        first_month__lte=data_set.last_month,
        last_month__gte=data_set.first_month,
    ).exclude(pk=data_set.pk)


def _lock(community: Community) -> None:
    """Two people who choose at once choose one after the other."""
    Community.objects.select_for_update(no_key=True).filter(pk=community.pk).first()


def _refuse_foreign_source(data_set: DataSet) -> None:
    if data_set.kept_by is not None and data_set.source_kind not in HEALTH_SOURCES:
        sentence = _("A health department gives data of hospitals and of disease control.")
        raise Refused(Reason(sentence, code="source", field="source_kind"))


def _refuse_lost_months(data_set: DataSet) -> None:
    outside = {"month__lt": data_set.first_month}, {"month__gt": data_set.last_month}
    if any(
        Record.objects.filter(data_set=data_set, **where).exists() or data_set.totals.filter(**where).exists()
        for where in outside
    ):
        raise Refused(
            Reason(_("There are data of months outside these."), code="months", field="first_month")
        )
