"""Tables of designations: one row for each entry in a programme's register, with all its dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from communities.enums import ImportKind
from communities.importers.columns import Table, table
from communities.importers.problems import Code, Problem, problem
from communities.models import Community, Programme, RegisterEntry
from communities.search import normal
from communities.services.contacts import at_place
from communities.services.designations import add_entry, parse_partial_date, record_designation
from communities.services.imports.comparing import Outcome, Subject, Tell, Unfound, Written
from communities.services.imports.finding import by_name, numbered, written
from communities.services.imports.shelf import Shelf
from communities.services.takebacks import entry_as_it_is, take_back_entry
from communities.services.terms import possible_days

BETWEEN = "、"


class DesignationTable:
    kind = ImportKind.DESIGNATIONS
    sign = "d"
    aside = frozenset({"source"})

    @property
    def table(self) -> Table:
        return table(self.kind)

    def subjects(self, shelf: Shelf) -> Iterator[Subject]:
        return (self._subject(entry, shelf) for entry in self._entries(shelf))

    def subject_of(self, target: str, shelf: Shelf) -> Subject | None:
        entry = shelf.by_key.get(int(target)) if target.isascii() and target.isdecimal() else None
        return self._subject(entry, shelf) if entry and entry.community_id in shelf.communities else None

    def find(self, values: Mapping[str, str], shelf: Shelf) -> Subject:
        """An entry by its number, else by its community; a community that has none in the programme gets one."""
        programme = self._programme(written(values, "programme"), shelf)
        number, name = written(values, "number"), written(values, "community")
        taken = shelf.taken.get((programme.pk, int(number))) if number else None
        if taken is not None:
            community = numbered(int(number), "", shelf, programme)
            if name and not shelf.is_called(community, name):
                described = shelf.describe(community)
                raise Unfound("number", problem(Code.NUMBER_TAKEN, value=number, known=described))
            return self._subject(taken, shelf)
        if not name:
            missing = problem(Code.UNKNOWN_NUMBER, value=number) if number else problem(Code.NO_KEY)
            raise Unfound("number" if number else "community", missing)
        community = by_name(values, shelf)
        entry = shelf.entries.get((programme.pk, community.pk))
        if entry is None:
            return self._new(community, programme, number)
        if number and entry.number != int(number):
            raise Unfound("number", self._has_number(entry, shelf))
        return self._subject(entry, shelf)

    def may_change(self, key: str, *, is_marked: bool) -> bool:
        return False

    def objections(
        self, subject: Subject, changes: Mapping[str, list[str]], shelf: Shelf
    ) -> Iterator[tuple[str, Problem]]:
        for key in ("first", "renewals"):
            if (
                key in changes
                and changes[key][0]
                and len(_dates(changes[key][1])) < len(_dates(changes[key][0]))
            ):
                yield key, problem(Code.DATES_FEWER, known=changes[key][0])
                return
        if not subject.exists and "first" not in changes:
            yield "first", problem(Code.REQUIRED)
        wanted = _all_dates(subject, changes)
        for earlier, later in pairwise(wanted):
            if possible_days(*parse_partial_date(earlier))[0] > possible_days(*parse_partial_date(later))[1]:
                key = "first" if earlier == wanted[0] and "first" in changes else "renewals"
                yield key, problem(Code.DATE_ORDER, earlier=earlier, later=later)
                return

    def write(
        self, outcomes: Sequence[Outcome], shelf: Shelf, *, by: Any, source: str, tell: Tell
    ) -> list[Written]:
        rows = []
        for place, outcome in enumerate(outcomes):
            tell(place)
            basis = written(outcome.values, "source") or source
            with at_place(place):
                rows.append(self._write_one(outcome, shelf, by=by, source=basis))
        return rows

    def take_back(self, rows: Sequence[Written], *, by: Any, reason: str) -> None:
        for place, row in reversed(list(enumerate(rows))):
            with at_place(place):
                take_back_entry(entry_id=int(row.target), before=row.before, by=by, reason=reason)

    def _write_one(self, outcome: Outcome, shelf: Shelf, *, by: Any, source: str) -> Written:
        subject = outcome.subject
        if subject is None or subject.community is None:
            raise ValueError(f"row {outcome.row.number} is about nothing that is there")
        if subject.exists:
            entry = RegisterEntry.objects.get(pk=subject.target)
            before = entry_as_it_is(entry)
        else:
            before = {"standing": subject.community.standing}
            number = written(outcome.values, "number")
            programme = self._programme(written(outcome.values, "programme"), shelf)
            entry = add_entry(
                community=subject.community,
                programme=programme,
                by=by,
                number=int(number) if number else None,
                source=source,
            )
        for cycle, text in _in_safe_order(subject, outcome.changes):
            record_designation(entry=entry, cycle=cycle, date_text=text, source=source, by=by)
        return Written(str(entry.pk), subject.community.pk, before)

    def _programme(self, name: str, shelf: Shelf) -> Programme:
        if not name:
            if shelf.international is None:
                raise Unfound("programme", problem(Code.REQUIRED))
            return shelf.international
        for programme in shelf.programmes.values():
            if normal(name) in {normal(programme.name_zh), normal(programme.name_en), programme.code}:
                return programme
        offered = BETWEEN.join(programme.name_zh for programme in shelf.programmes.values())
        raise Unfound("programme", problem(Code.CHOICE, value=name, choices=offered))

    def _entries(self, shelf: Shelf) -> Iterator[RegisterEntry]:
        return (entry for entry in shelf.entries.values() if entry.community_id in shelf.communities)

    def _subject(self, entry: RegisterEntry, shelf: Shelf) -> Subject:
        community = shelf.communities[entry.community_id]
        texts = {row.cycle: row.date_text for row in shelf.designations[entry.pk]}
        current = {
            "number": str(entry.number) if entry.number else "",
            "community": community.name_zh,
            "province": community.province_name,
            "city": community.city_name,
            "programme": entry.programme.name_zh,
            "first": texts.get(0, ""),
            "renewals": BETWEEN.join(text for cycle, text in sorted(texts.items()) if cycle),
        }
        return Subject(
            community, str(entry.pk), current, keys=(f"entry:{entry.pk}",), about=entry.programme.name_zh
        )

    def _new(self, community: Community, programme: Programme, number: str) -> Subject:
        keys = [f"new:{programme.pk}:{community.pk}"]
        if number:
            keys.append(f"number:{programme.pk}:{number}")
        return Subject(community, exists=False, keys=tuple(keys), about=programme.name_zh)

    def _has_number(self, entry: RegisterEntry, shelf: Shelf) -> Problem:
        known = shelf.describe(shelf.communities[entry.community_id])
        return problem(Code.HAS_NUMBER, known=known, number=entry.number or "–")


def _dates(text: str) -> list[str]:
    return text.split(BETWEEN) if text else []


def _all_dates(subject: Subject, changes: Mapping[str, list[str]]) -> list[str]:
    parts = [
        changes[key][1] if key in changes else subject.current.get(key, "") for key in ("first", "renewals")
    ]
    return [*_dates(parts[0]), *_dates(parts[1])]


def _in_safe_order(subject: Subject, changes: Mapping[str, list[str]]) -> list[tuple[int, str]]:
    """(cycle, date) of what differs. Later ones go first where dates move on, earlier ones where they move back:
    so no date passes another on the way.
    """
    pairs = []
    for key, first_cycle in (("first", 0), ("renewals", 1)):
        if key in changes:
            old, new = (_dates(text) for text in changes[key])
            pairs += [
                (cycle, old[cycle - first_cycle] if cycle - first_cycle < len(old) else "", text)
                for cycle, text in enumerate(new, start=first_cycle)
            ]
    differing = [(cycle, old, new) for cycle, old, new in pairs if old != new]
    on = [(cycle, new) for cycle, old, new in differing if _day(new) >= _day(old)]
    back = [(cycle, new) for cycle, old, new in differing if _day(new) < _day(old)]
    return [*reversed(on), *back]


def _day(text: str) -> date:
    return parse_partial_date(text)[0] if text else date.min
