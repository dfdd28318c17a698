"""Tables of communities: what they are, where they lie, who supervises them. Our own tables also rename."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from communities.enums import CommunityKind, CommunityType, ImportKind
from communities.importers.columns import NO, YES, Table, table
from communities.importers.problems import Code, Problem, problem
from communities.models import Community
from communities.search import normal
from communities.services import register
from communities.services.contacts import at_place
from communities.services.imports.comparing import Outcome, Subject, Tell, Unfound, Written, parts_of
from communities.services.imports.finding import numbered, written
from communities.services.imports.shelf import Shelf
from communities.services.takebacks import community_as_it_is, take_back_community

TEXTS = ("name_en", "province_name", "city_name", "place_at_naming", "place_today", "address", "note")


class CommunityTable:
    kind = ImportKind.COMMUNITIES
    sign = "s"
    aside: frozenset[str] = frozenset()

    @property
    def table(self) -> Table:
        return table(self.kind)

    def subjects(self, shelf: Shelf) -> Iterator[Subject]:
        return (self._subject(community, shelf) for community in shelf.communities.values())

    def subject_of(self, target: str, shelf: Shelf) -> Subject | None:
        known = shelf.communities.get(int(target)) if target.isascii() and target.isdecimal() else None
        return self._subject(known, shelf) if known else None

    def find(self, values: Mapping[str, str], shelf: Shelf) -> Subject:
        """A name that nobody has there is a new community: it gets its number when it is named."""
        number, name = written(values, "number"), written(values, "community")
        if number:
            return self._subject(numbered(int(number), name, shelf), shelf)
        if not name:
            raise Unfound("community", problem(Code.NO_KEY))
        province, city = written(values, "province_name"), written(values, "city_name")
        found = shelf.named(name, province, city)
        if isinstance(found, Problem):
            raise Unfound("community", found)
        if found is not None:
            return self._subject(found, shelf)
        return Subject(None, exists=False, keys=(f"new:{normal(name)}:{province}:{city}",))

    def may_change(self, key: str, *, is_marked: bool) -> bool:
        return key == "community" and is_marked

    def objections(
        self, subject: Subject, changes: Mapping[str, list[str]], shelf: Shelf
    ) -> Iterator[tuple[str, Problem]]:
        code = changes.get("region", ["", ""])[1]
        if code and code not in shelf.regions:
            yield "region", problem(Code.UNKNOWN_REGION, value=code)
        supervisor = changes.get("supervisor", ["", ""])[1]
        known = shelf.authorities.get(normal(supervisor), [])
        if supervisor and len(known) != 1:
            yield "supervisor", problem(Code.UNKNOWN_AUTHORITY, value=supervisor)
        elif shelf.within is not None and self._leaves_the_region(subject, changes, shelf):
            yield "supervisor", problem(Code.BEYOND_REACH)

    def write(
        self, outcomes: Sequence[Outcome], shelf: Shelf, *, by: Any, source: str, tell: Tell
    ) -> list[Written]:
        rows = []
        for place, outcome in enumerate(outcomes):
            tell(place)
            with at_place(place):
                rows.append(self._write_one(outcome, shelf, by=by, source=source))
        return rows

    def take_back(self, rows: Sequence[Written], *, by: Any, reason: str) -> None:
        for place, row in reversed(list(enumerate(rows))):
            with at_place(place):
                take_back_community(community_id=int(row.target), before=row.before, by=by, reason=reason)

    def _write_one(self, outcome: Outcome, shelf: Shelf, *, by: Any, source: str) -> Written:
        values = {key: self._value(key, new, shelf) for key, (_old, new) in outcome.changes.items()}
        if outcome.subject is not None and not outcome.subject.exists:
            name = written(outcome.values, "community")
            new = register.create_community(by=by, name_zh=name, source=source, **values)
            return Written(str(new.pk), new.pk, {})
        community, target, changes = parts_of(outcome)
        if "community" in changes:
            values["name_zh"] = values.pop("community")
        before = community_as_it_is(community, with_names="community" in changes)
        register.change_community(community=community, by=by, reason=source, **values)
        return Written(target, community.pk, before)

    def _value(self, key: str, text: str, shelf: Shelf) -> Any:
        match key:
            case "kind":
                return next(kind for kind in CommunityKind if str(kind.label) == text)
            case "type":
                return next(kind for kind in CommunityType if str(kind.label) == text)
            case "published":
                return text == YES
            case "region":
                return shelf.regions[text] if text else None
            case "supervisor":
                return shelf.authorities[normal(text)][0] if text else None
            case _:
                return text

    def _subject(self, community: Community, shelf: Shelf) -> Subject:
        target = str(community.pk)
        number = shelf.number_of(community)
        current = {
            "number": str(number) if number else "",
            "community": community.name_zh,
            **{name: getattr(community, name) for name in TEXTS},
            "kind": str(CommunityKind(community.kind).label),
            "type": str(CommunityType(community.type).label),
            "region": community.region.short_code if community.region else "",
            "supervisor": community.supervisor.name_zh if community.supervisor else "",
            "published": YES if community.published else NO,
        }
        return Subject(community, target, current, keys=(target,))

    def _leaves_the_region(self, subject: Subject, changes: Mapping[str, list[str]], shelf: Shelf) -> bool:
        """Who looks after a region brings nothing in, and moves nothing out of it."""
        if "supervisor" not in changes:
            return not subject.exists
        known = shelf.authorities.get(normal(changes["supervisor"][1]), [])
        return not known or known[0].pk not in (shelf.within or set())
