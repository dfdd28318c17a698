"""States as tables: the mechanics shared by every ``lifecycle.py``.

A workflow is a list of moves. Nothing here knows a model; the app's ``lifecycle.advance`` locks the row,
asks the move for its refusals, changes the stage and records it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Reason, Refused

Guard = Callable[[Any], Reason | None]


@dataclass(frozen=True)
class Move:
    """One transition: from which stages it may start, where it ends, who may make it, and what forbids it."""

    name: str
    from_stages: frozenset[str]
    to_stage: str
    permission: str
    guards: tuple[Guard, ...] = ()

    def refusals(self, subject: Any) -> list[Reason]:
        """Every reason that forbids the move now, not only the first: people mend all of them at once."""
        if subject.stage not in self.from_stages:
            return [Reason(_("This step is not possible in the present state."), code="stage")]
        return [reason for guard in self.guards if (reason := guard(subject)) is not None]


@dataclass(frozen=True)
class Workflow:
    moves: tuple[Move, ...]

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    def find(self, name: str) -> Move:
        """The move of that name; an unknown name is a programming error and raises LookupError."""
        for move in self.moves:
            if move.name == name:
                return move
        raise LookupError(f"no move named {name!r}")

    def check(self, name: str, subject: Any) -> Move:
        """Return the move, or raise Refused with all reasons."""
        move = self.find(name)
        if reasons := move.refusals(subject):
            raise Refused(reasons)
        return move
