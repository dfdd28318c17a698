"""Filling a community from a shipped organisation: adds what is missing by name, never writes over anything."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from audit import services as audit
from communities.models import Community
from projects.models import Body, Organisation, SafetyWork, Seat
from projects.selectors.templates import Filling, Template, filling
from projects.services.organisation import last_position, lock
from projects.services.work import begin


@transaction.atomic
def fill(*, community: Community, template: Template, by: Any) -> Filling:
    """Begins the work where nobody has. Twice is harmless: the second time finds everything there."""
    lock(community, by)
    work = begin(community=community, by=by)
    found = filling(community, template)
    if found.is_empty:
        return found
    _add_units(community, found)
    _add_groups(community, found)
    _note(work, template)
    audit.record(
        "organisation.fill",
        by=by,
        target=community,
        community_id=community.pk,
        changes={
            "template": template.code,
            "organisations": len(found.units),
            "bodies": len(found.groups),
            "seats": found.seats,
        },
    )
    return found


def _add_units(community: Community, found: Filling) -> None:
    after = last_position(Organisation.objects.filter(community=community)) + 1
    Organisation.objects.bulk_create(
        Organisation(
            community=community,
            name=unit.name,
            name_in_source=unit.name_in_source,
            kind=unit.kind,
            duties="\n".join(unit.duties),
            source=found.template.source_zh,
            position=place,
        )
        for place, unit in enumerate(found.units, start=after)
    )


def _add_groups(community: Community, found: Filling) -> None:
    after = last_position(Body.objects.filter(community=community)) + 1
    by_name = dict(Organisation.objects.filter(community=community).values_list("name", "pk"))
    seats = []
    for place, group in enumerate(found.groups, start=after):
        body = Body.objects.create(
            community=community,
            kind=group.kind,
            name=group.name,
            duties=group.duties,
            area=group.area,
            source=found.template.source_zh,
            position=place,
        )
        seats += [
            Seat(
                body=body,
                role=one.role,
                organisation_id=by_name[one.unit] if one.unit else None,
                post=one.post,
                position=number,
            )
            for number, one in enumerate(group.places)
        ]
    Seat.objects.bulk_create(seats)


def _note(work: SafetyWork, template: Template) -> None:
    """Which were used, in the order in which they were."""
    used = work.template.split()
    if template.code not in used:
        work.template = " ".join([*used, template.code])
        work.save(update_fields=["template"])
