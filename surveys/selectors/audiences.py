"""Choosing whom a round asks: what there is to choose from, a list that somebody typed, and what a choice comes to."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.enums import CommunityKind, Standing, Status
from communities.models import Community, RegisterEntry
from surveys.models import Invitation, Round
from surveys.selectors.register_values import normal, spellings
from surveys.selectors.rounds import BETWEEN, AudienceFilter, askable, asked_entry

Choices = list[tuple[str, str]]
NUMBER_FIRST = re.compile(r"(?:第|no\.?)?\s*(\d{1,9})号?(?:[\s,，、;；.:：]+(.*))?", re.IGNORECASE | re.ASCII)
NUMBER_LAST = re.compile(r"(.*?)[\s,，、;；:：]+(?:第|no\.?)?\s*(\d{1,9})号?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class AudienceChoices:
    """(value, words with how many communities): the most frequent first."""

    provinces: Choices
    cities: Choices
    kinds: Choices
    statuses: Choices


def audience_choices(survey_round: Round) -> AudienceChoices:
    """One query, whatever the number of communities."""
    cells = (
        RegisterEntry.objects.filter(
            programme=survey_round.programme_id,
            community__published=True,
            community__standing=Standing.NAMED,
        )
        .with_status()
        .values_list("community__province_name", "community__city_name", "community__kind", "status")
        .annotate(count=Count("pk"))
        .order_by("community__province_name", "community__city_name", "community__kind", "status")
    )
    provinces, cities, kinds, statuses = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for province, city, kind, status, count in cells:
        provinces[province] += count
        cities[f"{province}{BETWEEN}{city}"] += count
        kinds[kind] += count
        statuses[status] += count
    return AudienceChoices(
        provinces=[(name, f"{name} {count}") for name, count in provinces.most_common()],
        cities=[(place, f"{place_text(place)} {count}") for place, count in cities.most_common()],
        kinds=[(code, f"{CommunityKind(code).label} {count}") for code, count in kinds.most_common()],
        statuses=[(code, f"{Status(code).label} {count}") for code, count in statuses.most_common()],
    )


def place_text(place: str) -> str:
    province, _between, city = place.partition(BETWEEN)
    return province if city == province else f"{province}{city}"


# --- a list that somebody typed ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """``faults``: a sentence for each line that cannot be told."""

    communities: tuple[int, ...]
    faults: tuple[str, ...]


def read_list(text: str, survey_round: Round) -> Listed:
    """One community a line: its name with or without its place, a former name, its number, or both. Three queries."""
    known = _Known.of(survey_round)
    found: dict[int, None] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found[known.find(line.strip())] = None
        except LookupError as fault:
            faults.append(_("Line %(line)d: %(fault)s") % {"line": number, "fault": fault})
    return Listed(tuple(found), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Known:
    by_number: dict[int, int]
    by_name: dict[str, set[int]]
    names: dict[int, str]

    @classmethod
    def of(cls, survey_round: Round) -> _Known:
        entries = RegisterEntry.objects.filter(programme=survey_round.programme_id, number__isnull=False)
        by_name: dict[str, set[int]] = {}
        names = {}
        for community in askable(survey_round).prefetch_related("names"):
            names[community.pk] = community.name_zh
            for spelling in spellings(community, [name.name for name in community.names.all()]):
                by_name.setdefault(spelling, set()).add(community.pk)
        numbers = entries.values_list("number", "community")
        by_number = {number: pk for number, pk in numbers if number and pk in names}
        return cls(by_number, by_name, names)

    def find(self, line: str) -> int:
        """The community of one line. Raises LookupError with a sentence."""
        called = self.by_name.get(normal(line), set())
        if len(called) == 1:
            return next(iter(called))
        if called:
            sentence = _("“%(text)s” may be %(count)d units; add the place or the designation number.")
            raise LookupError(sentence % {"text": line[:60], "count": len(called)})
        return self._by_number(line)

    def _by_number(self, line: str) -> int:
        plain = unicodedata.normalize("NFKC", line)
        if match := NUMBER_FIRST.fullmatch(plain):
            number, name = match[1], match[2] or ""
        elif match := NUMBER_LAST.fullmatch(plain):
            name, number = match[1], match[2]
        else:
            number, name = "", plain
        found = self.by_number.get(int(number or 0))
        if found is None:
            sentence = _("“%(text)s” is not among the named communities of this programme.")
            raise LookupError(sentence % {"text": line[:60]})
        if name.strip() and found not in self.by_name.get(normal(name), set()):
            sentence = _("number %(number)s is %(name)s, but “%(text)s” is written.")
            raise LookupError(
                sentence % {"number": number, "name": self.names[found], "text": name.strip()[:60]}
            )
        return found


def list_text(communities: Iterable[Community]) -> str:
    """The list as it can be typed again: 362 福建省厦门市筼筜街道. They come from ``selectors.rounds.audience``."""
    return "\n".join(
        line_of(community, entry.number if (entry := asked_entry(community)) else None)
        for community in communities
    )


def line_of(community: Community, number: int | None) -> str:
    return f"{number or ''} {community.listed_place}{community.name_zh}".strip()


# --- what a choice comes to -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """``seen`` tells whether the units are still those that a page has shown."""

    communities: list[Community]
    provinces: list[tuple[str, int]]
    seen: str

    @property
    def count(self) -> int:
        return len(self.communities)


def preview(communities: Iterable[Community]) -> AudiencePreview:
    rows = list(communities)
    counts = Counter(community.province_name for community in rows)
    return AudiencePreview(rows, counts.most_common(), digest_of_units(rows))


def digest_of_units(communities: Iterable[Community]) -> str:
    ids = ",".join(str(pk) for pk in sorted(community.pk for community in communities))
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def asked_ids(survey_round: Round) -> frozenset[int]:
    return frozenset(Invitation.objects.filter(round=survey_round).values_list("community_id", flat=True))


def audience_words(wanted: AudienceFilter) -> list[str]:
    """The choice as staff read it; nothing for all communities of the programme."""
    words = [
        *wanted.provinces,
        *(place_text(place) for place in wanted.cities),
        *(str(CommunityKind(kind).label) for kind in wanted.kinds),
        *(str(Status(status).label) for status in wanted.statuses),
    ]
    if count := len(wanted.communities):
        words.append(
            ngettext("a list of %(count)d unit", "a list of %(count)d units", count) % {"count": count}
        )
    return words
