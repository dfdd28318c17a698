"""Files beside what they show: into the archive, and from there to a project, a finding, a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from core.errors import Reason, Refused
from projects.enums import Element
from projects.models import Diagnosis, Evidence, Finding, Plan, Project, Shortcoming
from projects.services import records
from projects.services.evidence import Checked, add_files

Shown = Project | Finding | Diagnosis | Plan | Shortcoming
# Under which of the twelve elements a file lies that is added there.
ELEMENTS: dict[type[Shown], Element] = {
    Project: Element.PROJECTS,
    Finding: Element.RISKS,
    Diagnosis: Element.RISKS,
    Plan: Element.GOALS,
    Shortcoming: Element.CORRECTION,
}


FOREIGN = Reason(_("This belongs to another community."), code="foreign", field="kept")


def _community_of(thing: Shown) -> Community:
    if thing.community is None:
        raise ValueError("the plan of an authority lies in no community's archive")
    return thing.community


@transaction.atomic
def attach(
    *,
    thing: Shown,
    checked: Iterable[Checked],
    happened_on: dt.date,
    title: str = "",
    source: str = "",
    kept: Iterable[Evidence] = (),
    way: str = "evidence",
    by: Any,
) -> list[Evidence]:
    """Keep what ``check_files`` has seen, and let ``thing`` point at it and at what the archive has ``kept``.

    ``way``: the field that points, where a thing shows files in more than one place.
    """
    community = _community_of(thing)
    records.may_record(by, community)
    known = list(kept)
    if any(one.community_id != community.pk for one in known):
        raise Refused(FOREIGN)
    added = add_files(
        community=community,
        checked=checked,
        element=ELEMENTS[type(thing)],
        happened_on=happened_on,
        title=title,
        source=source,
        by=by,
    )
    shown = [*known, *added]
    getattr(thing, way).add(*shown)
    audit.record("evidence.attach", by=by, target=thing, changes={"files": len(shown)})
    return shown


@transaction.atomic
def detach(*, thing: Shown, evidence: Evidence, way: str = "evidence", by: Any) -> None:
    """The file stays in the archive."""
    records.may_record(by, _community_of(thing))
    getattr(thing, way).remove(evidence)
    audit.record("evidence.detach", by=by, target=thing, changes={"files": 1})
