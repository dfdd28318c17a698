"""Writes to the contacts of communities: one at a time, or a whole table at once with the same rules and entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import audit.services as audit
from communities.enums import ContactRole
from communities.models import Community, Contact
from core.clock import now
from core.errors import Reason, Refused

FIELDS = ("name", "phone", "mobile", "email")
CHANGED_SINCE = Reason(_("This contact was changed since the import."), code="changed_since")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``values``: some of the four fields; what is not named stays. ``source``: empty leaves it as it is."""

    community: Community
    role: str
    values: Mapping[str, str]
    source: str = ""


@dataclass(frozen=True, slots=True)
class PutBack:
    """``before``: the four fields and the source as they were; empty where there was no contact."""

    community_id: int
    role: str
    before: Mapping[str, str] = field(default_factory=dict)


class RefusedAt(Refused):
    """One of many is refused, and with it all; ``place`` says which, counted from 0."""

    def __init__(self, place: int, refused: Refused) -> None:
        super().__init__(refused.reasons)
        self.place = place


@contextmanager
def at_place(place: int) -> Iterator[None]:
    """Whatever is refused within is refused for this one of many."""
    try:
        yield
    except Refused as refused:
        raise RefusedAt(place, refused) from refused


@transaction.atomic
def set_contact(
    *,
    community: Community,
    role: str,
    by: Any | None,
    source: str = "",
    name: str | None = None,
    phone: str | None = None,
    mobile: str | None = None,
    email: str | None = None,
) -> Contact:
    """Change what is given and leave the rest (``None``). Values enter the audit trail masked."""
    given = {"name": name, "phone": phone, "mobile": mobile, "email": email}
    values = {key: value for key, value in given.items() if value is not None}
    return set_contacts([Wanted(community, role, values, source)], by=by)[0]


@transaction.atomic
def set_contacts(wanted: Sequence[Wanted], *, by: Any | None) -> list[Contact]:
    """All or nothing, in a handful of queries; at most one for each community and role. Raises RefusedAt."""
    locked = _lock({row.community.pk for row in wanted})
    known = _known(locked)
    contacts, written, entries = [], [], []
    for place, row in enumerate(wanted):
        role = ContactRole(row.role)
        contact = known.get((row.community.pk, role)) or Contact(
            community=locked[row.community.pk], role=role
        )
        contacts.append(contact)
        changed = _changed(contact, row.values)
        if not changed and contact.pk:
            continue
        contact.source, contact.updated_at = row.source or contact.source, now()
        _check(contact, place)
        written.append(contact)
        entries.append(_entry("contact.set", contact, changed, by=by, source=row.source))
    _write(written)
    audit.record_all(entries)
    return contacts


def as_it_is(contact: Contact | None) -> dict[str, str]:
    """What ``put_contacts_back`` needs to know of a contact that is about to be changed."""
    return {name: getattr(contact, name) for name in (*FIELDS, "source")} if contact else {}


@transaction.atomic
def put_contacts_back(rows: Sequence[PutBack], *, by: Any, reason: str) -> None:
    """Undo an import: as they were before, and those that were not there are taken away again."""
    known = _known(_lock({row.community_id for row in rows}))
    written, gone, entries = [], [], []
    for place, row in enumerate(rows):
        contact = known.get((row.community_id, row.role))
        if contact is None:
            raise RefusedAt(place, Refused(CHANGED_SINCE))
        changed = _changed(contact, {name: row.before.get(name, "") for name in FIELDS})
        entries.append(_entry("contact.take_back", contact, changed, by=by, reason=reason))
        if row.before:
            contact.source, contact.updated_at = row.before["source"], now()
            written.append(contact)
        else:
            gone.append(contact.pk)
    _write(written)
    Contact.objects.filter(pk__in=gone).delete()
    without = {row.community_id for row in rows if not row.before}
    Community.objects.filter(pk__in=without).update(revision=F("revision") + 1)
    audit.record_all(entries)


def _lock(communities: set[int]) -> dict[int, Community]:
    rows = Community.objects.select_for_update(no_key=True).filter(pk__in=communities).order_by("pk")
    return {row.pk: row for row in rows}


def _known(locked: Mapping[int, Community]) -> dict[tuple[int, str], Contact]:
    known = {}
    for contact in Contact.objects.filter(community__in=locked).order_by("pk"):
        contact.community = locked[contact.community_id]
        known[contact.community_id, contact.role] = contact
    return known


def _changed(contact: Contact, values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Set what differs and return ``{field: (old, new)}``."""
    stripped = {name: value.strip() for name, value in values.items()}
    changed = {
        name: (getattr(contact, name), value)
        for name, value in stripped.items()
        if value != getattr(contact, name)
    }
    for name, (_old, new) in changed.items():
        setattr(contact, name, new)
    return changed


def _check(contact: Contact, place: int) -> None:
    """The community is locked and the database holds what is unique: neither is asked for again."""
    try:
        contact.full_clean(exclude=["community"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        reasons = [
            Reason(message, code="invalid", field=name)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        raise RefusedAt(place, Refused(reasons)) from error


def _write(contacts: Sequence[Contact]) -> None:
    """New ones, and known ones written over: in one statement, which an update of many rows by their keys is not."""
    known = [contact.pk for contact in contacts]
    for contact in contacts:
        contact.pk = None
    Contact.objects.bulk_create(
        contacts,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["community", "role"],
        update_fields=[*FIELDS, "source", "updated_at"],
    )
    for contact, pk in zip(contacts, known, strict=True):
        contact.pk = pk or contact.pk
    touched = {contact.community_id for contact in contacts}
    Community.objects.filter(pk__in=touched).update(revision=F("revision") + 1)


def _entry(
    action: str,
    contact: Contact,
    changed: Mapping[str, tuple[str, str]],
    *,
    by: Any | None,
    source: str = "",
    reason: str = "",
) -> Any:
    return audit.note(
        action,
        by=by,
        target=contact.community,
        changes={"source": source} if source or not reason else {},
        personal={f"{contact.role}.{name}": values for name, values in changed.items()},
        reason=reason,
    )
