"""Which community an unmarked row means: by its number, held against its name; else by name, and place."""

from __future__ import annotations

from collections.abc import Mapping

from communities.importers.cells import CLEAR
from communities.importers.problems import Code, Problem, problem
from communities.models import Community, Programme
from communities.services.imports.comparing import Unfound
from communities.services.imports.shelf import Shelf


def written(values: Mapping[str, str], key: str) -> str:
    value = values.get(key, "")
    return "" if value == CLEAR else value


def community_of(values: Mapping[str, str], shelf: Shelf) -> Community:
    number, name = written(values, "number"), written(values, "community")
    if number:
        return numbered(int(number), name, shelf)
    if not name:
        raise Unfound("community", problem(Code.NO_KEY))
    return by_name(values, shelf)


def numbered(number: int, name: str, shelf: Shelf, programme: Programme | None = None) -> Community:
    community = shelf.with_number(number, programme or shelf.international)
    if community is None:
        raise Unfound("number", problem(Code.UNKNOWN_NUMBER, value=number))
    if name and not shelf.is_called(community, name):
        found = problem(Code.OTHER_NAME, number=number, known=shelf.describe(community), value=name)
        raise Unfound("community", found)
    return community


def by_name(values: Mapping[str, str], shelf: Shelf) -> Community:
    name = written(values, "community")
    found = shelf.named(name, written(values, "province"), written(values, "city"))
    if isinstance(found, Problem):
        raise Unfound("community", found)
    if found is None:
        raise Unfound("community", shelf.not_found(name))
    return found
