"""Over the years: is there a direction, or is it the play of small numbers?"""

from dataclasses import dataclass
from math import isnan

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from injuries.statistics._engine import stats
from injuries.statistics.rates import PER

#: With four years even a steady fall has an exact p-value of 2/4! = 0.083: the test could never answer yes.
LEAST_YEARS = 5
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Trend:
    """``tau``: −1 (falls every year) to 1. ``per_year``: change of the rate per 100,000 from one year to the next."""

    years: int
    tau: float
    p_value: float
    per_year: float
    is_beyond_chance: bool
    reading: str | Promise

    is_known = True


@dataclass(frozen=True, slots=True)
class NoTrend:
    years: int
    reading: str | Promise

    is_known = False


TOO_FEW_YEARS = _("Too few years for a trend: at least five with a known number of inhabitants are needed.")
ALL_EQUAL = _("The rate is the same in every year.")
FALLING = _("The rate falls over the years, beyond chance.")
RISING = _("The rate rises over the years, beyond chance.")
UNDECIDED = _("No direction that could be told from chance.")


def trend(
    years: list[tuple[int, int, float | None]], *, least_years: int = LEAST_YEARS, alpha: float = ALPHA
) -> Trend | NoTrend:
    """Kendall's rank test of rate against year, with the Theil–Sen slope: ``[(year, cases, person_years), …]``.

    Chosen because scipy has it exactly and because it asks only for the order of the yearly rates: injuries come in
    clusters (one bus, one ice storm), and a Poisson regression would call such a cluster a trend. The price is power:
    five years count only if they fall, or rise, every single year. Years without a denominator are left out, and the
    number of years that were used is told. Equal rates make the p-value an approximation (tau-b).
    """
    known = sorted((year, cases / persons * PER) for year, cases, persons in years if persons)
    if len({year for year, _rate in known}) < len(known):
        raise ValueError("each year stands once in a trend")
    if len(known) < least_years:
        return NoTrend(len(known), TOO_FEW_YEARS)
    when, rates = [year for year, _rate in known], [value for _year, value in known]
    if len(set(rates)) == 1:
        return NoTrend(len(known), ALL_EQUAL)
    test = stats().kendalltau(when, rates)
    tau, p_value = float(test.statistic), float(test.pvalue)
    if isnan(tau):  # pragma: no cover - all equal is answered above
        return NoTrend(len(known), ALL_EQUAL)
    beyond = p_value < alpha
    direction = FALLING if tau < 0 else RISING
    return Trend(
        years=len(known),
        tau=tau,
        p_value=p_value,
        per_year=float(stats().theilslopes(rates, when).slope),
        is_beyond_chance=beyond,
        reading=direction if beyond else UNDECIDED,
    )
