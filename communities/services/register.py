"""Writes to communities: who they are, what they are called, where they lie, whom to reach."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.enums import NameKind, NameStatus, Standing
from communities.models import Community, CommunityName, Contact
from communities.services.changes import Changes, save_checked, set_fields
from communities.services.contacts import set_contact
from communities.services.designations import (
    add_entry,
    change_entry,
    end_entry,
    record_designation,
    record_first_designation_date,
    record_renewal,
)
from communities.services.names import pinyin, refresh_search
from communities.services.terms import refresh_ends
from core.errors import Reason, Refused

__all__ = [
    "add_entry",
    "add_name",
    "change_community",
    "change_entry",
    "confirm_name",
    "create_community",
    "end_entry",
    "merge_community",
    "record_designation",
    "record_first_designation_date",
    "record_renewal",
    "refresh_ends",
    "refresh_search_text",
    "remove_name",
    "rename_community",
    "reveal_contact",
    "set_address",
    "set_contact",
]

EDITABLE = frozenset(
    {
        "name_zh",
        "name_en",
        "kind",
        "type",
        "standing",
        "published",
        "province_name",
        "city_name",
        "place_at_naming",
        "place_today",
        "region",
        "supervisor",
        "parent",
        "address",
        "note",
    }
)


@transaction.atomic
def create_community(*, by: Any | None, name_zh: str, source: str = "", **values: Any) -> Community:
    """``values`` are any of the fields that staff may edit. What the list calls it is added by ``add_entry``."""
    community = Community()
    set_fields(community, {"name_zh": name_zh, **values}, EDITABLE)
    save_checked(community)
    refresh_search_text(community)
    audit.record("community.create", by=by, target=community, changes={"name_zh": name_zh, "source": source})
    return community


@transaction.atomic
def change_community(*, community: Community, by: Any | None, reason: str = "", **values: Any) -> Community:
    """Set some of the editable fields. A new name shown goes through ``rename_community``, which keeps the old one."""
    locked = _lock(community)
    new_name = values.pop("name_zh", locked.name_zh)
    if new_name != locked.name_zh:
        locked = rename_community(community=locked, name=new_name, by=by, source=reason)
    changes = set_fields(locked, values, EDITABLE)
    if changes:
        _save(locked, "community.change", changes, by=by, reason=reason)
    return locked


@transaction.atomic
def rename_community(
    *, community: Community, name: str, by: Any | None, source: str = "", reason: str = ""
) -> Community:
    """Show another name from now on; the old one is kept as a former name and still found by the search."""
    locked = _lock(community)
    old, name = locked.name_zh, name.strip()
    if name == old:
        return locked
    locked.name_zh = name
    locked.name_status = NameStatus.CORRECTED
    save_checked(locked)
    _keep_name(locked, NameKind.FORMER, old, source)
    locked.names.filter(name=name).exclude(kind=NameKind.PRINTED).delete()
    _save(locked, "community.rename", {"name_zh": [old, name], "source": source}, by=by, reason=reason)
    return locked


@transaction.atomic
def confirm_name(
    *, community: Community, accept_suggestion: bool, by: Any | None, source: str = ""
) -> Community:
    """Settle a name that waits for its unit: take over the suggestion, or keep the name as printed."""
    locked = _lock(community)
    waiting = {NameStatus.TO_BE_CONFIRMED, NameStatus.CUT_OFF}
    if locked.name_status not in waiting:
        raise Refused(Reason(_("The name of this community does not wait for confirmation."), code="settled"))
    printed, status = locked.name_zh, NameStatus.AS_PRINTED
    changes: Changes = {"name_status": [locked.name_status, status]}
    if accept_suggestion:
        suggestion = locked.names.filter(kind=NameKind.SUGGESTED).order_by("pk").first()
        if suggestion is None:
            raise Refused(Reason(_("There is no suggestion to take over."), code="no_suggestion"))
        _keep_name(locked, NameKind.PRINTED, printed, source)
        locked.name_zh, status = suggestion.name, NameStatus.CORRECTED
        changes = {
            "name_zh": [printed, suggestion.name],
            "name_status": [changes["name_status"][0], status],
        }
    locked.names.filter(kind=NameKind.SUGGESTED).delete()
    locked.name_status = status
    save_checked(locked)
    _save(locked, "community.confirm_name", changes, by=by, reason=source)
    return locked


@transaction.atomic
def add_name(
    *, community: Community, kind: str, name: str, by: Any | None, source: str = ""
) -> CommunityName:
    """Record another name: an alias, a former name, the name today."""
    locked = _lock(community)
    row = CommunityName(
        community=locked, kind=kind, name=name.strip(), pinyin=pinyin(name.strip()), source=source
    )
    save_checked(row)
    _save(locked, "community.add_name", {"name": [None, row.name], "kind": kind, "source": source}, by=by)
    return row


@transaction.atomic
def remove_name(*, name: CommunityName, by: Any | None, reason: str = "") -> Community:
    """Take away a name entered by mistake. What the list printed stays for good."""
    if name.kind == NameKind.PRINTED:
        raise Refused(Reason(_("A name as printed is kept."), code="printed"))
    locked = _lock(name.community)
    changes: Changes = {"name": [name.name, None]}
    name.delete()
    _save(locked, "community.remove_name", changes, by=by, reason=reason)
    return locked


@transaction.atomic
def merge_community(*, community: Community, into: Community, by: Any | None, reason: str) -> Community:
    """The unit lives on in another one. Its number, names and designations stay its own."""
    locked, target = _lock(community), _lock(into)
    reasons = []
    if locked.pk == target.pk:
        reasons.append(Reason(_("A community cannot be merged into itself."), code="itself", field="into"))
    if locked.standing == Standing.MERGED:
        reasons.append(Reason(_("This community is already merged into another one."), code="merged"))
    if target.standing == Standing.MERGED:
        reasons.append(
            Reason(_("The other community is itself merged into another one."), code="chain", field="into")
        )
    if not reason.strip():
        reasons.append(Reason(_("Name the decision or document."), code="no_basis", field="reason"))
    if reasons:
        raise Refused(reasons)
    changes = {
        "standing": [locked.standing, Standing.MERGED.value],
        "merged_into": [None, f"{target} ({target.pk})"],
    }
    locked.standing, locked.merged_into = Standing.MERGED, target
    save_checked(locked)
    _save(locked, "community.merge", changes, by=by, reason=reason)
    return locked


@transaction.atomic
def reveal_contact(*, community: Community, by: Any) -> list[Contact]:
    """Show the contacts unmasked to somebody who may; that it was done is kept."""
    contacts = list(community.contacts.order_by("role"))
    audit.record("contact.reveal", by=by, target=community, changes={"contacts": len(contacts)})
    return contacts


@transaction.atomic
def set_address(*, community: Community, address: str, by: Any | None, source: str = "") -> Community:
    return change_community(community=community, by=by, reason=source, address=address.strip())


def refresh_search_text(community: Community) -> Community:
    """Write the text searched anew, after a change of a name or a place."""
    refresh_search(community)
    community.save(update_fields=["search_text"])
    return community


def _lock(community: Community) -> Community:
    return Community.objects.select_for_update().get(pk=community.pk)


def _save(
    community: Community, action: str, changes: dict[str, Any], *, by: Any | None, reason: str = ""
) -> None:
    """What every change of a community ends with."""
    refresh_search(community)
    community.revision += 1
    save_checked(community)
    audit.record(action, by=by, target=community, changes=changes, reason=reason)


def _keep_name(community: Community, kind: str, name: str, source: str) -> None:
    CommunityName.objects.get_or_create(
        community=community, kind=kind, name=name, defaults={"pinyin": pinyin(name), "source": source}
    )
