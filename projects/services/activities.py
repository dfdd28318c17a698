"""Recording what was done: once per sent form, with its pictures in the archive; changing it without overwriting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit import services as audit
from communities.models import Community
from communities.services.changes import check, set_fields
from core.clock import today
from core.errors import Reason, Refused
from projects.authz import must_record
from projects.enums import ActivityKind, Element
from projects.models import Activity, Evidence
from projects.selectors.activities import Owner
from projects.services.evidence import Checked, add_files
from projects.services.organisation import refuse_stale
from projects.services.work import begin

EARLIEST = dt.date(1990, 1, 1)
# Where the pictures of an activity belong in the archive.
ELEMENT_OF = {
    ActivityKind.MEETING: Element.ORGANISATION,
    ActivityKind.TRAINING: Element.TRAINING,
    ActivityKind.LECTURE: Element.TRAINING,
    ActivityKind.PUBLICITY: Element.TRAINING,
    ActivityKind.DRILL: Element.EMERGENCY,
    ActivityKind.CONTEST: Element.PARTICIPATION,
    ActivityKind.PERFORMANCE: Element.PARTICIPATION,
    ActivityKind.FORUM: Element.PARTICIPATION,
    ActivityKind.INSPECTION: Element.MONITORING,
    ActivityKind.EXCHANGE: Element.PARTICIPATION,
}
FIELDS = (
    "kind",
    "title",
    "on",
    "place",
    "people",
    "project",
    "body",
    "six_settings",
    "groups",
    "training_form",
    "level",
    "trained",
    "planned",
    "channel",
    "emergency",
    "emergency_plan",
    "scenario",
    "shortcomings",
    "follow_up",
    "agenda",
    "minutes",
    "result",
)
OF_THE_COMMUNITY = ("project", "body", "emergency_plan", "planned")


@transaction.atomic
def record(
    *,
    owner: Owner,
    fields: Mapping[str, Any],
    checked: Iterable[Checked] = (),
    form_key: str = "",
    by: Any,
) -> Activity:
    """Write one activity. The same ``form_key`` again gives back the first row: a second press adds nothing."""
    must_record(by, owner.community, owner.authority)
    if owner.community is not None:
        Community.objects.select_for_update(of=("self",)).get(pk=owner.community.pk)
        begin(community=owner.community, by=by)
    if known := _known(owner, form_key):
        return known
    activity = Activity(
        organiser=owner.organiser,
        community=owner.community,
        authority=owner.authority,
        form_key=form_key,
        created_by=by,
        **_of(fields),
    )
    _check(activity)
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError:
        if known := _known(owner, form_key):
            return known
        raise
    _keep(activity, checked, by)
    audit.record(
        "activity.add",
        by=by,
        target=activity,
        changes={"kind": [None, activity.kind], "on": [None, activity.on]},
    )
    return activity


@transaction.atomic
def change(
    *,
    activity: Activity,
    revision: int,
    fields: Mapping[str, Any],
    checked: Iterable[Checked] = (),
    dropped: Iterable[Evidence] = (),
    by: Any,
) -> Activity:
    """``revision``: the one that was read. Refused when somebody saved in between. ``dropped`` stays in the archive.

    The minutes enter the trail masked: they name persons.
    """
    locked = _locked(activity)
    must_record(by, locked.community, locked.authority)
    refuse_stale(locked, revision)
    changes = set_fields(locked, _of(fields) | _counted(locked), FIELDS)
    locked.revision += 1
    _check(locked)
    locked.save()
    for evidence in dropped:
        locked.evidence.remove(evidence)
    _keep(locked, checked, by)
    personal = {name: tuple(changes.pop(name)) for name in ("minutes",) if name in changes}
    audit.record("activity.change", by=by, target=locked, changes=changes, personal=personal)
    return locked


@transaction.atomic
def remove(*, activity: Activity, by: Any) -> None:
    """Its pictures stay in the archive."""
    locked = _locked(activity)
    must_record(by, locked.community, locked.authority)
    audit.record(
        "activity.remove",
        by=by,
        target=locked,
        changes={"kind": [locked.kind, None], "on": [locked.on, None]},
    )
    locked.delete()


def _locked(activity: Activity) -> Activity:
    rows = Activity.objects.select_related("community__supervisor", "authority")
    return rows.select_for_update(of=("self",)).get(pk=activity.pk)


def _known(owner: Owner, form_key: str) -> Activity | None:
    return owner.activities().filter(form_key=form_key).first() if form_key else None


def _of(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in FIELDS if name in fields}


def _counted(activity: Activity) -> dict[str, int]:
    """Where there is a list of trainees, it says how many people were reached."""
    number = activity.trainees.count()
    return {"people": number} if number else {}


def _check(activity: Activity) -> None:
    """What no field can say by itself."""
    reasons = []
    if activity.on > today():
        reasons.append(Reason(_("This day has not come yet. Record what has taken place."), "future", "on"))
    if activity.on < EARLIEST:
        reasons.append(Reason(_("Give a day from 1990 on."), "too_early", "on"))
    foreign = [name for name in OF_THE_COMMUNITY if not _is_own(activity, getattr(activity, name))]
    reasons += [Reason(_("This belongs to another community."), "foreign", name) for name in foreign]
    if reasons:
        raise Refused(reasons)
    check(activity)


def _is_own(activity: Activity, thing: Any) -> bool:
    return thing is None or thing.community_id == activity.community_id


def _keep(activity: Activity, checked: Iterable[Checked], by: Any) -> None:
    files = list(checked)
    if not files:
        return
    kept = add_files(
        community=activity.community,
        authority=activity.authority,
        checked=files,
        element=ELEMENT_OF[ActivityKind(activity.kind)],
        happened_on=activity.on,
        title=activity.title,
        by=by,
    )
    activity.evidence.add(*kept)
