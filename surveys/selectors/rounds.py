"""Rounds and whom they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from communities.enums import Standing
from communities.models import Community, RegisterEntry
from surveys.enums import RoundStage
from surveys.models import QuestionnaireEdition, Round
from surveys.questionnaires import Questionnaire, parse

BETWEEN = "/"  # province/city: a district's name alone may stand for two places


@dataclass(frozen=True)
class AudienceFilter:
    """Which of the named communities a round asks; kept as JSON on the round.

    What is empty asks for nothing; everything that is given must hold. ``cities`` as province/city, ``statuses`` as
    they are on the day of asking, ``communities`` the ids of a list.
    """

    provinces: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    communities: tuple[int, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> AudienceFilter:
        names = {field.name for field in fields(cls)} & stored.keys()
        return cls(**{name: tuple(stored[name]) for name in names})

    def stored(self) -> dict[str, Any]:
        return {name: list(values) for name, values in asdict(self).items() if values}

    @property
    def is_empty(self) -> bool:
        return not self.stored()


def questionnaire(edition: QuestionnaireEdition) -> Questionnaire:
    """Parsed once for each definition that was read, however often a request asks for it."""
    known = edition.__dict__.get("_questionnaire")
    if known is None or known[0] is not edition.definition:
        known = edition.__dict__["_questionnaire"] = edition.definition, parse(edition.definition)
    return known[1]


def open_rounds() -> QuerySet[Round]:
    return Round.objects.filter(stage=RoundStage.OPEN).select_related("notice").order_by("-opens_on", "-pk")


def askable(survey_round: Round) -> QuerySet[Community]:
    """The published named communities of the round's programme, in the order of the list."""
    return (
        Community.objects.published()
        .filter(standing=Standing.NAMED, entries__programme=survey_round.programme_id)
        .order_by("entries__sequence", "pk")
    )


def audience(survey_round: Round, wanted: AudienceFilter | None = None) -> QuerySet[Community]:
    """Whom the round asks (or would ask by ``wanted``), with what prefills need."""
    chosen = AudienceFilter.read(survey_round.audience) if wanted is None else wanted
    entries = RegisterEntry.objects.filter(programme=survey_round.programme_id)
    prefilling = entries.prefetch_related("designations")
    return (
        askable(survey_round)
        .filter(_conditions(chosen, survey_round))
        .prefetch_related(Prefetch("entries", queryset=prefilling, to_attr="asked_entries"), "contacts")
    )


def _conditions(wanted: AudienceFilter, survey_round: Round) -> Q:
    condition = Q()
    if wanted.provinces:
        condition &= Q(province_name__in=wanted.provinces)
    if wanted.cities:
        places = Q()
        for place in wanted.cities:
            province, _between, city = place.partition(BETWEEN)
            places |= Q(province_name=province, city_name=city)
        condition &= places
    if wanted.kinds:
        condition &= Q(kind__in=wanted.kinds)
    if wanted.statuses:
        entries = RegisterEntry.objects.filter(programme=survey_round.programme_id).with_status()
        condition &= Q(pk__in=entries.filter(status__in=wanted.statuses).values("community"))
    if wanted.communities:
        condition &= Q(pk__in=wanted.communities)
    return condition


def asked_entry(community: Community) -> RegisterEntry | None:
    """The entry in the round's programme of a community that came from ``audience``."""
    entries: list[RegisterEntry] = getattr(community, "asked_entries", [])
    return entries[0] if entries else None
