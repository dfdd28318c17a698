"""Two periods beside each other: the exact ratio of their rates, and what may be said of it in plain words.

Small counts differ by chance alone. "18 against 25" looks like a fall by a quarter and says nothing; the interval and
the sentence keep a reader from taking it for an effect (Langley and Simpson, Injury Prevention 2009;15:146).
"""

from dataclasses import dataclass
from math import inf

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from injuries.statistics._engine import stats
from injuries.statistics.rates import CONFIDENCE, PER


@dataclass(frozen=True, slots=True)
class RateRatio:
    """Rate afterwards divided by the rate before. ``ratio`` and ``upper`` are ``inf`` where nothing happened before.

    ``p_value`` is two-sided. It and the interval come from different orderings of the same distribution and may
    disagree at the edge; what is said follows the interval, which is what a page shows.
    """

    before: int
    after: int
    person_years_before: float
    person_years_after: float
    ratio: float
    lower: float
    upper: float
    p_value: float

    is_known = True

    @property
    def is_finite(self) -> bool:
        """A ratio to nothing is no number that could be printed."""
        return self.before > 0

    @property
    def is_beyond_chance(self) -> bool:
        return not self.lower <= 1 <= self.upper


@dataclass(frozen=True, slots=True)
class NoRatio:
    """Why two periods cannot be compared."""

    before: int
    after: int
    reason: str | Promise

    is_known = False
    ratio = None
    lower = None
    upper = None


NO_DENOMINATOR = gettext_lazy(
    "No comparison: the number of inhabitants of one of the two periods is not recorded."
)
NO_CASE = gettext_lazy("No case in either period: nothing can be said about a change.")


def rate_ratio(
    *,
    before: int,
    after: int,
    person_years_before: float | None,
    person_years_after: float | None,
    confidence: float = CONFIDENCE,
) -> RateRatio | NoRatio:
    """The exact comparison of two Poisson rates, as R's ``poisson.test(c(after, before), c(…))`` gives it.

    Given the sum of both counts, the later one is binomial; its Clopper–Pearson interval becomes that of the ratio,
    and the p-value is that of ``binom.test``. 25 → 18 in 12,000 person-years each: 0.72 (0.37–1.37).
    """
    if not person_years_before or not person_years_after or min(person_years_before, person_years_after) < 0:
        return NoRatio(before, after, NO_DENOMINATOR)
    if before + after == 0:
        return NoRatio(before, after, NO_CASE)
    odds = person_years_before / person_years_after
    share = person_years_after / (person_years_before + person_years_after)
    test = stats().binomtest(after, before + after, share)
    interval = test.proportion_ci(confidence_level=confidence, method="exact")
    return RateRatio(
        before=before,
        after=after,
        person_years_before=person_years_before,
        person_years_after=person_years_after,
        ratio=after / before * odds if before else inf,
        lower=_odds(float(interval.low)) * odds,
        upper=_odds(float(interval.high)) * odds,
        p_value=float(test.pvalue),
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def comparison_sentence(found: RateRatio | NoRatio) -> str:
    """What the figures allow to say, in the reader's language; counts alone where both periods weigh the same."""
    if isinstance(found, NoRatio):
        return str(found.reason)
    if not found.is_beyond_chance:
        verdict = _("%(figures)s: not distinguishable from chance.")
    elif found.ratio < 1:
        verdict = _("%(figures)s: fewer than before, beyond chance.")
    else:
        verdict = _("%(figures)s: more than before, beyond chance.")
    return verdict % {"figures": _figures(found)}


def _figures(found: RateRatio) -> str:
    if found.person_years_before == found.person_years_after:
        return _("%(after)s against %(before)s") % {"after": found.after, "before": found.before}
    return _(
        "%(after)s cases (%(rate_after)s per 100,000) against %(before)s (%(rate_before)s per 100,000)"
    ) % {
        "after": found.after,
        "before": found.before,
        "rate_after": number_format(round(found.after / found.person_years_after * PER, 1), 1),
        "rate_before": number_format(round(found.before / found.person_years_before * PER, 1), 1),
    }


#: Belongs beside every comparison whose earlier period was the reason to begin: it falls by itself as a rule.
REGRESSION_TO_THE_MEAN = gettext_lazy(
    "If work began because the figure was unusually high, some of the fall would have come without it:"
    " a high figure is usually followed by one nearer the average."
)
