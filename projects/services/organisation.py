"""Recording who works for the safety of a community: organisations, bodies and their seats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from audit import services as audit
from communities.models import Community
from communities.services.changes import Changes, check, plain, set_fields
from core.errors import Reason, Refused
from projects.authz import must
from projects.models import Body, Organisation, Seat
from projects.selectors import organisation as selectors

ORGANISATION = ("name", "name_in_source", "kind", "duties", "source")
BODY = ("kind", "name", "duties", "area", "source", "founded_on", "ended_on")
SEAT = ("role", "organisation", "post", "person")

STALE = Reason(
    _(
        "Somebody has changed this since you opened it. Look at it in a second window first; "
        "saving again puts what stands here in its place."
    ),
    code="stale",
)


def lock(community: Community, by: Any) -> Community:
    """One writer at a time in a community's organisation, and only who may record its work."""
    must(by, Permission.WORK_RECORD, community)
    return Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def last_position(rows: models.QuerySet[Any]) -> int:
    found: int | None = rows.aggregate(last=Max("position"))["last"]
    return -1 if found is None else found


def refuse_stale(row: Any, revision: int | None) -> None:
    if revision is not None and row.revision != revision:
        raise Refused(STALE)


def in_the_community(community: Community, **found: Any) -> None:
    """What a form points at must be the community's own."""
    for name, thing in found.items():
        if thing is not None and thing.community_id != community.pk:
            raise Refused(Reason(_("This belongs to another community."), code="foreign", field=name))


def _refuse_same_name(row: Organisation | Body) -> None:
    same = type(row).objects.filter(community=row.community_id, name=row.name).exclude(pk=row.pk)
    if same.exists():
        raise Refused(Reason(_("There is already one of this name."), code="same_name", field="name"))


# --- Organisations taking part ---------------------------------------------------------------------------


@transaction.atomic
def add_organisation(*, community: Community, by: Any, form_key: str = "", **values: Any) -> Organisation:
    """The same form pressed twice adds once."""
    lock(community, by)
    rows = Organisation.objects.filter(community=community)
    known: Organisation | None = rows.filter(form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    row = Organisation(community=community, form_key=form_key, position=last_position(rows) + 1)
    set_fields(row, values, ORGANISATION)
    _save_new(row, "organisation.add", by)
    return row


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, by: Any, revision: int | None = None, **values: Any
) -> Organisation:
    lock(organisation.community, by)
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    refuse_stale(row, revision)
    _save_changed(row, set_fields(row, values, ORGANISATION), "organisation.change", by)
    return row


@transaction.atomic
def remove_organisation(*, organisation: Organisation, by: Any) -> None:
    """Refused while it has a seat, a project, a letter or a decision to carry out."""
    lock(organisation.community, by)
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if selectors.uses_of_organisation(row):
        sentence = _("It has seats, projects, letters or decisions. Take it out of these first.")
        raise Refused(Reason(sentence, code="organisation_used"))
    audit.record("organisation.remove", by=by, target=row)
    row.delete()


# --- Bodies ----------------------------------------------------------------------------------------------


