"""What each unit said in an earlier round of the same programme, as answers to the questions of this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from communities.models import Community
from core.clock import local
from surveys.answers import is_past_plan
from surveys.crosswalks import carried, crosswalk
from surveys.enums import Stage
from surveys.models import QuestionnaireEdition, Round, Submission
from surveys.questionnaires import Questionnaire
from surveys.selectors.origins import origin_note
from surveys.selectors.rounds import questionnaire

SETTLED = (Stage.ACCEPTED, Stage.ARCHIVED)


@dataclass(frozen=True, slots=True)
class LastAnswers:
    """``values`` by the id of the question now; ``note`` is stored with each answer that is taken over."""

    values: Mapping[str, Any]
    handed_in: datetime
    note: str


def last_answers(survey_round: Round, communities: Iterable[Community]) -> dict[int, LastAnswers]:
    """By community id: the last accepted answers, else the last handed in. Two queries for any number of units."""
    rows = list(_last_submissions(survey_round, [community.pk for community in communities]))
    if not rows:
        return {}
    known = published_forms()
    form = questionnaire(survey_round.edition)
    walks = {code: crosswalk(form, earlier, known) for code, earlier in known.items()}
    year = survey_round.opens_on.year
    found = {}
    for row in rows:
        earlier = row.response.round
        values = carried(walks[row.edition_code], row.answers)
        note = origin_note("last_round", earlier.title_zh, local(row.submitted_at).date().isoformat())
        kept = {
            name: value for name, value in values.items() if not is_past_plan(form.by_id[name], value, year)
        }
        found[row.response.community_id] = LastAnswers(kept, row.submitted_at, note)
    return found


def published_forms() -> dict[str, Questionnaire]:
    """Every published edition by its code: between two of them others may lie."""
    editions = QuestionnaireEdition.objects.filter(published_at__isnull=False).order_by("pk")
    return {edition.code: questionnaire(edition) for edition in editions}


def _last_submissions(survey_round: Round, ids: list[int]) -> QuerySet[Any]:
    best = (
        Submission.objects.filter(
            response__community=OuterRef("pk"),
            response__round__programme=survey_round.programme_id,
            response__round__opens_on__lte=survey_round.opens_on,
            response__first_submitted_at__isnull=False,
        )
        .exclude(response__round=survey_round.pk)
        .exclude(response__stage=Stage.VOID)
        .annotate(
            rank=Case(
                When(response__stage__in=SETTLED, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        .order_by("-rank", "-response__round__opens_on", "-response__round", "-version")
    )
    chosen = Community.objects.filter(pk__in=ids).annotate(last=Subquery(best.values("pk")[:1]))
    return (
        Submission.objects.filter(pk__in=chosen.order_by().values("last"))
        .select_related("response__round")
        .annotate(edition_code=F("response__round__edition__code"))
        .order_by("pk")
    )
