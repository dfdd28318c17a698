"""Counting a round: by place and state, by planned year, by need. One query each, whatever the number of units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from communities.enums import RegionLevel
from communities.models import Region
from communities.selectors import search_condition
from core.clock import today
from reports.enums import COLUMN_OF, STAGES, Column
from surveys.enums import Stage
from surveys.models import Response, Round, Submission

# The questions that are counted, by concept and not by wording, so that a re-worded edition is counted on.
PLANNED_YEAR, INTENDS, NEEDS = "survey.planned_year", "survey.intends", "survey.needs"


@dataclass
class Tally:
    """The figures of one place, or of all."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    invited: int = 0
    handed_in: int = 0
    late: int = 0

    def add(self, row: dict) -> None:
        self.counts[COLUMN_OF[row["stage"]]] += row["units"]
        self.invited += row["units"]
        self.handed_in += row["handed_in"]
        self.late += row["late"]

    @property
    def in_columns(self) -> list[int]:
        return [self.counts[column] for column in Column]


@dataclass
class Board:
    total: Tally
    provinces: list[Tally]
    cities: list[tuple[str, Tally]]  # (province, figures)


def is_late() -> Q:
    """Handed in after its own deadline, or not handed in although that deadline has passed."""
    return Q(is_late=True) | Q(first_submitted_at__isnull=True, own_deadline__lt=today())


def standing_responses(survey_round: Round) -> QuerySet[Any]:
    return (
        Response.objects.filter(round=survey_round)
        .standing()
        .annotate(own_deadline=Coalesce(F("invitation__due_on"), F("round__deadline_on")))
    )


def board(survey_round: Round) -> Board:
    """Units per province and city in each state. Provinces stand in the order of the division codes."""
    rows = (
        standing_responses(survey_round)
        .values("community__province_name", "community__city_name", "stage")
        .annotate(
            units=Count("pk"),
            handed_in=Count("pk", filter=Q(first_submitted_at__isnull=False)),
            late=Count("pk", filter=is_late()),
        )
        .order_by("community__province_name", "community__city_name", "stage")
    )
    total = Tally("")
    provinces: dict[str, Tally] = {}
    cities: dict[tuple[str, str], Tally] = {}
    for row in rows:
        province, city = row["community__province_name"], row["community__city_name"]
        total.add(dict(row))
        provinces.setdefault(province, Tally(province)).add(dict(row))
        cities.setdefault((province, city), Tally(city)).add(dict(row))
    order = province_order()
    last = len(order)
    return Board(
        total=total,
        provinces=sorted(provinces.values(), key=lambda tally: (order.get(tally.name, last), tally.name)),
        cities=[
            (province, tally)
            for (province, _city), tally in sorted(
                cities.items(), key=lambda item: (order.get(item[0][0], last), -item[1].invited, item[0])
            )
        ],
    )


def province_order() -> dict[str, int]:
    """Where each province stands in the division codes (GB/T 2260)."""
    names = (
        Region.objects.filter(level=RegionLevel.PROVINCE)
        .order_by("code", "pk")
        .values_list("name_zh", flat=True)
    )
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def latest_submissions(survey_round: Round) -> QuerySet[Submission]:
    """What each unit last handed in; drafts and void responses do not count."""
    newer = Submission.objects.filter(response=OuterRef("response"), version__gt=OuterRef("version"))
    return (
        Submission.objects.filter(response__in=standing_responses(survey_round))
        .filter(~Exists(newer))
        .order_by("response__pk")
    )


def questions_by_concept(survey_round: Round) -> dict[str, dict]:
    """Concept id → the question as the edition defines it."""
    sections = survey_round.edition.definition["sections"]
    return {
        question["concept"]: question
        for section in sections
        for question in section["questions"]
        if question.get("concept")
    }


