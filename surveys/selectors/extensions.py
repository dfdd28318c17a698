"""What more time for several units comes to, before it is given."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery

from communities.models import Community, RegisterEntry
from surveys.enums import Stage
from surveys.models import Invitation, Response, Round

WRITING = (Stage.NOT_STARTED, Stage.DRAFT)


@dataclass(slots=True)
class Extension:
    """Invitations that get more time, and those that are left alone, with the reason."""

    due_on: date
    extended: list[Invitation] = field(default_factory=list)
    handed_in: list[Invitation] = field(default_factory=list)
    later: list[Invitation] = field(default_factory=list)
    revoked: list[Invitation] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Tells whether it is still what a page has shown."""
        said = f"{self.due_on} {sorted(row.pk for row in self.extended)}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def left(self) -> int:
        return len(self.handed_in) + len(self.later) + len(self.revoked)


def extension(
    survey_round: Round, communities: Collection[int], due_on: date, *, lock: bool = False
) -> Extension:
    """One query. A day that an own deadline reaches already changes nothing; nobody's time becomes shorter."""
    standing = Response.objects.standing().filter(invitation=OuterRef("pk"))
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    rows = (
        rows.filter(round=survey_round, community__in=communities)
        .select_related("community", "round")
        .annotate(
            handed_in_at=Subquery(standing.values("first_submitted_at")[:1]),
            stage=Subquery(standing.values("stage")[:1]),
        )
        .order_by("community__province_name", "community__city_name", "pk")
    )
    found = Extension(due_on)
    for row in rows:
        _place(found, row, due_on).append(row)
    return found


def _place(found: Extension, row: Any, due_on: date) -> list[Invitation]:
    if row.handed_in_at is not None:
        return found.handed_in
    if row.revoked_at is not None:
        return found.revoked
    return found.later if row.deadline_on >= due_on else found.extended


def invited(survey_round: Round, *, only_writing: bool = False) -> list[Community]:
    """The units of a round in the order of the list, with the number they are called by."""
    entries = RegisterEntry.objects.filter(community=OuterRef("pk"), programme=survey_round.programme_id)
    responses = Response.objects.standing().filter(round=survey_round)
    if only_writing:
        responses = responses.filter(stage__in=WRITING)
    return list(
        Community.objects.filter(pk__in=responses.values("community"))
        .annotate(
            number=Subquery(entries.values("number")[:1]), sequence=Subquery(entries.values("sequence")[:1])
        )
        .order_by(F("sequence").asc(nulls_last=True), "pk")
    )
