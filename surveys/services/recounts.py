"""Counting the figures of a round anew. What is found wrong is made right and told to the log.

Needed after an upgrade, when code of the last release still wrote responses without figures, and after repairs by hand.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from surveys.enums import Stage
from surveys.figures import BATCH, STANDING, Given, given_in, standing_of
from surveys.models import Figure, GivenAnswer, Response, Round, Submission
from surveys.selectors.rounds import questionnaire

logger = logging.getLogger(__name__)

Sums = Counter[Given]
Answers = dict[int, frozenset[Given]]


def recount_all() -> int:
    """How many figures and answers were wrong."""
    return sum(recount(one) for one in Round.objects.select_related("edition").order_by("pk"))


@transaction.atomic
def recount(survey_round: Round) -> int:
    """Nobody hands anything in meanwhile: what is counted and what is kept are of the same moment."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Figure._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # noqa: SLF001
    wanted, answers = _counted_anew(survey_round)
    wrong = _mend_figures(survey_round, wanted) + _mend_answers(survey_round, answers)
    if wrong:
        logger.warning("round %s: %s figures and answers were wrong", survey_round.code, wrong)
    return wrong


def _counted_anew(survey_round: Round) -> tuple[Sums, Answers]:
    form = questionnaire(survey_round.edition)
    last = Submission.objects.filter(response=OuterRef("pk")).order_by("-version").values("answers")[:1]
    rows = Response.objects.filter(round=survey_round).annotate(said=Subquery(last)).order_by("pk")
    sums: Sums = Counter()
    answers: Answers = {}
    for response in rows.iterator(chunk_size=BATCH):
        given = given_in(form, response.said or {})
        if given:
            answers[response.pk] = given
        if response.stage != Stage.VOID:
            sums.update([Given(STANDING, str(standing_of(response))), *given])
    return sums, answers


def _mend_figures(survey_round: Round, wanted: Sums) -> int:
    kept: Sums = Counter()
    for concept, value, units in survey_round.figures.values_list("concept", "value", "units"):
        kept[Given(concept, value)] += units
    missing = {given: wanted[given] - kept[given] for given in {*wanted, *kept}}
    rows = [
        Figure(round=survey_round, units=units, **given._asdict())
        for given, units in sorted(missing.items())
        if units
    ]
    Figure.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _mend_answers(survey_round: Round, wanted: Answers) -> int:
    kept: defaultdict[int, dict[Given, int]] = defaultdict(dict)
    for pk, response, concept, value in GivenAnswer.objects.filter(round=survey_round).values_list(
        "pk", "response_id", "concept", "value"
    ):
        kept[response][Given(concept, value)] = pk
    gone = [
        pk
        for response, given in kept.items()
        for one, pk in given.items()
        if one not in wanted.get(response, frozenset())
    ]
    new = [
        GivenAnswer(response_id=response, round=survey_round, **one._asdict())
        for response, given in wanted.items()
        for one in sorted(given)
        if one not in kept[response]
    ]
    GivenAnswer.objects.filter(pk__in=gone).delete()
    GivenAnswer.objects.bulk_create(new, batch_size=BATCH)
    return len(gone) + len(new)
