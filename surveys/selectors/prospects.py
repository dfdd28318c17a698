"""The open rounds for prospects, and what the register knows of a unit that somebody names."""

from __future__ import annotations

from django.db.models import QuerySet

from communities.enums import RegionLevel, Standing
from communities.models import Community, Region
from communities.search import normal
from surveys.enums import Asked
from surveys.models import ProspectApplication, Round
from surveys.selectors.rounds import open_rounds

MOST_HITS = 10


def rounds_for_prospects() -> list[Round]:
    """Those that take answers now, the newest first."""
    rounds = open_rounds().filter(asks=Asked.PROSPECTS).select_related("edition", "programme", "notice")
    return [survey_round for survey_round in rounds if survey_round.is_taking_answers]


def provinces() -> list[str]:
    """The provinces of mainland China in the order of the division codes (GB/T 2260)."""
    names = Region.objects.filter(level=RegionLevel.PROVINCE).order_by("code", "pk")
    return list(dict.fromkeys(names.values_list("name_zh", flat=True)))


def already_named(name: str, province: str) -> Community | None:
    """A published unit of the register with this name in this province, however it is written."""
    return _same(Community.objects.published(), name, province)


def candidate(name: str, province: str) -> Community | None:
    """A candidate with this name in this province: two people of one unit come to the same one."""
    return _same(Community.objects.filter(standing=Standing.CANDIDATE), name, province)


def _same(communities: QuerySet[Community], name: str, province: str) -> Community | None:
    wanted, here = normal(name), normal(province)
    found = communities.filter(province_name=province).order_by("pk")
    for community in found:
        known = normal(community.name_zh)
        if wanted == known or wanted in {here + known, here + normal(community.city_name) + known}:
            return community
    return None


def applications() -> QuerySet[ProspectApplication]:
    return ProspectApplication.objects.select_related("round", "community", "user").order_by("-pk")
