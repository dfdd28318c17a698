"""Crude rates per 100,000 person-years with the exact Poisson interval; no rate without a denominator (R13)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from injuries.statistics._engine import stats

PER = 100_000
CONFIDENCE = 0.95
#: The US NEISS convention: an estimate from fewer than about twenty cases is unstable and says so.
UNSTABLE_UNDER = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval, both ends included, in the unit of the figure that it belongs to."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Rate:
    """``value``, ``lower``, ``upper`` per 100,000 person-years."""

    cases: int
    person_years: float
    value: float
    lower: float
    upper: float
    is_unstable: bool

    is_known = True


@dataclass(frozen=True, slots=True)
class NoRate:
    """Stands where a rate would stand and says why there is none. The count itself remains a fact."""

    cases: int
    reason: str | Promise

    is_known = False
    value = None
    lower = None
    upper = None


NO_DENOMINATOR = _("No rate: the number of inhabitants of this period and group is not recorded.")


def poisson_interval(cases: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The exact (Garwood 1936) interval of an expected count: 18 cases give 10.67 to 28.45.

    Each tail keeps at most half of what ``confidence`` leaves. No case has the lower end 0.
    """
    if cases < 0:
        raise ValueError("a count is never negative")
    tail = (1 - confidence) / 2
    gamma = stats().gamma
    lower = float(gamma.ppf(tail, cases)) if cases else 0.0
    return Interval(lower, float(gamma.isf(tail, cases + 1)))


def rate(
    cases: int,
    person_years: float | None,
    *,
    confidence: float = CONFIDENCE,
    unstable_under: int = UNSTABLE_UNDER,
) -> Rate | NoRate:
    """Crude rate (粗率). ``person_years``: inhabitants × years of the same group; None or 0 gives no rate."""
    if not person_years or person_years < 0:
        return NoRate(cases, NO_DENOMINATOR)
    interval = poisson_interval(cases, confidence=confidence)
    scale = PER / person_years
    return Rate(
        cases=cases,
        person_years=person_years,
        value=cases * scale,
        lower=interval.lower * scale,
        upper=interval.upper * scale,
        is_unstable=cases < unstable_under,
    )


def pooled_rate(
    years: list[tuple[int, float | None]],
    *,
    confidence: float = CONFIDENCE,
    unstable_under: int = UNSTABLE_UNDER,
) -> Rate | NoRate:
    """One rate of several years, for places too small for yearly ones: ``[(cases, person_years), …]``.

    A year without a denominator is not left out in silence: then there is no pooled rate.
    """
    cases = sum(count for count, _person_years in years)
    known = [person_years for _count, person_years in years if person_years]
    if len(known) < len(years):
        return NoRate(cases, NO_DENOMINATOR)
    return rate(cases, sum(known), confidence=confidence, unstable_under=unstable_under)
