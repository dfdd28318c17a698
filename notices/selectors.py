"""The office's calendar with its exceptions, and which addresses take no mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core.workdays import Calendar
from notices.models import RefusedAddress


def calendar() -> Calendar:
    return Calendar()


def next_office_moment(moment: dt.datetime) -> dt.datetime:
    """The moment itself within office hours of a working day, else the next opening."""
    return calendar().office_moment(moment)


def refused_among(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses (lower case) that a mail server has refused."""
    found = RefusedAddress.objects.filter(address__in=set(addresses))
    return set(found.values_list("address", flat=True))
