"""Who has to be re-designated, and by when: the earliest day on which the designation may end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from communities.enums import Standing
from communities.models import Membership, Programme, RegisterEntry
from communities.selectors.addressees import reached
from core.clock import end_of_day, today
from notices.plans import Duty

AHEAD = relativedelta(months=24)
NAME = "programme"


def running(programme: int) -> QuerySet[RegisterEntry]:
    return (
        RegisterEntry.objects.filter(programme=programme, ended_kind="", ends_earliest__isnull=False)
        .exclude(community__standing=Standing.MERGED)
        .select_related("community", "programme")
        .order_by("pk")
    )


def due_days(programme: int) -> list[dt.date]:
    day = today()
    rows = running(programme).filter(ends_earliest__gte=day, ends_earliest__lte=day + AHEAD)
    days = rows.order_by("ends_earliest").values_list("ends_earliest", flat=True).distinct()
    return [end for end in days if end is not None]


def duties(programme: int, due_on: dt.date) -> list[Duty]:
    members = Membership.objects.filter(community=OuterRef("community"))
    entries = list(running(programme).filter(ends_earliest=due_on).annotate(has_account=Exists(members)))
    people = reached([entry.community_id for entry in entries])
    return [
        Duty(
            subject=f"communities.registerentry:{entry.pk}",
            due_on=due_on,
            since=end_of_day(dt.date(2000, 1, 1)),
            community_id=entry.community_id,
            addressees=people[entry.community_id].addressees,
            context=_context(entry),
        )
        for entry in entries
    ]


def _context(entry: Any) -> dict[str, Any]:
    exact = entry.ends_earliest == entry.ends_latest
    return {
        "community": str(entry.community.name_zh),
        "programme": str(entry.programme.name_zh),
        "number": entry.number or "",
        "is_exact": exact,
        "path": reverse(
            "communities:mine" if entry.has_account else "communities:community", args=_args(entry)
        ),
    }


def _args(entry: Any) -> list[int]:
    return [] if entry.has_account else [entry.community_id]


def is_still_wanted(notice: Any) -> bool:
    """Asked when the mail leaves: not once the designation was renewed or ended, nor to a mailbox given up."""
    entry = RegisterEntry.objects.filter(pk=notice.subject.rpartition(":")[2]).first()
    if entry is None or not running(entry.programme_id).filter(pk=entry.pk).exists():
        return False
    if entry.ends_earliest is None or entry.ends_earliest.isoformat() != notice.due_on:
        return False
    addressees = reached([entry.community_id])[entry.community_id].addressees
    return notice.address in {addressee.address for addressee in addressees}


def exists(programme: int) -> bool:
    return Programme.objects.filter(pk=programme).exists()


def label(programme: int) -> str:
    return str(Programme.objects.get(pk=programme))


def back(programme: int) -> str:
    return reverse("admin:communities_programme_change", args=[programme])