@transaction.atomic
def add_body(*, community: Community, by: Any, form_key: str = "", **values: Any) -> Body:
    lock(community, by)
    rows = Body.objects.filter(community=community)
    known: Body | None = rows.filter(form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    row = Body(community=community, form_key=form_key, position=last_position(rows) + 1)
    set_fields(row, values, BODY)
    _save_new(row, "body.add", by)
    return row


@transaction.atomic
def change_body(*, body: Body, by: Any, revision: int | None = None, **values: Any) -> Body:
    lock(body.community, by)
    row = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    refuse_stale(row, revision)
    _save_changed(row, set_fields(row, values, BODY), "body.change", by)
    return row


@transaction.atomic
def remove_body(*, body: Body, by: Any) -> None:
    """With its seats. Refused while meetings, activities or projects are its own: then it ends on a day."""
    lock(body.community, by)
    row = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if selectors.uses_of_body(row):
        sentence = _("It has meetings, activities or projects. Give it the day on which it ended instead.")
        raise Refused(Reason(sentence, code="body_used"))
    for seat in row.seats.select_related("organisation").exclude(person=""):
        _record_seat("seat.remove", seat, {}, {"person": (seat.person, "")}, by)
    audit.record("body.remove", by=by, target=row, changes={"seats": row.seats.count()})
    row.delete()


def _save_new(row: Organisation | Body, action: str, by: Any) -> None:
    _refuse_same_name(row)
    check(row)
    row.save()
    audit.record(action, by=by, target=row)


def _save_changed(row: Organisation | Body, changes: Changes, action: str, by: Any) -> None:
    if not changes:
        return
    _refuse_same_name(row)
    check(row)
    row.revision += 1
    row.save()
    audit.record(action, by=by, target=row, changes=changes)


# --- Seats -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_seat(*, body: Body, by: Any, form_key: str = "", **values: Any) -> Seat:
    lock(body.community, by)
    known: Seat | None = body.seats.filter(form_key=form_key).first() if form_key else None
    if known is not None:
        return known
    row = Seat(body=body, form_key=form_key, position=last_position(body.seats.all()) + 1)
    _set_seat(row, _with_organisation(body.community, values, by))
    row.save()
    _record_seat("seat.add", row, {}, {"person": ("", row.person)}, by)
    return row


@transaction.atomic
def change_seat(*, seat: Seat, by: Any, revision: int | None = None, **values: Any) -> Seat:
    lock(seat.body.community, by)
    row = Seat.objects.select_for_update(of=("self",)).select_related("body__community").get(pk=seat.pk)
    refuse_stale(row, revision)
    before = row.person
    changes = _set_seat(row, _with_organisation(row.body.community, values, by))
    if changes or before != row.person:
        row.revision += 1
        row.save()
        _record_seat("seat.change", row, changes, {"person": (before, row.person)}, by)
    return row


@transaction.atomic
def remove_seat(*, seat: Seat, by: Any) -> None:
    lock(seat.body.community, by)
    row = Seat.objects.select_for_update(of=("self",)).select_related("body").get(pk=seat.pk)
    _record_seat("seat.remove", row, {}, {"person": (row.person, "")}, by)
    row.delete()


@transaction.atomic
def move_seat(*, seat: Seat, up: bool, by: Any) -> None:
    """One place up or down among those of the same role; the first stays first, the last last."""
    lock(seat.body.community, by)
    seats = [row for row in selectors.seats_of(seat.body) if row.role == seat.role]
    here = next((place for place, row in enumerate(seats) if row.pk == seat.pk), None)
    if here is None:
        return
    there = here - 1 if up else here + 1
    if not 0 <= there < len(seats):
        return
    places = sorted(row.position for row in seats)
    if len(set(places)) < len(places):
        places = list(range(len(seats)))
    seats[here], seats[there] = seats[there], seats[here]
    for row, place in zip(seats, places, strict=True):
        row.position = place
    Seat.objects.bulk_update(seats, ["position"])
    _record_seat("seat.move", seat, {}, {}, by)


def _with_organisation(community: Community, values: Mapping[str, Any], by: Any) -> dict[str, Any]:
    """``new_organisation``: a name instead of one of the list; it is found by that name or joins the others."""
    found = dict(values)
    name = found.pop("new_organisation", "").strip()
    if name:
        known = Organisation.objects.filter(community=community, name=name).first()
        found["organisation"] = known or add_organisation(community=community, by=by, name=name)
    return found


def _set_seat(row: Seat, values: Mapping[str, Any]) -> Changes:
    """What changed of it, without the person. Raises Refused for an empty seat, a double one and a foreign one."""
    in_the_community(row.body.community, organisation=values.get("organisation"))
    changes = set_fields(row, values, SEAT)
    changes.pop("person", None)
    if not (row.organisation or row.post or row.person):
        sentence = _("Name an organisation, a post or a person.")
        raise Refused(Reason(sentence, code="seat_empty", field="organisation"))
    double = row.body.seats.filter(role=row.role, organisation=row.organisation, post="").exclude(pk=row.pk)
    if row.organisation and not row.post and double.exists():
        raise Refused(Reason(_("It has this seat already."), code="seat_twice", field="organisation"))
    check(row)
    return changes


def _record_seat(
    action: str, row: Seat, changes: Changes, personal: Mapping[str, tuple[str, str]], by: Any
) -> None:
    audit.record(
        action,
        by=by,
        target=row,
        community_id=row.body.community_id,
        changes=changes | {"body": plain(row.body)},
        personal={name: pair for name, pair in personal.items() if pair[0] != pair[1]},
    )
