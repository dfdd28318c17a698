"""A month beside the community's own past: an unusual count is a question to the one who reports, never a refusal."""

from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from injuries.statistics._engine import stats

#: Two-sided: about one month in a hundred asks a question without cause.
ALPHA = 0.01
LEAST_MONTHS = 12


class Verdict(StrEnum):
    UNUSUALLY_MANY = "many"
    UNUSUALLY_FEW = "few"
    USUAL = "usual"
    TOO_LITTLE_HISTORY = "history"


@dataclass(frozen=True, slots=True)
class MonthCheck:
    """``expected``: cases a month in the history; ``p_value``: chance of so many (or so few) or more extreme."""

    cases: int
    expected: float | None
    p_value: float | None
    verdict: Verdict

    @property
    def is_unusual(self) -> bool:
        return self.verdict in {Verdict.UNUSUALLY_MANY, Verdict.UNUSUALLY_FEW}


def check_month(
    cases: int, history: list[int], *, alpha: float = ALPHA, least_months: int = LEAST_MONTHS
) -> MonthCheck:
    """Exact tails of a month's count given its own past; ``history`` holds the counts of comparable months.

    Each month is one of as many as the history has and one more, all alike: given their sum, the month's count is
    binomial with share 1/(n + 1). So the uncertainty of a short history counts too, which the Poisson tail at the mean
    forgets. The caller chooses what is comparable: all months, or the same month of other years.
    """
    if len(history) < least_months:
        return MonthCheck(cases, None, None, Verdict.TOO_LITTLE_HISTORY)
    law = stats().binom(cases + sum(history), 1 / (len(history) + 1))
    many, few = float(law.sf(cases - 1)), float(law.cdf(cases))
    if many <= alpha / 2:
        verdict = Verdict.UNUSUALLY_MANY
    elif few <= alpha / 2:
        verdict = Verdict.UNUSUALLY_FEW
    else:
        verdict = Verdict.USUAL
    return MonthCheck(cases, fmean(history), min(1.0, 2 * min(many, few)), verdict)
