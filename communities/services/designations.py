"""Writes to a community's entry in a programme's register: namings, re-designations, the end."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.enums import DatePrecision, EntryEnd, Standing
from communities.models import Community, Designation, Programme, RegisterEntry
from communities.services.changes import Changes, save_checked, set_fields
from communities.services.terms import possible_days, refresh_ends
from core.clock import now, today
from core.errors import Reason, Refused

ENTRY_EDITABLE = frozenset({"complete_to", "external_id", "external_url", "source"})
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)
_PRECISIONS = (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)
FIRST_YEAR = 1989  # the first safe community of the world


def parse_partial_date(text: str) -> tuple[date, DatePrecision]:
    """``2015``, ``2015-06`` or ``2015-06-30``: the first day meant, and how exact it is. Raises Refused."""
    found = _DATE.match(text.strip())
    known = [int(part) for part in found.groups() if part] if found else []
    try:
        first = date(*[*known, 1, 1][:3]) if known else date.min
    except ValueError:  # 31 February
        known = []
    if not known:
        raise Refused(
            Reason(_("Give the date as 2020, 2020-05 or 2020-05-01."), code="date", field="date_text")
        )
    if first.year < FIRST_YEAR or first > today():
        raise Refused(
            Reason(_("The date lies before 1989 or in the future."), code="date_range", field="date_text")
        )
    return first, _PRECISIONS[len(known) - 1]


@transaction.atomic
def add_entry(
    *,
    community: Community,
    programme: Programme,
    by: Any | None,
    number: int | None = None,
    date_text: str = "",
    source: str = "",
) -> RegisterEntry:
    """Enter a community in a programme's register, with its number for life and, if known, its naming."""
    entry = RegisterEntry(community=community, programme=programme, number=number, source=source)
    save_checked(entry)
    audit.record(
        "entry.add",
        by=by,
        target=entry,
        changes={"programme": programme.code, "number": number, "source": source},
    )
    if community.standing == Standing.CANDIDATE:
        _bump(entry, standing=Standing.NAMED)
    if date_text:
        record_first_designation_date(entry=entry, date_text=date_text, source=source, by=by)
        entry.refresh_from_db()
    return entry


@transaction.atomic
def change_entry(*, entry: RegisterEntry, by: Any | None, reason: str = "", **values: Any) -> RegisterEntry:
    """Set what staff may edit by hand: up to when the record is complete, the certifying centre's page."""
    locked = _lock(entry)
    if changes := set_fields(locked, values, ENTRY_EDITABLE):
        _save_entry(locked, "entry.change", changes, by=by, reason=reason)
    return locked


@transaction.atomic
def record_designation(
    *, entry: RegisterEntry, cycle: int, date_text: str, source: str, by: Any | None
) -> Designation:
    """Record or correct the date of one cycle (0 is the naming). Refused when the cycles would lose their order."""
    first, precision = parse_partial_date(date_text)
    locked = _lock(entry)
    if clashes := _out_of_order(locked, cycle, first, precision):
        raise Refused(clashes)
    designation = locked.designations.filter(cycle=cycle).first() or Designation(
        entry=locked, community=locked.community, cycle=cycle
    )
    before = designation.date_text if designation.pk else None
    if before == date_text.strip() and not designation.inferred:
        return designation
    designation.designated_on, designation.precision, designation.inferred = first, precision, False
    designation.source, designation.recorded_at = source, now()
    save_checked(designation)
    changes: Changes = {f"cycle_{cycle}": [before, designation.date_text]}
    if cycle == 0 and locked.first_year != first.year:
        changes["first_year"] = [locked.first_year, first.year]
    if cycle == 0:
        locked.first_year, locked.year_inferred = first.year, False
    refresh_ends(locked)
    _save_entry(locked, "designation.record", changes, by=by, reason=source)
    return designation


def record_first_designation_date(
    *, entry: RegisterEntry, date_text: str, source: str, by: Any | None
) -> Designation:
    return record_designation(entry=entry, cycle=0, date_text=date_text, source=source, by=by)


