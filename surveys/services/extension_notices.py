"""Telling units that they have more time: in the decision's transaction, asked again when it leaves."""

from __future__ import annotations

from collections.abc import Collection

from communities.selectors.addressees import Reached, reached
from notices import kinds
from notices.enums import Channel, Kind
from notices.models import Notice
from notices.plans import Addressee, on_site
from surveys.models import Invitation, Response
from surveys.selectors.reminders import OWED, mail_context, still_extended

AT_ONCE = 500


def register() -> None:
    kinds.register(Kind.DEADLINE_EXTENDED, wanted_among=still_extended)


def tell_units(invitations: Collection[Invitation]) -> None:
    """To the mailboxes of each unit that still owes something, and to those who fill in for it on the site."""
    rows = Response.objects.standing().filter(
        invitation__in=[row.pk for row in invitations], stage__in=list(OWED)
    )
    found = list(rows.select_related("community", "invitation", "round").order_by("pk"))
    people = reached([row.community_id for row in found])
    told = [
        _message(response, person, channel)
        for response in found
        for person, channel in _reached(people[response.community_id])
    ]
    Notice.objects.bulk_create(told, batch_size=AT_ONCE, ignore_conflicts=True)


def _reached(people: Reached) -> list[tuple[Addressee, Channel]]:
    by_mail = [(person, Channel.MAIL) for person in people.addressees]
    return by_mail + [(on_site(user), Channel.SITE) for user in people.users]


def _message(response: Response, person: Addressee, channel: Channel) -> Notice:
    due_on = response.invitation.deadline_on.isoformat()
    return Notice(
        kind=Kind.DEADLINE_EXTENDED,
        channel=channel,
        subject=f"surveys.response:{response.pk}",
        recipient=person.user,
        address=person.address,
        language=person.language or "zh-hans",
        community_id=response.community_id,
        context={**mail_context(response), "deadline": due_on, "name": person.name},
        due_on=due_on,
    )
