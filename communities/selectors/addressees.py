"""Whom a mail about a community reaches: its person in charge and its contact person, else who fills in for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Value, When

from accounts.enums import Permission
from communities.enums import REACHING, ContactRole
from communities.models import Contact, Membership
from notices.plans import Addressee
from notices.selectors import refused_among


@dataclass(slots=True)
class Reached:
    """``addressees``: one a mailbox, also where two people share it. ``refused``: mailboxes that take no mail.

    ``users``: the accounts that fill in for it, whom a message on the site reaches.
    """

    addressees: tuple[Addressee, ...] = ()
    refused: tuple[str, ...] = ()
    contacts: list[Contact] = field(default_factory=list)
    users: tuple[Any, ...] = ()


def reached(
    communities: Collection[int], *, permission: Permission = Permission.RESPONSE_FILL
) -> dict[int, Reached]:
    """For each community (id) whom a mail reaches. Three queries, whatever the number of communities.

    ``permission``: what those accounts may do whose duty it is.
    """
    contacts, members = _contacts(communities), _members(communities, permission)
    addresses = [row.email.lower() for rows in contacts.values() for row in rows if row.email]
    addresses += [user.email.lower() for users in members.values() for user in users]
    refused = refused_among(addresses)
    return {pk: _of(contacts[pk], members[pk], refused) for pk in communities}


def _of(contacts: list[Contact], members: list[Any], refused: set[str]) -> Reached:
    """An account's language counts where the contact's mailbox is the account's."""
    users = {user.email.lower(): user for user in members}
    names: dict[str, list[str]] = {}
    for contact in contacts:
        if contact.email:
            names.setdefault(contact.email.lower(), []).append(contact.name)
    if not set(names) - refused:
        names |= {address: [user.name] for address, user in users.items()}
    return Reached(
        addressees=tuple(
            Addressee(
                address=address,
                name="、".join(dict.fromkeys(filter(None, called))),
                language=getattr(users.get(address), "language", ""),
                user=users.get(address),
            )
            for address, called in names.items()
            if address not in refused
        ),
        refused=tuple(address for address in names if address in refused),
        contacts=contacts,
        users=tuple(users.values()),
    )


def _contacts(communities: Collection[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = defaultdict(list)
    leader_first = Case(When(role=ContactRole.LEADER, then=Value(0)), default=Value(1))
    for row in Contact.objects.filter(community__in=communities).order_by("community", leader_first):
        found[row.community_id].append(row)
    return found


def _members(communities: Collection[int], permission: Permission) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Membership.objects.filter(community__in=communities, state__in=REACHING, user__is_active=True)
    for row in rows.select_related("user", "role").order_by("pk"):
        if permission in row.role.permissions:
            found[row.community_id].append(row.user)
    return found
