"""The units of a round, narrowed to what a figure of the board counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from communities.selectors import search_condition
from core.clock import today
from core.paging import KeyedPaginator
from reports.enums import STAGES, Column
from reports.selectors.answers import INTENDS, NEEDS, PLANNED_YEAR, latest_submissions, questions_by_concept
from reports.selectors.board import NO_AUTHORITY, in_column, is_late, own_deadline, standing_responses
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


def units_page(survey_round: Round, wanted: UnitFilter, number: int | str | None) -> Page[Response]:
    """One page of them in two queries."""
    found = narrowed(survey_round, wanted)
    keys = _with_sequence(found, survey_round).order_by(*AS_LISTED)
    rows = with_entries(Response.objects.all(), survey_round)
    return KeyedPaginator(keys, PER_PAGE, rows=rows, total=found.count()).get_page(number)


def narrowed(survey_round: Round, wanted: UnitFilter) -> QuerySet[Response]:
    found = standing_responses(survey_round)
    for condition in _conditions(survey_round, wanted):
        found = found.filter(condition)
    for concept, answer in _answered(wanted):
        found = found.filter(pk__in=_having(survey_round, concept, answer))
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
        yield search_condition(wanted.search) | Q(reference__iexact=wanted.search.strip())


def return_overdue() -> Q:
    """Sent back, and the day until which it should have come again has passed."""
    return Q(stage__in=STAGES[Column.RETURNED], return_due_on__lt=today())


def _answered(wanted: UnitFilter) -> Iterable[tuple[str, str]]:
    pairs = ((PLANNED_YEAR, wanted.planned_year), (NEEDS, wanted.need), (INTENDS, wanted.intends))
    return [(concept, answer) for concept, answer in pairs if answer]


def _having(survey_round: Round, concept: str, answer: str) -> QuerySet[Any, Any]:
    """Responses whose last submission holds this answer, alone or among several.

    Looked for in the text of the JSON, because containment differs between databases; a code holds no quotes.
    """
    rows = latest_submissions(survey_round).order_by()
    question = questions_by_concept(survey_round).get(concept)
    if question is None:
        return rows.none().values("response")
    told = Cast(KeyTextTransform(question["id"], "answers"), TextField())
    holds = Q(told=answer)
    if answer in {choice["code"] for choice in question.get("choices", [])}:
        holds |= Q(told__startswith="[", told__contains=f'"{answer}"')
    return rows.annotate(told=told).filter(holds).values("response")
