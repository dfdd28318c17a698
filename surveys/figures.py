"""Keeping the figures of a round in the transaction that changes them.

Whoever makes responses, moves one or takes in answers says so here. Every figure is a sum of rows that are only
added: two transactions never wait for each other, and a figure is right at the moment of the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from communities import figures as register
from communities.figures import Stamp
from surveys.enums import Stage
from surveys.models import Figure, GivenAnswer, Response, Round, Submission
from surveys.questionnaires import COUNTED, NO, YES, Questionnaire

LONGEST = 60  # signs of a value: codes and years are short
BATCH = 2000
OPENED, HANDED_IN, LATE = "opened", "handed_in", "late"
STANDING = ""  # the concept under which standings are counted


class Standing(NamedTuple):
    """As what a unit is counted; as text its stage and what else holds: ``submitted opened handed_in``."""

    stage: str
    is_opened: bool
    is_handed_in: bool
    is_late: bool

    def __str__(self) -> str:
        words = {OPENED: self.is_opened, HANDED_IN: self.is_handed_in, LATE: self.is_late}
        return " ".join([self.stage, *(word for word, holds in words.items() if holds)])

    @classmethod
    def read(cls, text: str) -> Standing:
        stage, *words = text.split()
        return cls(stage, OPENED in words, HANDED_IN in words, LATE in words)


class Given(NamedTuple):
    concept: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one unit hands in instead of what it had handed in before."""

    response: Response
    new: frozenset[Given] = frozenset()
    gone: frozenset[Given] = frozenset()


def standing_of(response: Response) -> Standing | None:
    """None for a void response, which is counted nowhere."""
    if response.stage == Stage.VOID:
        return None
    return Standing(
        str(response.stage),
        response.first_opened_at is not None,
        response.first_submitted_at is not None,
        response.is_late,
    )


def given_in(form: Questionnaire, answers: Mapping[str, Any]) -> frozenset[Given]:
    """What can be counted of these answers, by concept, so that a re-worded edition is counted on."""
    asked_for = [question for question in form.questions if question.concept and question.kind in COUNTED]
    return frozenset(
        Given(question.concept, _text(single))
        for question in asked_for
        for single in _singles(answers.get(question.id))
    )


def _singles(answer: Any) -> list[Any]:
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [answer]


def _text(answer: Any) -> str:
    if isinstance(answer, bool):
        return YES if answer else NO
    return str(answer)[:LONGEST]


def change_to(response: Response, form: Questionnaire, answers: Mapping[str, Any]) -> Change:
    """What handing in these answers will change. The response is locked by the caller."""
    new = given_in(form, answers)
    if response.version == 1:
        return Change(response, new)
    before = _given_by(response)
    return Change(response, new - before, before - new)


def _given_by(response: Response) -> frozenset[Given]:
    rows = GivenAnswer.objects.filter(response=response).values_list("concept", "value")
    return frozenset(Given(*row) for row in rows)


# --- read ---------------------------------------------------------------------------------------------------


def of_round(survey_round: Round, *concepts: str) -> QuerySet[Any, tuple[Any, ...]]:
    """Rows of concept, value and units; ``STANDING`` for how the units stand."""
    rows = Figure.objects.filter(round=survey_round, concept__in=concepts).order_by()
    return rows.values_list("concept", "value").annotate(number=Sum("units"))


def stamp(survey_round: Round) -> Stamp | None:
    """Another one after every change of how the units of the round stand, or of a community or register entry."""
    rows = Figure.objects.filter(round=survey_round, concept=STANDING).order_by().values("round")
    number, newest = rows.annotate(n=Count("pk")).values("n"), rows.annotate(n=Max("pk")).values("n")
    # Beside the newest the number of all: who began earlier may commit later.
    return register.stamp(figures=Subquery(number), newest_figure=Subquery(newest))


def waiting(stages: Collection[str]) -> int:
    """How many units of all rounds stand in one of these stages."""
    rows = Figure.objects.filter(concept=STANDING).order_by().values_list("value")
    counts = rows.annotate(number=Sum("units"))
    return sum(units for value, units in counts if Standing.read(value).stage in stages)


def total(rows: QuerySet[Any]) -> Coalesce:
    """Of a round in a query of rounds: ``rows`` are some of its figures."""
    summed = rows.filter(round=OuterRef("pk")).order_by().values("round").annotate(number=Sum("units"))
    return Coalesce(Subquery(summed.values("number"), output_field=IntegerField()), 0)


# --- written ------------------------------------------------------------------------------------------------


def asked(responses: Iterable[Response]) -> None:
    """These responses have just been made, all of one round or of several."""
    counts: Counter[tuple[int, Given]] = Counter()
    for response in responses:
        if standing := standing_of(response):
            counts[response.round_id, Given(STANDING, str(standing))] += 1
    _add(counts)


def moved(response: Response, before: Standing | None, change: Change | None = None) -> None:
    """The response, locked by the caller, stood as ``before`` and now stands as it does; ``change`` follows it."""
    after = standing_of(response)
    counts: Counter[tuple[int, Given]] = Counter()

    def count(given: Iterable[Given], sign: int) -> None:
        for one in given:
            counts[response.round_id, one] += sign

    count([Given(STANDING, str(before))] if before else [], -1)
    count([Given(STANDING, str(after))] if after else [], 1)
    if before is None or after is None:
        count(_given_by(response), 1 if after else -1)
    if change:
        count(change.new, 1)
        count(change.gone, -1)
    _add(counts)


def keep(*changes: Change) -> None:
    """The answers themselves, where units are found by them; ``moved`` or ``handed_in`` has counted them."""
    for change in changes:
        for concept, value in change.gone:
            GivenAnswer.objects.filter(response=change.response, concept=concept, value=value).delete()
    rows = [
        GivenAnswer(response=change.response, round_id=change.response.round_id, **given._asdict())
        for change in changes
        for given in sorted(change.new)
    ]
    GivenAnswer.objects.bulk_create(rows, batch_size=BATCH)


def handed_in(submissions: Iterable[Submission], form: Questionnaire) -> None:
    """Submissions that were written at once, each the only one of a unit of this questionnaire."""
    changes = [Change(row.response, given_in(form, row.answers)) for row in submissions]
    _add(Counter((change.response.round_id, given) for change in changes for given in change.new))
    keep(*changes)


def _add(counts: Mapping[tuple[int, Given], int]) -> None:
    Figure.objects.bulk_create(
        Figure(round_id=round_id, units=units, **given._asdict())
        for (round_id, given), units in sorted(counts.items())
        if units
    )


# --- summed up ----------------------------------------------------------------------------------------------


def sum_up_all() -> None:
    for survey_round in Round.objects.order_by("pk"):
        sum_up(survey_round)


@transaction.atomic
def sum_up(survey_round: Round) -> None:
    """One row for each figure instead of one for each change. Whoever reads meanwhile sees the same sums."""
    rows = list(survey_round.figures.select_for_update().order_by("pk"))
    sums: Counter[tuple[int, Given]] = Counter()
    for row in rows:
        sums[row.round_id, Given(row.concept, row.value)] += row.units
    if len(sums) < len(rows):
        Figure.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _add(sums)
