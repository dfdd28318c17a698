"""Counts are fetched as a page asks for them: by month, by one field, by both, or cell by cell."""

from __future__ import annotations

import pytest

from injuries.enums import Question
from injuries.models import DataSet, Scope
from injuries.selectors import scopes
from injuries.selectors.scopes import counts
from injuries.services.records import add
from tests.injuries.factories import DECEMBER, JANUARY

FALL, CRASH = 3, 1
YOUTH, OLDER = 2, 5


@pytest.fixture
def scope(records: DataSet) -> Scope:
    for month, cause, age in ((JANUARY, FALL, 71), (DECEMBER, FALL, 80), (DECEMBER, CRASH, 20)):
        add(records, {"month": month, "cause": cause, "age": age}, by=None)
    return Scope.objects.get(community=records.community)


BY = {
    scopes.MONTHS: {(JANUARY, 0, 0): 1, (DECEMBER, 0, 0): 2},
    scopes.FIRST: {(0, FALL, 0): 2, (0, CRASH, 0): 1},
    scopes.PAIRS: {(0, FALL, OLDER): 2, (0, CRASH, YOUTH): 1},
    scopes.FIRST_BY_MONTH: {(JANUARY, FALL, 0): 1, (DECEMBER, FALL, 0): 1, (DECEMBER, CRASH, 0): 1},
    scopes.FIELDS: {(JANUARY, FALL, OLDER): 1, (DECEMBER, FALL, OLDER): 1, (DECEMBER, CRASH, YOUTH): 1},
}


@pytest.mark.parametrize(("by", "cells"), BY.items(), ids=["-".join(by) for by in BY])
def test_what_was_not_asked_for_is_summed_up(
    scope: Scope, by: tuple[str, ...], cells: dict[tuple[int, int, int], int]
) -> None:
    found = counts([scope.pk], Question.CAUSE_AGE, JANUARY, DECEMBER, by=by)
    assert {cell[1:]: number for cell, number in found.items()} == cells
    assert {cell.question for cell in found} == {Question.CAUSE_AGE}


def test_both_ends_of_the_span_belong_to_it(scope: Scope) -> None:
    found = counts([scope.pk], Question.CAUSE_AGE, DECEMBER, DECEMBER, by=scopes.FIRST)
    assert {cell.first: number for cell, number in found.items()} == {FALL: 1, CRASH: 1}
