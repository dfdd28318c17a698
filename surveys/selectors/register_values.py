"""What the register holds for a unit, by the names that questions feed, and whether an answer says the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Programme, RegisterEntry
from core.masks import masked_email, masked_mobile, masked_name

CONTACT = "contact."
CONTACT_FIELDS = ("name", "phone", "mobile", "email")
_MASKS: dict[str, Callable[[object], str]] = {
    "name": masked_name,
    "phone": masked_mobile,
    "mobile": masked_mobile,
    "email": masked_email,
}


class Agreement(models.TextChoices):
    SAME = "same", _("as in the register")
    DIFFERENT = "different", _("the register says otherwise")
    UNKNOWN = "unknown", _("not in the register yet")
    EMPTY = "empty", _("not answered")


@dataclass(frozen=True, slots=True)
class RegisterValues:
    """``values``: texts as the register shows them, dates as precise as known, renewals as a list.

    ``spellings``: every way to write the unit's name, with or without its place, in one normal form.
    """

    values: dict[str, Any]
    entry: RegisterEntry | None
    spellings: frozenset[str] = field(default_factory=frozenset)

    def agreement(self, feed: str, answer: Any) -> Agreement:
        if answer in (None, "", []):
            return Agreement.EMPTY
        known = self.values.get(feed)
        if not known:
            return Agreement.UNKNOWN
        return Agreement.SAME if self._says_the_same(feed, known, answer) else Agreement.DIFFERENT

    def _says_the_same(self, feed: str, known: Any, answer: Any) -> bool:
        if feed == "community.name":
            return normal(answer) in self.spellings
        if feed == "designation.first":
            return str(known).startswith(str(answer))
        if feed == "designation.renewals":
            return not missing_dates(known, answer)
        return says_the_same(feed, known, answer)


def register_values(community: Community, programme: Programme) -> RegisterValues:
    """Three queries: names, contacts, the entry with its designations."""
    values: dict[str, Any] = {"community.name": community.name_zh, "community.address": community.address}
    for contact in community.contacts.order_by("role"):
        for name in CONTACT_FIELDS:
            values[f"{CONTACT}{contact.role}.{name}"] = getattr(contact, name)
    entry = community.entries.filter(programme=programme).prefetch_related("designations").first()
    cycles = sorted(entry.designations.all(), key=lambda cycle: cycle.cycle) if entry else []
    values["designation.first"] = next((cycle.date_text for cycle in cycles if cycle.cycle == 0), "")
    values["designation.renewals"] = [cycle.date_text for cycle in cycles if cycle.cycle > 0]
    names = list(community.names.order_by("pk").values_list("name", flat=True))
    return RegisterValues(values, entry, spellings(community, names))


def spellings(community: Community, other_names: list[str]) -> frozenset[str]:
    """筼筜街道, 厦门市筼筜街道 and 福建省厦门市筼筜街道 are one unit."""
    places = {
        "",
        community.province_name,
        community.city_name,
        community.province_name + community.city_name,
        community.place_at_naming,
        community.place_today,
    }
    return frozenset(normal(place + name) for place in places for name in (community.name_zh, *other_names))


def missing_dates(known: list[str], answered: list[str]) -> list[str]:
    """The answered dates that the register does not hold at least as exactly."""
    return [date for date in answered if not any(str(held).startswith(str(date)) for held in known)]


def says_the_same(feed: str, known: Any, answer: Any) -> bool:
    """Of texts and numbers: spelling, width and blanks do not matter."""
    if feed.endswith((".phone", ".mobile")):
        return _digits(known) == _digits(answer)
    return normal(known) == normal(answer)


def normal(text: Any) -> str:
    """One width, one case, no blanks: how two spellings of the same thing meet."""
    return "".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def _digits(text: Any) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", str(text)))


def is_personal(feed: str) -> bool:
    return feed.startswith(CONTACT)


def masked(feed: str, value: Any) -> Any:
    """A personal value as somebody without the right to see contacts may read it; others unchanged."""
    if not is_personal(feed) or not value:
        return value
    return _MASKS[feed.rpartition(".")[2]](value)
