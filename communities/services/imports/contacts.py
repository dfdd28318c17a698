"""Tables of contacts: one person of each role for each community; and the small one of e-mail addresses alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from communities.enums import ContactRole, ImportKind
from communities.importers.columns import Table, table
from communities.importers.problems import Code, Problem, problem
from communities.models import Community, Contact
from communities.services.contacts import PutBack, Wanted, as_it_is, put_contacts_back, set_contacts
from communities.services.imports.comparing import Outcome, Subject, Tell, Unfound, Written, parts_of
from communities.services.imports.finding import community_of, written
from communities.services.imports.shelf import Shelf

FIELDS = ("name", "mobile", "phone", "email")


class ContactTable:
    kind = ImportKind.CONTACTS
    sign = "c"
    aside: frozenset[str] = frozenset()
    fields: tuple[str, ...] = FIELDS
    roles: tuple[ContactRole, ...] = tuple(ContactRole)

    @property
    def table(self) -> Table:
        return table(self.kind)

    def subjects(self, shelf: Shelf) -> Iterator[Subject]:
        for community in shelf.communities.values():
            for role in self.roles:
                yield self._subject(community, role, shelf)

    def subject_of(self, target: str, shelf: Shelf) -> Subject | None:
        pk, _colon, role = target.partition(":")
        community = shelf.communities.get(int(pk)) if pk.isascii() and pk.isdecimal() else None
        if community is None or role not in self.roles:
            return None
        return self._subject(community, ContactRole(role), shelf)

    def find(self, values: Mapping[str, str], shelf: Shelf) -> Subject:
        community = community_of(values, shelf)
        label = written(values, "role")
        if not label:
            raise Unfound("role", problem(Code.REQUIRED))
        return self._subject(community, self._role(label), shelf)

    def may_change(self, key: str, *, is_marked: bool) -> bool:
        return False

    def objections(
        self, subject: Subject, changes: Mapping[str, list[str]], shelf: Shelf
    ) -> Iterator[tuple[str, Problem]]:
        return iter(())

    def write(
        self, outcomes: Sequence[Outcome], shelf: Shelf, *, by: Any, source: str, tell: Tell
    ) -> list[Written]:
        wanted, rows = [], []
        for community, target, changes in map(parts_of, outcomes):
            role = target.partition(":")[2]
            before = as_it_is(shelf.contacts.get((community.pk, role)))
            wanted.append(Wanted(community, role, {key: new for key, (_old, new) in changes.items()}, source))
            rows.append(Written(target, community.pk, before))
        set_contacts(wanted, by=by)
        return rows

    def take_back(self, rows: Sequence[Written], *, by: Any, reason: str) -> None:
        wanted = []
        for row in rows:
            pk, _colon, role = row.target.partition(":")
            wanted.append(PutBack(int(pk), role, row.before))
        put_contacts_back(wanted, by=by, reason=reason)

    def _role(self, label: str) -> ContactRole:
        return next(role for role in ContactRole if str(role.label) == label)

    def _subject(self, community: Community, role: ContactRole, shelf: Shelf) -> Subject:
        contact = shelf.contacts.get((community.pk, role))
        target = f"{community.pk}:{role}"
        return Subject(
            community,
            target,
            {**_whose(community, role, shelf), **self._cells(contact)},
            exists=contact is not None,
            keys=(target,),
            about=str(role.label),
        )

    def _cells(self, contact: Contact | None) -> dict[str, str]:
        return {key: getattr(contact, key) if contact else "" for key in self.fields}


class EmailTable(ContactTable):
    """Whom the office writes to: the contact person of each community."""

    kind = ImportKind.EMAILS
    sign = "m"
    fields = ("email",)
    roles = (ContactRole.LIAISON,)

    def find(self, values: Mapping[str, str], shelf: Shelf) -> Subject:
        return self._subject(community_of(values, shelf), ContactRole.LIAISON, shelf)


def _whose(community: Community, role: ContactRole, shelf: Shelf) -> dict[str, str]:
    number = shelf.number_of(community)
    return {
        "number": str(number) if number else "",
        "community": community.name_zh,
        "province": community.province_name,
        "city": community.city_name,
        "role": str(role.label),
    }
