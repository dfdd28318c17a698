"""Undoing what an import has written: communities, entries and designations as they were before, or gone again.

Nothing is taken away that something else has come to hang on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, ForeignObjectRel
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.models import Community, CommunityName, Designation, ImportRow, RegisterEntry
from communities.services.changes import check, plain
from communities.services.names import refresh_search
from communities.services.terms import refresh_ends
from core.clock import now
from core.errors import Reason, Refused

Before = Mapping[str, Any]

COMMUNITY_FIELDS = (
    "name_zh",
    "name_en",
    "name_status",
    "kind",
    "type",
    "published",
    "province_name",
    "city_name",
    "place_at_naming",
    "place_today",
    "region_id",
    "supervisor_id",
    "address",
    "note",
)
NAME_FIELDS = ("kind", "name", "pinyin", "source")
DESIGNATION_FIELDS = ("designated_on", "precision", "inferred", "source")
IN_USE = Reason(
    _("Something has been entered about it since; it cannot simply disappear again."), code="in_use"
)


# --- Communities --------------------------------------------------------------------------------------------


def community_as_it_is(community: Community, *, with_names: bool) -> dict[str, Any]:
    before = {name: getattr(community, name) for name in COMMUNITY_FIELDS}
    if with_names:
        rows = community.names.order_by("pk").values(*NAME_FIELDS)
        before["names"] = list(rows)
    return before


@transaction.atomic
def take_back_community(*, community_id: int, before: Before, by: Any, reason: str) -> None:
    """``before`` is empty for one that the import created. Raises Refused."""
    locked = _lock(community_id)
    if not before:
        _remove_community(locked, by=by, reason=reason)
        return
    changes = {}
    for name in COMMUNITY_FIELDS:
        if getattr(locked, name) != before[name]:
            changes[name] = [getattr(locked, name), before[name]]
            setattr(locked, name, before[name])
    if "names" in before:
        locked.names.all().delete()
        CommunityName.objects.bulk_create(CommunityName(community=locked, **row) for row in before["names"])
    refresh_search(locked)
    locked.revision += 1
    check(locked)
    locked.save()
    audit.record("community.take_back", by=by, target=locked, changes=changes, reason=reason)


def _remove_community(community: Community, *, by: Any, reason: str) -> None:
    if _is_in_use(community, besides={CommunityName}):
        raise Refused(IN_USE)
    audit.record(
        "community.take_back",
        by=by,
        target=community,
        changes={"name_zh": [community.name_zh, None]},
        reason=reason,
    )
    community.delete()


# --- Entries and designations -------------------------------------------------------------------------------


def entry_as_it_is(entry: RegisterEntry) -> dict[str, Any]:
    """``cycles``: by number, with the date in ISO form."""
    rows = {row.cycle: row for row in entry.designations.order_by("cycle")}
    return {
        "first_year": entry.first_year,
        "year_inferred": entry.year_inferred,
        "cycles": {
            str(cycle): {name: plain(getattr(row, name)) for name in DESIGNATION_FIELDS}
            for cycle, row in rows.items()
        },
    }


@transaction.atomic
def take_back_entry(*, entry_id: int, before: Before, by: Any, reason: str) -> None:
    """``before`` without cycles: the entry was new, and its community stood as ``standing`` says. Raises Refused."""
    entry = (
        RegisterEntry.objects.select_for_update(of=("self",))
        .select_related("programme", "community")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None:
        raise Refused(IN_USE)
    if "cycles" in before:
        _restore_cycles(entry, before, by=by, reason=reason)
    else:
        _remove_entry(entry, str(before["standing"]), by=by, reason=reason)


def _restore_cycles(entry: RegisterEntry, before: Before, *, by: Any, reason: str) -> None:
    changes = {}
    for row in entry.designations.order_by("-cycle"):
        known = before["cycles"].get(str(row.cycle))
        was = row.date_text
        if known is None:
            row.delete()
            changes[f"cycle_{row.cycle}"] = [was, None]
            continue
        for name in DESIGNATION_FIELDS:
            value = known[name]
            setattr(row, name, date.fromisoformat(value) if name == "designated_on" else value)
        row.save()
        if row.date_text != was:
            changes[f"cycle_{row.cycle}"] = [was, row.date_text]
    entry.first_year, entry.year_inferred = before["first_year"], before["year_inferred"]
    entry.updated_at = now()
    refresh_ends(entry)
    check(entry)
    entry.save()
    Community.objects.filter(pk=entry.community_id).update(revision=F("revision") + 1)
    audit.record("designation.take_back", by=by, target=entry, changes=changes, reason=reason)


def _remove_entry(entry: RegisterEntry, standing: str, *, by: Any, reason: str) -> None:
    if _is_in_use(entry, besides={Designation}):
        raise Refused(IN_USE)
    audit.record(
        "designation.take_back",
        by=by,
        target=entry,
        changes={"programme": entry.programme.code, "number": [entry.number, None]},
        reason=reason,
    )
    community_id = entry.community_id
    entry.delete()
    Community.objects.filter(pk=community_id).update(revision=F("revision") + 1, standing=standing)


def _lock(community_id: int) -> Community:
    found = Community.objects.select_for_update().filter(pk=community_id).first()
    if found is None:
        raise Refused(IN_USE)
    return found


def _is_in_use(record: Community | RegisterEntry, *, besides: set[type]) -> bool:
    """Whether any other row points at it, in whichever app; rows of imports only remember it."""
    for relation in record._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public _meta
        if not (isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one)):
            continue
        model: Any = relation.related_model
        if model in {*besides, ImportRow}:
            continue
        if model._default_manager.filter(**{relation.field.name: record}).exists():  # noqa: SLF001
            return True
    return False
