"""What injuries cost a community: years of life, the pyramid below each death, and who bears which share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

#: OECD Health Statistics count potential years of life lost up to 75; earlier editions counted to 70, the CDC to 65.
LIFE_LIMIT = 75

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class YearsLost:
    """``deaths`` are those before the limit; ``later`` deaths add nothing, ``unknown_age`` could not be counted."""

    years: float
    deaths: int
    later: int
    unknown_age: int
    limit: int


def years_lost(deaths: Mapping[int | None, int], *, limit: int = LIFE_LIMIT) -> YearsLost:
    """Potential years of life lost (潜在减寿年数). ``deaths``: number by age in completed years, None for unknown.

    Somebody who dies at 20 has lived 20.5 years on average, so counts ``limit`` − 20.5.
    """
    before = {age: number for age, number in deaths.items() if age is not None and age < limit}
    return YearsLost(
        years=sum(number * (limit - age - 0.5) for age, number in before.items()),
        deaths=sum(before.values()),
        later=sum(number for age, number in deaths.items() if age is not None and age >= limit),
        unknown_age=deaths.get(None, 0),
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class Level:
    """One storey of the pyramid; ``per_death`` is None where nobody died, for a ratio to nothing says nothing."""

    name: str
    cases: int
    per_death: float | None


def injury_pyramid(levels: Mapping[str, int]) -> tuple[Level, ...]:
    """Deaths first, then each wider level (in hospital, treated, …): ``{"deaths": 2, "inpatients": 61, …}``.

    Levels are exclusive. The often quoted 1 : 30 : 300 is no norm; a place shows its own.
    """
    deaths = next(iter(levels.values()), 0)
    return tuple(Level(name, cases, cases / deaths if deaths else None) for name, cases in levels.items())


@dataclass(frozen=True, slots=True)
class Share:
    """``share`` between 0 and 1 of the total, None if there is none; ``rank`` 1 is the most, equals share a rank."""

    cases: int
    share: float | None
    rank: int


def shares(counts: Mapping[Key, int]) -> dict[Key, Share]:
    """Who bears which part, in the order given: causes, places, age bands."""
    total = sum(counts.values())
    return {
        key: Share(
            cases,
            cases / total if total else None,
            1 + sum(other > cases for other in counts.values()),
        )
        for key, cases in counts.items()
    }
