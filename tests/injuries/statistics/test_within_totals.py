"""Cross-tables for people who read the exact totals beside them."""

import random

import pytest

from injuries.statistics.suppression.within import SLACK, _bounds, _solve, hidden_within


def table(rows: list[list[int]]) -> dict[tuple[int, int], int]:
    return {(i, j): count for i, row in enumerate(rows) for j, count in enumerate(row)}


def test_nothing_small_hides_nothing() -> None:
    assert hidden_within(table([[9, 8], [7, 6]])) == set()


def test_one_small_cell_takes_three_others_along() -> None:
    assert hidden_within(table([[40, 2, 30], [35, 60, 20], [50, 45, 25]])) is not None
    assert len(hidden_within(table([[40, 2, 30], [35, 60, 20], [50, 45, 25]])) or ()) >= 4


@pytest.mark.parametrize("rows", [[[9, 1]], [[9, 1], [0, 0]]])
def test_what_the_totals_tell_anyway_is_not_shown(rows: list[list[int]]) -> None:
    assert hidden_within(table(rows)) is None


@pytest.mark.parametrize("seed", range(25))
def test_each_small_cell_may_be_anything_up_to_four(seed: int) -> None:
    chance = random.Random(seed)
    counts = table([[chance.choice([0, 1, 3, 6, 12, 40]) for _ in range(4)] for _ in range(5)])
    hidden = hidden_within(counts)
    if hidden is None:
        return
    cells = sorted(hidden)
    places = {cell: place for place, cell in enumerate(cells)}
    matrix, sums = _bounds(counts, cells, places)
    for cell in (one for one in cells if counts[one] < 5):
        goal = [float(one == cell) for one in cells]
        assert _solve(goal, matrix, sums) <= SLACK
        assert -_solve([-one for one in goal], matrix, sums) >= 4 - SLACK