@transaction.atomic
def record_renewal(*, entry: RegisterEntry, date_text: str, source: str, by: Any | None) -> Designation:
    """Record a re-designation in its place among the others.

    A date that only repeats a known one, or is less exact, changes nothing; a more exact one replaces it.
    """
    first, precision = parse_partial_date(date_text)
    locked = _lock(entry)
    renewals = list(locked.designations.filter(cycle__gt=0).order_by("cycle"))
    for known in renewals:
        if _contains(first, precision, known):
            return known
        if _contains(known.designated_on, known.precision, first):
            return record_designation(
                entry=locked, cycle=known.cycle, date_text=date_text, source=source, by=by
            )
    place = 1 + sum(known.designated_on < first for known in renewals)
    if place <= len(renewals):
        _make_room(locked, place)
    return record_designation(entry=locked, cycle=place, date_text=date_text, source=source, by=by)


@transaction.atomic
def end_entry(
    *, entry: RegisterEntry, kind: str, on: date, basis: str, by: Any | None, reason: str = ""
) -> RegisterEntry:
    """Lapsed, withdrawn or revoked from this day on, by a decision that is named."""
    locked = _lock(entry)
    reasons = []
    if locked.ended_kind:
        reasons.append(Reason(_("The end of this designation is already recorded."), code="ended"))
    if not basis.strip():
        reasons.append(Reason(_("Name the decision or document."), code="no_basis", field="basis"))
    if on > today():
        reasons.append(Reason(_("The end cannot lie in the future."), code="future", field="on"))
    if reasons:
        raise Refused(reasons)
    changes = set_fields(
        locked,
        {"ended_kind": EntryEnd(kind).value, "ended_on": on, "ended_basis": basis.strip()},
        {"ended_kind", "ended_on", "ended_basis"},
    )
    _save_entry(locked, "entry.end", changes, by=by, reason=reason)
    return locked


def _lock(entry: RegisterEntry) -> RegisterEntry:
    return (
        RegisterEntry.objects.select_for_update(of=("self",))
        .select_related("programme", "community")
        .get(pk=entry.pk)
    )


def _save_entry(
    entry: RegisterEntry, action: str, changes: Changes, *, by: Any | None, reason: str = ""
) -> None:
    entry.updated_at = now()
    save_checked(entry)
    _bump(entry)
    audit.record(action, by=by, target=entry, changes=changes, reason=reason)


def _bump(entry: RegisterEntry, **values: Any) -> None:
    """An entry is part of its community's record: a change of one is a revision of the other."""
    Community.objects.filter(pk=entry.community_id).update(revision=F("revision") + 1, **values)


def _make_room(entry: RegisterEntry, place: int) -> None:
    """Later cycles move up by one, the last first, so that no two share a number on the way."""
    for later in entry.designations.filter(cycle__gte=place).order_by("-cycle"):
        later.cycle += 1
        later.save(update_fields=["cycle"])


def _contains(first: date, precision: str, other: Designation | date) -> bool:
    """Whether an interval of dates covers another one (or a day): the other may then be the same event."""
    start, end = possible_days(first, precision)
    if isinstance(other, date):
        return start <= other <= end
    other_start, other_end = possible_days(other.designated_on, other.precision)
    return start <= other_start and other_end <= end


def _out_of_order(entry: RegisterEntry, cycle: int, first: date, precision: str) -> list[Reason]:
    """A cycle certainly before the one before it, or certainly after the one after it."""
    last = possible_days(first, precision)[1]
    reasons = []
    for other in entry.designations.exclude(cycle=cycle).order_by("cycle"):
        other_first, other_last = possible_days(other.designated_on, other.precision)
        too_early = other.cycle < cycle and last < other_first
        too_late = other.cycle > cycle and first > other_last
        if too_early or too_late:
            sentence = _("The date does not fit %(date)s, recorded for another designation.")
            reasons.append(Reason(sentence % {"date": other.date_text}, code="order", field="date_text"))
    return reasons
