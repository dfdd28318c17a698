"""Counting a round by place, kind and authority: one query each, whatever the number of units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.enums import CommunityKind, RegionLevel
from communities.models import Region
from core.clock import today
from reports.enums import STAGES, Column
from surveys.enums import Stage
from surveys.models import Response, Round


@dataclass
class Tally:
    """The figures of one place, kind or authority, or of all. ``key`` finds its units again."""

    name: str
    key: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    invited: int = 0
    handed_in: int = 0
    on_time: int = 0
    late: int = 0

    def add(self, row: dict[str, Any]) -> None:
        self.counts[row["column"]] += row["units"]
        self.invited += row["units"]
        self.handed_in += row["handed_in"]
        self.on_time += row["on_time"]
        self.late += row["late"]

    @property
    def in_columns(self) -> list[int]:
        return [self.counts[column] for column in Column]


@dataclass
class Board:
    total: Tally
    provinces: list[Tally]
    cities: list[tuple[str, Tally]]  # (province, figures)


HANDED_IN = Q(first_submitted_at__isnull=False)


def is_late() -> Q:
    """Handed in after its own deadline, or not handed in although that deadline has passed."""
    return Q(is_late=True) | Q(first_submitted_at__isnull=True, own_deadline__lt=today())


def in_column(column: Column) -> Q:
    """The same stage stands in two columns where a unit has only looked at the form."""
    condition = Q(stage__in=STAGES[column])
    if column in {Column.NOT_STARTED, Column.OPENED}:
        condition &= Q(first_opened_at__isnull=column == Column.NOT_STARTED)
    return condition


def standing_responses(survey_round: Round) -> QuerySet[Any]:
    return (
        Response.objects.filter(round=survey_round)
        .standing()
        .annotate(own_deadline=Coalesce(F("invitation__due_on"), F("round__deadline_on")))
    )


def _counted_by(survey_round: Round, *fields: str) -> QuerySet[Any, dict[str, Any]]:
    column = Case(
        When(in_column(Column.OPENED), then=Value(Column.OPENED.value)),
        *(
            When(in_column(column), then=Value(column.value))
            for column in Column
            if column not in {Column.OPENED, Column.NOT_STARTED}
        ),
        default=Value(Column.NOT_STARTED.value),
    )
    return (
        standing_responses(survey_round)
        .annotate(column=column)
        .values(*fields, "column")
        .annotate(
            units=Count("pk"),
            handed_in=Count("pk", filter=HANDED_IN),
            on_time=Count("pk", filter=HANDED_IN & Q(is_late=False)),
            late=Count("pk", filter=is_late()),
        )
        .order_by(*fields, "column")
    )


def board(survey_round: Round) -> Board:
    """Units per province and city in each state. Provinces stand in the order of the division codes."""
    total = Tally("")
    provinces: dict[str, Tally] = {}
    cities: dict[tuple[str, str], Tally] = {}
    for row in _counted_by(survey_round, "community__province_name", "community__city_name"):
        province, city = row["community__province_name"], row["community__city_name"]
        total.add(row)
        provinces.setdefault(province, Tally(province, province)).add(row)
        cities.setdefault((province, city), Tally(city, city)).add(row)
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


def by_kind(survey_round: Round) -> list[Tally]:
    """Units per administrative kind, in the order of the kinds; kinds that nobody has are left out."""
    tallies = {kind.value: Tally(str(kind.label), kind.value) for kind in CommunityKind}
    for row in _counted_by(survey_round, "community__kind"):
        tallies[row["community__kind"]].add(row)
    return [tally for tally in tallies.values() if tally.invited]


NO_AUTHORITY = "none"


def by_authority(survey_round: Round) -> list[Tally]:
    """Units per supervising authority, in the order of their tree; last those of which none is known."""
    tallies: dict[int | None, Tally] = {}
    fields = ("community__supervisor__path", "community__supervisor", "community__supervisor__name_zh")
    for row in _counted_by(survey_round, *fields):
        key = row["community__supervisor"]
        if key not in tallies:
            name = row["community__supervisor__name_zh"] or _("No authority on record")
            tallies[key] = Tally(name, str(key) if key else NO_AUTHORITY)
        tallies[key].add(row)
    unknown = tallies.pop(None, None)
    return [*tallies.values(), *([unknown] if unknown else [])]


def province_order() -> dict[str, int]:
    """Where each province stands in the division codes (GB/T 2260)."""
    names = (
        Region.objects.filter(level=RegionLevel.PROVINCE)
        .order_by("code", "pk")
        .values_list("name_zh", flat=True)
    )
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


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
