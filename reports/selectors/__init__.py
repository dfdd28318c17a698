"""Named reads of a round's figures. Few queries, whatever the number of units."""

from reports.selectors.answers import (
    INTENDS,
    NEEDS,
    PLANNED_YEAR,
    count_answers,
    counted_answers,
    latest_submissions,
    questions_by_concept,
)
from reports.selectors.board import (
    Board,
    Tally,
    board,
    by_province,
    return_overdue,
    rounds_with_rates,
    standing_responses,
    totals,
)
from reports.selectors.returns import ReasonCount, return_reasons
from reports.selectors.series import rounds_in_series, series
from reports.selectors.units import UnitFilter, units, units_page, units_with_answers

__all__ = [
    "INTENDS",
    "NEEDS",
    "PLANNED_YEAR",
    "Board",
    "ReasonCount",
    "Tally",
    "UnitFilter",
    "board",
    "by_province",
    "count_answers",
    "counted_answers",
    "latest_submissions",
    "questions_by_concept",
    "return_overdue",
    "return_reasons",
    "rounds_in_series",
    "rounds_with_rates",
    "series",
    "standing_responses",
    "totals",
    "units",
    "units_page",
    "units_with_answers",
]
