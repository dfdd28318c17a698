"""What a reader can work out: the range that the published figures leave for each hidden one.

The reader knows every shown figure, which sums bind which figures, that counts are not negative – and, the worst case,
which of the hidden figures are the small ones. (One mark stands for all of them, so a real reader knows less.) He has
no figures from elsewhere: a release is computed once, kept, and not published again in other cuttings.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from injuries.statistics._engine import optimize, sparse
from injuries.statistics.rates import Interval
from injuries.statistics.suppression.tables import Key, Release

#: Rounding of the solver, far below one case.
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Attacker:
    release: Release
    threshold: int
    places: Mapping[Key, int]
    #: Which sums each figure stands in.
    sums_of: Mapping[Key, set[int]]
    #: sums × counts = 0
    sums: Any
    #: The same for how far each count rises and, apart, falls.
    moves: Any
    #: More cases than anybody could suspect: stands for "no upper end".
    endless: float

    @classmethod
    def reading(cls, release: Release, threshold: int) -> "Attacker":
        places = {name: place for place, name in enumerate(release.keys)}
        rows, columns, signs = [], [], []
        sums_of: dict[Key, set[int]] = {}
        for row, bound in enumerate(release.sums):
            for name, sign in [(bound.total, -1.0), *((part, 1.0) for part in bound.parts)]:
                rows.append(row)
                columns.append(places[name])
                signs.append(sign)
                sums_of.setdefault(name, set()).add(row)
        matrix = sparse().csc_array((signs, (rows, columns)), shape=(len(release.sums), len(places)))
        both = sparse().hstack([matrix, -matrix], format="csc")
        return cls(
            release=release,
            threshold=threshold,
            places=places,
            sums_of=sums_of,
            sums=optimize().LinearConstraint(matrix, 0, 0),
            moves=optimize().LinearConstraint(both, 0, 0),
            endless=10.0 * (release.figures[()] + threshold * len(places)),
        )

    def limits(self, name: Key, hidden: Collection[Key]) -> tuple[float, float]:
        """What is known of one figure before any sum is used."""
        count = self.release.figures[name]
        if name not in hidden:
            return count, count
        return 0, self.threshold - 1 if count < self.threshold else self.endless

    def extreme(self, hidden: Collection[Key], pushed: Sequence[Key], *, up: bool) -> list[float]:
        """Counts that agree with all that is published, those of ``pushed`` together at their highest, or lowest."""
        goal = [0.0] * len(self.places)
        for name in pushed:
            goal[self.places[name]] = -1.0 if up else 1.0
        limits = [self.limits(name, hidden) for name in self.release.keys]
        return self.solve(goal, limits, self.sums)

    @staticmethod
    def solve(goal: Sequence[float], limits: Sequence[tuple[float, float]], sums: Any) -> list[float]:
        lower, upper = zip(*limits, strict=True)
        found = optimize().milp(
            goal,
            constraints=sums,
            bounds=optimize().Bounds(lower, upper),
            options={"presolve": False},
        )
        if found.x is None:  # the true counts are always a solution
            raise ArithmeticError(f"the solver found no counts: {found.message}")
        return list(map(float, found.x))


def ranges(release: Release, hidden: Collection[Key], threshold: int) -> dict[Key, Interval]:
    """The audit: least and largest possible count of every hidden figure, two linear programs each."""
    attacker = Attacker.reading(release, threshold)
    found = {}
    for name in release.keys:
        if name in hidden:
            place = attacker.places[name]
            found[name] = Interval(
                attacker.extreme(hidden, [name], up=False)[place],
                attacker.extreme(hidden, [name], up=True)[place],
            )
    return found