def count_answers(survey_round: Round, concept: str) -> list[tuple[object, int]]:
    """(answer, units) of a counted question, in the question's own order; several choices count once each."""
    question = questions_by_concept(survey_round).get(concept)
    if question is None:
        return []
    key = f"answers__{question['id']}"
    rows = latest_submissions(survey_round).order_by().values_list(key).annotate(units=Count("pk"))
    found: Counter[object] = Counter()
    for answer, units in rows:
        for single in answer if isinstance(answer, list) else [answer]:
            if single is not None:
                found[single] += units
    if choices := [choice["code"] for choice in question.get("choices", [])]:
        return [(code, found[code]) for code in choices]
    return sorted(found.items(), key=lambda item: str(item[0]))


def counted_answers(survey_round: Round) -> list[dict[str, Any]]:
    """Every counted question with its answers in words: question, key, answers of label, answer and units."""
    known = questions_by_concept(survey_round)
    english = (get_language() or "").startswith("en")
    label = "label_en" if english else "label_zh"
    entries = []
    for key, concept in (
        ("intends", INTENDS),
        ("planned_year", PLANNED_YEAR),
        ("need", NEEDS),
    ):
        if question := known.get(concept):
            labels = {choice["code"]: choice[label] for choice in question.get("choices", [])}
            answers = [
                {"label": labels.get(str(answer), answer), "answer": answer, "units": units}
                for answer, units in count_answers(survey_round, concept)
            ]
            entries.append({"question": question[label], "key": key, "answers": answers})
    return entries


@dataclass(frozen=True)
class UnitFilter:
    """What the list of units is narrowed to; every figure of the board is one of these."""

    column: str = ""
    province: str = ""
    city: str = ""
    late: bool = False
    planned_year: str = ""
    need: str = ""
    intends: str = ""
    search: str = ""


def units(survey_round: Round, wanted: UnitFilter) -> QuerySet[Response]:
    """The units of a round, narrowed, in the order of the register."""
    found = standing_responses(survey_round).select_related("community__region", "invitation", "round")
    found = found.annotate(
        entry=FilteredRelation(
            "community__entries", condition=Q(community__entries__programme=survey_round.programme_id)
        ),
        number=F("entry__number"),
        sequence=F("entry__sequence"),
        first_year=F("entry__first_year"),
    )
    if wanted.column in STAGES:
        found = found.filter(stage__in=STAGES[Column(wanted.column)])
    if wanted.province:
        found = found.filter(community__province_name=wanted.province)
    if wanted.city:
        found = found.filter(community__city_name=wanted.city)
    if wanted.late:
        found = found.filter(is_late())
    if wanted.search:
        found = found.filter(search_condition(wanted.search) | Q(reference__iexact=wanted.search.strip()))
    for concept, answer in _answered(wanted):
        found = found.filter(pk__in=_having(survey_round, concept, answer))
    return found.order_by(F("sequence").asc(nulls_last=True), "pk")


def _answered(wanted: UnitFilter) -> Iterable[tuple[str, str]]:
    pairs = ((PLANNED_YEAR, wanted.planned_year), (NEEDS, wanted.need), (INTENDS, wanted.intends))
    return [(concept, answer) for concept, answer in pairs if answer]


def _having(survey_round: Round, concept: str, answer: str) -> list[int]:
    """Responses whose last submission holds this answer; JSON containment differs between databases, so asked here."""
    question = questions_by_concept(survey_round).get(concept)
    if question is None:
        return []
    rows = latest_submissions(survey_round).values_list("response_id", f"answers__{question['id']}")
    return [
        response_id
        for response_id, value in rows
        if answer in (map(str, value) if isinstance(value, list) else [str(value)])
    ]


def rounds_with_rates() -> QuerySet[Round]:
    """Every round, newest first, with its number of units and of those that handed in."""
    standing = ~Q(responses__stage=Stage.VOID)
    return (
        Round.objects.select_related("notice")
        .annotate(
            invited=Count("responses", filter=standing),
            handed_in=Count("responses", filter=standing & Q(responses__first_submitted_at__isnull=False)),
        )
        .order_by("-opens_on", "-pk")
    )
