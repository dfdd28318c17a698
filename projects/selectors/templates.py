"""Shipped organisations to begin with, and what filling one into a community would add.

The texts lie in ``fixtures/organisation/``. Bodies name organisations as their source does; several of these may be
one organisation today, and then become one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from communities.models import Community
from core.fields import Bilingual
from projects.enums import SeatRole
from projects.models import Body, Organisation

SHIPPED = "fixtures/organisation"
# In this order they are offered.
CODES = ("jinjiang-2014", "chongqing-2010")
WITH_ORGANISATION = (SeatRole.LEAD, SeatRole.SUPPORT, SeatRole.MEMBER)


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation by its name today; ``in_source``: each name under which the source has it."""

    name: str
    kind: str
    in_source: tuple[str, ...]
    duties: tuple[str, ...]

    @property
    def name_in_source(self) -> str:
        """Empty where nothing changed."""
        joined = "、".join(self.in_source)
        return "" if joined == self.name else joined


@dataclass(frozen=True, slots=True)
class Place:
    """A seat: an organisation by its name today, or a post."""

    role: str
    unit: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    name: str
    duties: str
    area: str
    places: tuple[Place, ...]

    def units(self, role: str) -> list[str]:
        return [place.unit or place.post for place in self.places if place.role == role]

    @property
    def leads(self) -> list[str]:
        return self.units(SeatRole.LEAD)

    @property
    def supports(self) -> list[str]:
        return self.units(SeatRole.SUPPORT)

    @property
    def heads(self) -> list[str]:
        return [*self.units(SeatRole.HEAD), *self.units(SeatRole.DEPUTY)]

    @property
    def members(self) -> list[str]:
        return self.units(SeatRole.MEMBER)


class Template:
    """One shipped organisation. Raises KeyError for an organisation that a body names and nobody describes."""

    title = Bilingual("title")
    source = Bilingual("source")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.code: str = raw["code"]
        self.title_zh, self.title_en = raw["title_zh"], raw["title_en"]
        self.source_zh, self.source_en = raw["source_zh"], raw["source_en"]
        self.units = _units(raw["organisations"])
        today_of = {row["in_source"]: row["name"] for row in raw["organisations"]}
        self.groups = tuple(_group(row, today_of) for row in raw["bodies"])


def _units(rows: list[dict[str, str]]) -> tuple[Unit, ...]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_name.setdefault(row["name"], []).append(row)
    return tuple(
        Unit(
            name=name,
            kind=same[0]["kind"],
            in_source=tuple(row["in_source"] for row in same),
            duties=tuple(row["duties"] for row in same if row.get("duties")),
        )
        for name, same in by_name.items()
    )


def _group(row: Mapping[str, Any], today_of: Mapping[str, str]) -> Group:
    posts = row.get("posts", {})
    places = [
        Place(role, post=post) for role in (SeatRole.HEAD, SeatRole.DEPUTY) for post in posts.get(role, [])
    ]
    for role in WITH_ORGANISATION:
        # Two that are one today sit once.
        names = dict.fromkeys(today_of[name] for name in row.get(role, []))
        places += [Place(role, unit=name) for name in names]
    return Group(row["kind"], row["name"], row["duties"], row["area"], tuple(places))


@lru_cache(maxsize=len(CODES))
def template(code: str) -> Template:
    """Raises KeyError for a code that is not shipped."""
    if code not in CODES:
        raise KeyError(code)
    path = Path(settings.BASE_DIR, SHIPPED, f"{code}.json")
    return Template(json.loads(path.read_text(encoding="utf-8")))


def templates() -> list[Template]:
    return [template(code) for code in CODES]


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling would add to this community, and what it finds there by name and leaves as it is."""

    template: Template
    units: list[Unit] = field(default_factory=list)
    known_units: list[Unit] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    known_groups: list[Group] = field(default_factory=list)

    @property
    def known(self) -> list[str]:
        return [group.name for group in self.known_groups] + [unit.name for unit in self.known_units]

    @property
    def seats(self) -> int:
        return sum(len(group.places) for group in self.groups)

    @property
    def is_empty(self) -> bool:
        return not self.units and not self.groups

    @property
    def joined(self) -> list[Unit]:
        """What the source has under several names and is one organisation today."""
        return [unit for unit in self.template.units if len(unit.in_source) > 1]


def filling(community: Community, chosen: Template) -> Filling:
    units = set(Organisation.objects.filter(community=community).values_list("name", flat=True))
    bodies = set(Body.objects.filter(community=community).values_list("name", flat=True))
    return Filling(
        template=chosen,
        units=[unit for unit in chosen.units if unit.name not in units],
        known_units=[unit for unit in chosen.units if unit.name in units],
        groups=[group for group in chosen.groups if group.name not in bodies],
        known_groups=[group for group in chosen.groups if group.name in bodies],
    )
