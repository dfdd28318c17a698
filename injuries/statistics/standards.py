"""Standard populations as data: who stands for whom when rates of differently aged places are compared."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum

from django.conf import settings

SHIPPED = "fixtures/standard_populations"
WHO_WORLD = "who-world-2000-2025"

#: Exclusive bands of the project (R1, R13): each age in exactly one. Labels are "from-to" or "from+".
AGE_BANDS = ("0-14", "15-24", "25-64", "65+")


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Both ages included; ``last`` is None in the open group. ``share`` is in the unit of the source (per cent)."""

    first: int
    last: int | None
    share: float


@dataclass(frozen=True, slots=True)
class StandardPopulation:
    code: str
    name: str
    source: str
    groups: tuple[AgeGroup, ...]

    def weights(self, bands: Sequence[str] = AGE_BANDS) -> dict[str, float]:
        """The share of each band, together 1. Bands that cut a group of the source or leave ages out are an error."""
        bounds = {band: band_bounds(band) for band in bands}
        shares: dict[str, list[float]] = {band: [] for band in bands}
        for group in self.groups:
            shares[_band_of(group, bounds)].append(group.share)
        if empty := [band for band in bands if not shares[band]]:
            raise ValueError(f"{self.code} has no group for {empty}")
        total = fsum(group.share for group in self.groups)
        return {band: fsum(parts) / total for band, parts in shares.items()}


def band_bounds(band: str) -> tuple[int, int | None]:
    """``"15-24"`` → (15, 24); ``"65+"`` → (65, None)."""
    first, dash, last = band.removesuffix("+").partition("-")
    return int(first), int(last) if dash else None


def _band_of(group: AgeGroup, bounds: dict[str, tuple[int, int | None]]) -> str:
    for band, (first, last) in bounds.items():
        if first <= group.first and (last is None or (group.last is not None and group.last <= last)):
            return band
    raise ValueError(f"no band holds the ages {group.first}–{group.last}")


@cache
def standard_population(code: str = WHO_WORLD) -> StandardPopulation:
    """A shipped standard by its code; its file names the source."""
    written = json.loads((settings.BASE_DIR / SHIPPED / f"{code}.json").read_text(encoding="utf-8"))
    return StandardPopulation(
        code=written["code"],
        name=written["name"],
        source=written["source"],
        groups=tuple(AgeGroup(group["from"], group["to"], group["share"]) for group in written["groups"]),
    )
