"""Months that are unusual against the same month of the years before: a question to who reports, never a bar.

Exact figures are compared, so that only the community itself is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.clock import today
from injuries.authz import is_of
from injuries.enums import Completeness, Dimension, Form, Question, Stage
from injuries.models import DataSet, Record, Scope, Total
from injuries.months import Month
from injuries.selectors.datasets import MonthLine
from injuries.selectors.scopes import FIRST_BY_MONTH, counts
from injuries.statistics import Verdict, check_month

YEARS = 10
# The test knows how little a short history says; of fewer years nobody would call anything usual.
LEAST_YEARS = 3


@dataclass(frozen=True, slots=True)
class Unusual:
    """``before``: the cases of the same month in the years before."""

    month: int
    cases: int
    before: tuple[int, ...]
    is_many: bool

    @property
    def word(self) -> str:
        return _("unusually many") if self.is_many else _("unusually few")

    def __str__(self) -> str:
        said = {
            "month": Month.text(self.month),
            "cases": self.cases,
            "mean": number_format(round(sum(self.before) / len(self.before), 1), 1),
            "years": len(self.before),
        }
        if self.is_many:
            return (
                _(
                    "%(month)s: unusually many, %(cases)s against %(mean)s on average in the same month of"
                    " %(years)s years before. Please look again."
                )
                % said
            )
        return (
            _(
                "%(month)s: unusually few, %(cases)s against %(mean)s on average in the same month of"
                " %(years)s years before. Please look again."
            )
            % said
        )


def unusual(month: int, cases: int | None, before: Iterable[int]) -> Unusual | None:
    """None where the month is usual, not known, or has too few years behind it."""
    past = list(before)
    if cases is None:
        return None
    found = check_month(cases, past, least_months=LEAST_YEARS)
    if not found.is_unusual:
        return None
    return Unusual(month, cases, tuple(past), is_many=found.verdict == Verdict.UNUSUALLY_MANY)


def unusual_months(data_set: DataSet, months: Iterable[MonthLine]) -> list[Unusual]:
    """Of ``months``, those of a data set, against earlier counted ones of the same family from the same house.

    Neither a month that is not over nor what says of itself that it is incomplete is compared. Three queries.
    """
    if not data_set.is_counted or data_set.completeness == Completeness.PARTIAL:
        return []
    first = data_set.first_month - YEARS * 12
    told = _told(data_set, first)
    cases: Counter[int] = Counter()
    scopes = Scope.objects.filter(community=data_set.community_id).values("pk")
    for cell, number in counts(
        scopes, Question.FAMILY_FORM, first, data_set.first_month - 1, by=FIRST_BY_MONTH
    ).items():
        if cell.first == data_set.family.number:
            cases[cell.month] += number
    found = [
        unusual(
            one.month,
            one.cases,
            (cases[then] for then in range(one.month - YEARS * 12, one.month, 12) if then in told),
        )
        for one in months
        if one.month < Month.of(today())
    ]
    return [one for one in found if one is not None]


def questions_to(user: Any, data_set: DataSet, months: Iterable[MonthLine]) -> list[Unusual]:
    """Only the community is asked: the means of its months are small numbers to others, who gave the data included."""
    return unusual_months(data_set, months) if is_of(user, data_set.community) else []


def _told(data_set: DataSet, first: int) -> set[int]:
    """The months since ``first`` of which the same source has told before; totals only where they said something."""
    earlier = DataSet.objects.filter(
        community=data_set.community_id,
        family=data_set.family_id,
        source_kind=data_set.source_kind,
        is_counted=True,
        first_month__gte=first,
        last_month__lt=data_set.first_month,
    ).exclude(completeness=Completeness.PARTIAL)
    # Begun and still empty says nothing; whoever closes it without a case says that there was none.
    spoken = ~Q(stage=Stage.OPEN) | Exists(Record.objects.filter(data_set=OuterRef("pk")))
    spans = earlier.filter(spoken, form=Form.RECORDS).values_list("first_month", "last_month")
    said = Total.objects.filter(data_set__in=earlier.filter(form=Form.TOTALS), dimension=Dimension.ALL)
    return {month for begin, end in spans for month in range(begin, end + 1)} | set(
        said.values_list("month", flat=True)
    )
