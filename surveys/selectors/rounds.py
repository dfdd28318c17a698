"""Rounds and whom they ask."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from communities.enums import Standing
from communities.models import Community, RegisterEntry
from surveys.enums import RoundStage
from surveys.models import QuestionnaireEdition, Round
from surveys.questionnaires import Questionnaire, parse


def questionnaire(edition: QuestionnaireEdition) -> Questionnaire:
    return parse(edition.definition)


def open_rounds() -> QuerySet[Round]:
    return Round.objects.filter(stage=RoundStage.OPEN).select_related("notice").order_by("-opens_on", "-pk")


def audience(survey_round: Round) -> QuerySet[Community]:
    """The published named communities of the round's programme, in the order of the list, with what prefills need."""
    entries = RegisterEntry.objects.filter(programme=survey_round.programme).prefetch_related("designations")
    return (
        Community.objects.published()
        .filter(standing=Standing.NAMED, entries__programme=survey_round.programme)
        .prefetch_related(Prefetch("entries", queryset=entries, to_attr="asked_entries"), "contacts")
        .order_by("entries__sequence", "pk")
    )


def asked_entry(community: Community) -> RegisterEntry | None:
    """The entry in the round's programme of a community that came from ``audience``."""
    entries: list[RegisterEntry] = getattr(community, "asked_entries", [])
    return entries[0] if entries else None
