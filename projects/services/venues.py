"""Keeping the ledger of small businesses and venues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from core.errors import Reason, Refused
from projects.models import Venue
from projects.services import records

SAME = Reason(_("There is already one of this name at this address."), code="same_name", field="name")
USED = Reason(
    _("Shortcomings hang on this venue. Say since when it is closed for good instead."), code="venue_used"
)


@transaction.atomic
def add(*, community: Community, fields: Mapping[str, Any], form_key: str = "", by: Any) -> Venue:
    """The same ``form_key`` again gives back the first row. Raises Refused for a name that is there already."""
    records.may_record(by, community)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    known: Venue | None = (
        Venue.objects.filter(community=community, form_key=form_key).first() if form_key else None
    )
    if known is not None:
        return known
    venue = Venue(community=community, form_key=form_key, **fields)
    _refuse_same(venue)
    return records.add(venue, owner=community, action="venue.add", by=by)


@transaction.atomic
def add_many(*, community: Community, rows: Iterable[Mapping[str, Any]], by: Any) -> tuple[int, int]:
    """(added, already there): what stands there by name and address is left as it is."""
    records.may_record(by, community)
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    there = set(Venue.objects.filter(community=community).values_list("name", "address"))
    added = known = 0
    for row in rows:
        key = (row["name"], row.get("address", ""))
        if key in there:
            known += 1
            continue
        there.add(key)
        records.add(Venue(community=community, **row), owner=community, action="venue.add", by=by)
        added += 1
    return added, known


@transaction.atomic
def change(*, venue: Venue, fields: Mapping[str, Any], seen: str | None, by: Any) -> Venue:
    Community.objects.select_for_update(of=("self",)).get(pk=venue.community_id)
    same = Venue(pk=venue.pk, community=venue.community)
    for name in ("name", "address"):
        setattr(same, name, fields.get(name, getattr(venue, name)))
    _refuse_same(same)
    return records.change(
        venue, owner=venue.community, fields=fields, seen=seen, action="venue.change", by=by
    )


@transaction.atomic
def remove(*, venue: Venue, by: Any) -> None:
    """What was entered by mistake; a venue that ended is closed for good and stays."""
    Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk)
    if venue.shortcomings.exists():
        raise Refused(USED)
    records.remove(venue, owner=venue.community, action="venue.remove", by=by)


@transaction.atomic
def note_export(*, community: Community, rows: int, whole: bool, by: Any) -> None:
    """Who took the ledger along, and whether with whole numbers."""
    audit.record(
        "venue.export",
        by=by,
        target=community,
        community_id=community.pk,
        changes={"rows": rows, "unmasked": whole},
    )


def _refuse_same(venue: Venue) -> None:
    same = Venue.objects.filter(community=venue.community, name=venue.name, address=venue.address)
    if same.exclude(pk=venue.pk).exists():
        raise Refused(SAME)
