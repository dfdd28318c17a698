"""Directly age-standardised rates: what the rate would be if the place had the ages of a standard population."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from injuries.statistics._engine import stats
from injuries.statistics.rates import CONFIDENCE, PER, UNSTABLE_UNDER, Interval, NoRate

NO_DENOMINATOR_BY_AGE = _(
    "No standardised rate: the number of inhabitants is not recorded for every age group."
)
NO_CASE_WITH_AGE = _("No standardised rate: no case has a known age.")


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """Per 100,000 person-years of the standard. ``left_out``: cases of unknown age, which no band can hold."""

    cases: int
    person_years: float
    value: float
    lower: float
    upper: float
    is_unstable: bool
    left_out: int

    is_known = True


def standardised_rate(
    cases: Mapping[str, int],
    person_years: Mapping[str, float | None],
    weights: Mapping[str, float],
    *,
    unknown_age: int = 0,
    confidence: float = CONFIDENCE,
    unstable_under: int = UNSTABLE_UNDER,
) -> StandardisedRate | NoRate:
    """标化率 by the direct method with the gamma interval of Fay and Feuer (Stat Med 1997;16:791).

    All three mappings are by the same age bands; a band without a case may be missing in ``cases``. ``weights`` are
    those of ``StandardPopulation.weights`` (any positive numbers will do). A band without inhabitants gives no rate.
    """
    if strange := set(cases) - set(weights):
        raise ValueError(f"the standard has no {sorted(strange)}")
    counted = sum(cases.values())
    persons = {band: person_years.get(band) or 0.0 for band in weights}
    if min(persons.values()) <= 0:
        return NoRate(counted + unknown_age, NO_DENOMINATOR_BY_AGE)
    if unknown_age and not counted:
        return NoRate(unknown_age, NO_CASE_WITH_AGE)
    whole = sum(weights.values())
    # What one case in a band adds to the standardised rate.
    steps = {band: weights[band] / whole / persons[band] for band in weights}
    value = sum(steps[band] * cases.get(band, 0) for band in weights)
    variance = sum(steps[band] ** 2 * cases.get(band, 0) for band in weights)
    interval = gamma_interval(value, variance, max(steps.values()), confidence=confidence)
    return StandardisedRate(
        cases=counted,
        person_years=sum(persons.values()),
        value=value * PER,
        lower=interval.lower * PER,
        upper=interval.upper * PER,
        is_unstable=counted < unstable_under,
        left_out=unknown_age,
    )


def gamma_interval(value: float, variance: float, step: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Interval of a weighted sum of Poisson counts; ``step`` is the largest weight, what one more case could add.

    With equal weights it is the exact interval of the count.
    """
    gamma, tail = stats().gamma, (1 - confidence) / 2
    lower = float(gamma.ppf(tail, value**2 / variance, scale=variance / value)) if variance else 0.0
    mean, spread = value + step, variance + step**2
    return Interval(lower, float(gamma.isf(tail, mean**2 / spread, scale=spread / mean)))
