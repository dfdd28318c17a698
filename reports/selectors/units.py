"""The units of a round, narrowed to what a figure of the board counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from communities.selectors import search_condition
from core.paging import KeyedPaginator
from reports.enums import Column
from reports.selectors.answers import INTENDS, NEEDS, PLANNED_YEAR, units_with_answer
from reports.selectors.board import (
    NO_AUTHORITY,
    Tally,
    in_column,
    is_late,
    own_deadline,
    return_overdue,
    standing_responses,
)
from surveys.codes import parse_reference
from surveys.models import Response, Round, Submission

PER_PAGE = 50
AS_LISTED = (F("sequence").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class UnitFilter:
    """What the list of units is narrowed to; every figure of the board is one of these."""

    column: str = ""
    province: str = ""
    city: str = ""
    kind: str = ""
    authority: str = ""
    late: bool = False
    return_overdue: bool = False
    planned_year: str = ""
    need: str = ""
    intends: str = ""
    search: str = ""


def units(survey_round: Round, wanted: UnitFilter) -> QuerySet[Response]:
    """The units of a round, narrowed, in the order of the register."""
    return with_entries(narrowed(survey_round, wanted), survey_round).order_by(*AS_LISTED)


def units_with_answers(survey_round: Round, wanted: UnitFilter) -> QuerySet[Any]:
    """With ``answered``: what each last handed in, or None."""
    submissions = Submission.objects.filter(response=OuterRef("pk")).order_by("-version")
    return units(survey_round, wanted).annotate(answered=Subquery(submissions.values("answers")[:1]))


def units_page(
    survey_round: Round, wanted: UnitFilter, number: int | str | None, total: Tally
) -> Page[Response]:
    """One page of them, in the order in which they were asked. ``total``: the figures of the whole round."""
    keys = narrowed(survey_round, wanted).order_by("pk")
    rows = with_entries(Response.objects.all(), survey_round)
    known = _known_number(survey_round, wanted, total)
    return KeyedPaginator(keys, PER_PAGE, rows=rows, total=known).get_page(number)


def _known_number(survey_round: Round, wanted: UnitFilter, total: Tally) -> int | None:
    """How many are found, where that is one of the figures that are kept."""
    column = wanted.column if wanted.column in Column.values else ""
    figures = {
        UnitFilter(): total.invited,
        UnitFilter(column=column): total.counts[column] if column else total.invited,
        UnitFilter(late=True): total.late,
        UnitFilter(return_overdue=True): total.returns_overdue,
    }
    if (known := figures.get(replace(wanted, column=column))) is not None:
        return known
    answered = _answered(wanted)
    if wanted != UnitFilter(planned_year=wanted.planned_year, need=wanted.need, intends=wanted.intends):
        return None
    return units_with_answer(survey_round, *answered[0]) if len(answered) == 1 else None


def narrowed(survey_round: Round, wanted: UnitFilter) -> QuerySet[Response]:
    found = standing_responses(survey_round)
    for condition in _conditions(survey_round, wanted):
        found = found.filter(condition)
    for concept, answer in _answered(wanted):
        given = {"round": survey_round, "concept": concept, "value": answer}
        found = found.filter(**{f"given_answers__{field}": value for field, value in given.items()})
    return found


def _with_sequence(responses: QuerySet[Response], survey_round: Round) -> QuerySet[Response]:
    programme = Q(community__entries__programme=survey_round.programme_id)
    return responses.annotate(
        entry=FilteredRelation("community__entries", condition=programme), sequence=F("entry__sequence")
    )


def with_entries(responses: QuerySet[Response], survey_round: Round) -> QuerySet[Response]:
    """With what a row shows of the unit and of its place in the register."""
    return (
        _with_sequence(responses, survey_round)
        .select_related("community__region", "invitation", "round", "reviewer")
        .annotate(own_deadline=own_deadline(), number=F("entry__number"), first_year=F("entry__first_year"))
    )


def _conditions(survey_round: Round, wanted: UnitFilter) -> Iterable[Q]:
    places = {
        "community__province_name": wanted.province,
        "community__city_name": wanted.city,
        "community__kind": wanted.kind,
    }
    yield Q(**{field: value for field, value in places.items() if value})
    if wanted.column in Column.values:
        yield in_column(Column(wanted.column))
    if wanted.authority == NO_AUTHORITY:
        yield Q(community__supervisor__isnull=True)
    elif wanted.authority:
        # What is no number in the address belongs to no authority.
        yield Q(community__supervisor=int(wanted.authority) if wanted.authority.isdecimal() else 0)
    if wanted.late:
        yield is_late(survey_round)
    if wanted.return_overdue:
        yield return_overdue()
    if wanted.search:
        yield _found_by(wanted.search)


def _found_by(search: str) -> Q:
    if reference := parse_reference(search):
        return search_condition(search) | Q(reference=reference)
    return search_condition(search)


def _answered(wanted: UnitFilter) -> list[tuple[str, str]]:
    pairs = ((PLANNED_YEAR, wanted.planned_year), (NEEDS, wanted.need), (INTENDS, wanted.intends))
    return [(concept, answer) for concept, answer in pairs if answer]
