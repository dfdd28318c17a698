"""Cells of one two-way table whose totals are known to the reader anyway, to the last case.

``suppress`` may hide totals; an authority reads exact totals beside the table, so here they bind. Rows and columns of
few cases are to be pooled by the caller; where even hiding every cell leaves a small one too well known, the table is
not shown at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from injuries.statistics._engine import optimize

Cell = tuple[int, int]
SLACK = 1e-6


def hidden_within(counts: Mapping[Cell, int], *, threshold: int = 5) -> set[Cell] | None:
    """Which cells to hide so that each small one may be anything from 0 to ``threshold`` − 1; None: show nothing.

    ``counts`` holds every cell of the table, zeros too. Smallest first, the order of rows changes nothing.
    """
    small = {cell for cell, count in counts.items() if count < threshold}
    hidden = set(small)
    shown = sorted((count, cell) for cell, count in counts.items() if cell not in hidden)
    while weak := _weak(counts, hidden, small, threshold):
        partner = next((cell for _count, cell in shown if cell[0] == weak[0] or cell[1] == weak[1]), None)
        if partner is None:
            partner = next((cell for _count, cell in shown), None)
        if partner is None:
            return None
        hidden.add(partner)
        shown = [(count, cell) for count, cell in shown if cell != partner]
    return hidden


def _weak(counts: Mapping[Cell, int], hidden: set[Cell], small: set[Cell], threshold: int) -> Cell | None:
    """The first small cell that the totals and the shown cells tell too much of."""
    if not small:
        return None
    cells = sorted(hidden)
    places = {cell: place for place, cell in enumerate(cells)}
    matrix, sums = _bounds(counts, cells, places)
    for cell in sorted(small):
        goal = [0.0] * len(cells)
        goal[places[cell]] = 1.0
        least = _solve(goal, matrix, sums)
        most = -_solve([-one for one in goal], matrix, sums)
        if least > SLACK or most < threshold - 1 - SLACK:
            return cell
    return None


def _bounds(
    counts: Mapping[Cell, int], cells: list[Cell], places: Mapping[Cell, int]
) -> tuple[list[list[float]], list[float]]:
    matrix, sums = [], []
    for axis in (0, 1):
        for line in sorted({cell[axis] for cell in cells}):
            own = [cell for cell in cells if cell[axis] == line]
            row = [0.0] * len(cells)
            for cell in own:
                row[places[cell]] = 1.0
            matrix.append(row)
            sums.append(float(sum(counts[cell] for cell in own)))
    return matrix, sums


def _solve(goal: list[float], matrix: list[list[float]], sums: list[float]) -> float:
    found = optimize().linprog(goal, A_eq=matrix, b_eq=sums, bounds=(0, None), method="highs")
    if found.fun is None:  # the true counts are always a solution
        raise ArithmeticError(f"the solver found no counts: {found.message}")
    return float(found.fun)
