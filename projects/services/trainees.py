"""Writing the list of a training's trainees; how many people it reached is counted from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Permission
from audit import services as audit
from projects.authz import must
from projects.models import Activity, Trainee
from projects.selectors.trainees import has_list, is_own
from projects.services.organisation import refuse_stale


@transaction.atomic
def write_list(*, activity: Activity, people: Sequence[tuple[str, str]], revision: int, by: Any) -> Activity:
    """The whole list anew, in its order. An emptied list gives back the number that was typed before the first one.

    Raises Refused where somebody saved in between, PermissionDenied for whoever is not of the community. Names stay
    out of the trail, which keeps how many there are.
    """
    rows = Activity.objects.select_for_update(of=("self",)).select_related("community__supervisor")
    locked = rows.get(pk=activity.pk)
    if locked.community is None or not has_list(locked):
        raise ValueError("a list belongs to a training of a community")
    must(by, Permission.WORK_RECORD, locked.community)
    if not is_own(by, locked.community):
        raise PermissionDenied(Permission.WORK_RECORD)
    before = list(locked.trainees.order_by("position", "pk").values_list("person", "certificate"))
    if before == list(people):
        return locked
    refuse_stale(locked, revision)
    locked.trainees.all().delete()
    Trainee.objects.bulk_create(
        Trainee(activity=locked, person=person, certificate=certificate, position=place)
        for place, (person, certificate) in enumerate(people, 1)
    )
    reached = locked.people
    if not before:
        locked.people_typed = reached
    locked.people = len(people) or locked.people_typed
    locked.revision += 1
    locked.save(update_fields=["people", "people_typed", "revision"])
    audit.record(
        "trainees.write",
        by=by,
        target=locked,
        changes={"trainees": len(people), "people": [reached, locked.people]},
    )
    return locked
