"""Statistics of injuries as pure functions of numbers: no models, no queries, nothing loaded before the first figure.

Counts are whole numbers, person-years inhabitants × years, rates per 100,000 person-years, intervals 95 % unless asked
otherwise. What cannot be said comes back as a value that says why (``NoRate``, ``NoRatio``, ``NoTrend``), with
``is_known`` false, so that a page shows the reason where the figure would stand. Nothing here hides small numbers
but ``suppression``: whoever shows figures outside the community sends them through it.
"""

from injuries.statistics.burden import Level, Share, YearsLost, injury_pyramid, shares, years_lost
from injuries.statistics.comparing import (
    REGRESSION_TO_THE_MEAN,
    NoRatio,
    RateRatio,
    comparison_sentence,
    rate_ratio,
)
from injuries.statistics.outliers import MonthCheck, Verdict, check_month
from injuries.statistics.rates import Interval, NoRate, Rate, poisson_interval, pooled_rate, rate
from injuries.statistics.standardising import StandardisedRate, standardised_rate
from injuries.statistics.standards import AGE_BANDS, StandardPopulation, standard_population
from injuries.statistics.trends import NoTrend, Trend, trend

__all__ = [
    "AGE_BANDS",
    "REGRESSION_TO_THE_MEAN",
    "Interval",
    "Level",
    "MonthCheck",
    "NoRate",
    "NoRatio",
    "NoTrend",
    "Rate",
    "RateRatio",
    "Share",
    "StandardPopulation",
    "StandardisedRate",
    "Trend",
    "Verdict",
    "YearsLost",
    "check_month",
    "comparison_sentence",
    "injury_pyramid",
    "poisson_interval",
    "pooled_rate",
    "rate",
    "rate_ratio",
    "shares",
    "standard_population",
    "standardised_rate",
    "trend",
    "years_lost",
]
