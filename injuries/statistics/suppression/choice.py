"""Which further figures must go, so that the small ones cannot be worked out from the rest.

For each hidden figure two witnesses are wanted: counts that agree with all that is published and have 0 there, and
others that have the largest small number there. One linear program serves many figures at once. Where a witness is
missing, another program finds the cheapest figures that would have to be hidden for it to exist. A witness stays one
when more is hidden, so each is found once. Nothing here depends on chance, time or the order of a set: the same
counts are hidden in the same way each time, for two different ways would tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2

from injuries.statistics.suppression.attack import SLACK, Attacker
from injuries.statistics.suppression.tables import Key, Release

#: A total tells more than a cell and serves more tables: it goes only where cells do not suffice.
TOTAL_COST = 20.0


@dataclass(slots=True)
class Choice:
    attacker: Attacker
    hidden: set[Key] = field(default_factory=set)

    def protect(self, names: Iterable[Key]) -> None:
        """Hide ``names`` and whatever must go with them, so that each has both its witnesses."""
        names = list(names)
        self.hidden.update(names)
        true = [float(self.attacker.release.figures[name]) for name in self.attacker.release.keys]
        for up in (True, False):
            waiting = [name for name in names if not self._reached(name, true, up=up)]
            stubborn = self._without_witness(waiting, up=up)
            while stubborn:
                counts = self._hide_for(stubborn[0], up=up)
                stubborn = [name for name in stubborn[1:] if not self._reached(name, counts, up=up)]

    def _reached(self, name: Key, counts: list[float], *, up: bool) -> bool:
        count = counts[self.attacker.places[name]]
        return count >= self.attacker.threshold - 1 - SLACK if up else count <= SLACK

    def _without_witness(self, waiting: list[Key], *, up: bool) -> list[Key]:
        """Those that no program has brought to their end; each was pushed once, beside others of no common sum."""
        stubborn: list[Key] = []
        while waiting:
            pushed = self._strangers(waiting)
            counts = self.attacker.extreme(self.hidden, pushed, up=up)
            waiting = [name for name in waiting if not self._reached(name, counts, up=up)]
            stubborn += [name for name in waiting if name in pushed]
            waiting = [name for name in waiting if name not in pushed]
            stubborn = [name for name in stubborn if not self._reached(name, counts, up=up)]
        return stubborn

    def _strangers(self, names: list[Key]) -> list[Key]:
        """As many as stand in no sum together, for such do not hinder each other much."""
        taken: set[int] = set()
        chosen = []
        for name in names:
            sums = self.attacker.sums_of[name]
            if taken.isdisjoint(sums):
                taken |= sums
                chosen.append(name)
        return chosen

    def _hide_for(self, name: Key, *, up: bool) -> list[float]:
        """Hide what lets ``name`` reach its end at the least cost × change, if anything; returns counts that do."""
        attacker = self.attacker
        counts = [attacker.release.figures[other] for other in attacker.release.keys]
        goal, rises = [], []
        for other, count in zip(attacker.release.keys, counts, strict=True):
            known = other in self.hidden
            goal.append(SLACK if known else self._cost(other, count))
            top = attacker.limits(other, self.hidden)[1] if known else attacker.endless
            rises.append((0.0, top - count))
        falls = [(0.0, float(count)) for count in counts]
        place = attacker.places[name]
        rise, fall = (attacker.threshold - 1 - counts[place], 0.0) if up else (0.0, counts[place])
        rises[place], falls[place] = (rise, rise), (fall, fall)
        moves = attacker.solve(goal + goal, rises + falls, attacker.moves)
        changes = [rise - fall for rise, fall in zip(moves, moves[len(counts) :], strict=False)]
        self.hidden.update(
            other for other, change in zip(attacker.release.keys, changes, strict=True) if abs(change) > SLACK
        )
        return [count + change for count, change in zip(counts, changes, strict=True)]

    @staticmethod
    def _cost(name: Key, count: int) -> float:
        return log2(2 + count) * (1.0 if len(name) > 1 else TOTAL_COST if name else TOTAL_COST**2)


def hidden_figures(release: Release, threshold: int, *, every_hidden: bool = True) -> set[Key]:
    """The small figures and those that must go with them; ``every_hidden`` protects these like small ones."""
    waiting = [name for name in release.keys if release.figures[name] < threshold]
    if not waiting:
        return set()
    choice = Choice(Attacker.reading(release, threshold))
    done: set[Key] = set()
    while waiting:
        choice.protect(waiting)
        done.update(waiting)
        waiting = [name for name in release.keys if name in choice.hidden - done] if every_hidden else []
    return choice.hidden
