"""Counting a round by place, kind and authority: the units are read once after each change, whatever their number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.enums import CommunityKind, RegionLevel
from communities.figures import remembered
from communities.models import Authority, Region
from core.clock import today
from reports.enums import STAGES, Column, column_of
from surveys import figures
from surveys.figures import HANDED_IN as HAS_HANDED_IN
from surveys.figures import STANDING, Standing
from surveys.models import Figure, Invitation, Response, Round


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
    returns_overdue: int = 0  # told of a whole round only

    def add(self, cell: Cell) -> None:
        self.counts[cell.column] += cell.units
        self.invited += cell.units
        self.handed_in += cell.handed_in
        self.on_time += cell.on_time
        self.late += cell.late

    def called(self, name: str, key: str) -> Tally:
        self.name, self.key = name, key
        return self

    @property
    def in_columns(self) -> list[int]:
        return [self.counts[column] for column in Column]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many units of one place, kind and authority stand in one column: every figure is a sum of such cells."""

    place: tuple[Any, ...]
    column: str
    units: int
    handed_in: int
    on_time: int
    late: int
    waiting: int = 0

    @property
    def key(self) -> tuple[Any, ...]:
        return (*self.place, self.column)


@dataclass
class Board:
    total: Tally
    provinces: list[Tally]
    cities: list[tuple[str, Tally]]  # (province, figures)
    kinds: list[Tally]
    authorities: list[Tally]


HANDED_IN = Q(first_submitted_at__isnull=False)
NO_AUTHORITY = "none"
PROVINCE, CITY, KIND = "community__province_name", "community__city_name", "community__kind"
AUTHORITY = "community__supervisor"


def is_late(survey_round: Round) -> Q:
    """Handed in after its own deadline, or not handed in although that deadline has passed.

    Few units have a deadline other than the round's; only those are looked up.
    """
    day = today()
    others = Invitation.objects.filter(round=survey_round)
    if survey_round.deadline_on < day:
        overdue = ~Q(invitation__in=others.filter(due_on__gte=day))
    else:
        overdue = Q(invitation__in=others.filter(due_on__lt=day))
    return Q(is_late=True) | (Q(first_submitted_at__isnull=True) & overdue)


def in_column(column: Column) -> Q:
    """The same stage stands in two columns where a unit has only looked at the form."""
    condition = Q(stage__in=STAGES[column])
    if column in {Column.NOT_STARTED, Column.OPENED}:
        condition &= Q(first_opened_at__isnull=column == Column.NOT_STARTED)
    return condition


def standing_responses(survey_round: Round) -> QuerySet[Any]:
    return Response.objects.filter(round=survey_round).standing()


def own_deadline() -> Coalesce:
    return Coalesce(F("invitation__due_on"), F("round__deadline_on"))


def _cells(survey_round: Round) -> list[Cell]:
    """Counted once after each change. What waits turns late by the day and by its own deadline: that is looked up."""
    name = f"board:{survey_round.pk}"
    cells = remembered(name, figures.stamp(survey_round), partial(_counted, survey_round))
    excepted = _places(_waiting_beyond(survey_round)).annotate(units=Count("pk"))
    few = {row[:-1]: row[-1] for row in excepted}
    if survey_round.deadline_on < today():
        return [replace(cell, late=cell.late + cell.waiting - few.get(cell.key, 0)) for cell in cells]
    return [replace(cell, late=cell.late + few.get(cell.key, 0)) for cell in cells]


def _counted(survey_round: Round) -> list[Cell]:
    """``late`` without those that wait."""
    rows = _places(standing_responses(survey_round)).annotate(
        units=Count("pk"),
        handed_in=Count("pk", filter=HANDED_IN),
        on_time=Count("pk", filter=HANDED_IN & Q(is_late=False)),
        late=Count("pk", filter=Q(is_late=True)),
        waiting=Count("pk", filter=~HANDED_IN & Q(is_late=False)),
    )
    return [Cell(row[:4], *row[4:]) for row in rows]


def _places(responses: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """Grouped by province, city, kind, authority and column."""
    column = Case(
        When(in_column(Column.OPENED), then=Value(Column.OPENED.value)),
        *(
            When(in_column(column), then=Value(column.value))
            for column in Column
            if column not in {Column.OPENED, Column.NOT_STARTED}
        ),
        default=Value(Column.NOT_STARTED.value),
    )
    return responses.order_by().annotate(column=column).values_list(PROVINCE, CITY, KIND, AUTHORITY, "column")


def totals(survey_round: Round) -> Tally:
    """The round as a whole, in one query that costs the same for any number of units."""
    total, waiting, excepted = Tally(""), 0, 0
    for _concept, value, units, *few in _kept(survey_round):
        excepted, total.returns_overdue = few
        stands = Standing.read(value)
        column = column_of(stands.stage, is_opened=stands.is_opened)
        on_time = units * (stands.is_handed_in and not stands.is_late)
        total.add(Cell((), column, units, units * stands.is_handed_in, on_time, units * stands.is_late))
        waiting += units * (not stands.is_handed_in and not stands.is_late)
    total.late += waiting - excepted if survey_round.deadline_on < today() else excepted
    return total


def _kept(survey_round: Round) -> QuerySet[Any, Any]:
    """The figures, each with the few that are looked up: those that wait and whose own deadline lies on the other side
    of today than the round's, and the returns whose day has passed.
    """
    units = standing_responses(survey_round).order_by().values("round")
    waiting = _waiting_beyond(survey_round).order_by().values("round")
    return figures.of_round(survey_round, STANDING).annotate(
        excepted=_number(waiting), overdue=_number(units.filter(return_overdue()))
    )


def _waiting_beyond(survey_round: Round) -> QuerySet[Any]:
    """The few that wait and whose own deadline lies on the other side of today than the round's."""
    day = today()
    own = {"invitation__due_on__lt": day}
    if survey_round.deadline_on < day:
        own = {"invitation__due_on__gte": day}
    return standing_responses(survey_round).filter(
        ~HANDED_IN, **own, invitation__round=survey_round, is_late=False
    )


def return_overdue() -> Q:
    """Sent back, and the day until which it should have come again has passed."""
    return Q(stage__in=STAGES[Column.RETURNED], return_due_on__lt=today())


def by_province(survey_round: Round) -> list[Tally]:
    """The provinces of the round, in the order of the division codes."""
    provinces = _Tallies()
    for cell in _cells(survey_round):
        provinces.add(cell, cell.place[0])
    return _in_order(provinces, province_order())


def board(survey_round: Round) -> Board:
    """Units per province, city, kind and authority in each state."""
    total = Tally("")
    provinces, cities, kinds, authorities = (_Tallies() for _index in range(4))
    for cell in _cells(survey_round):
        province, city, kind, authority = cell.place
        total.add(cell)
        provinces.add(cell, province)
        cities.add(cell, (province, city))
        kinds.add(cell, kind)
        authorities.add(cell, authority)
    order = province_order()
    last = len(order)
    return Board(
        total=total,
        provinces=_in_order(provinces, order),
        cities=[
            (province, tally.called(city, city))
            for (province, city), tally in sorted(
                cities.items(), key=lambda item: (order.get(item[0][0], last), -item[1].invited, item[0])
            )
        ],
        kinds=[
            kinds[kind].called(str(kind.label), kind.value) for kind in CommunityKind if kind.value in kinds
        ],
        authorities=_by_authority(authorities),
    )


class _Tallies(dict[Any, Tally]):
    def add(self, cell: Cell, key: Any) -> None:
        if key not in self:
            self[key] = Tally("")
        self[key].add(cell)


def _in_order(provinces: _Tallies, order: dict[str, int]) -> list[Tally]:
    last = len(order)
    named = sorted(provinces.items(), key=lambda item: (order.get(item[0], last), item[0]))
    return [tally.called(name, name) for name, tally in named]


def _by_authority(tallies: _Tallies) -> list[Tally]:
    """In the order of the authorities' tree; last the units of which none is known."""
    names = Authority.objects.filter(pk__in=[key for key in tallies if key]).order_by("path", "pk")
    known = [tallies[key].called(name, str(key)) for key, name in names.values_list("pk", "name_zh")]
    unknown = tallies.get(None)
    return [*known, *([unknown.called(_("No authority on record"), NO_AUTHORITY)] if unknown else [])]


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
    units = Figure.objects.filter(concept=STANDING)
    return (
        Round.objects.select_related("notice")
        .annotate(
            invited=figures.total(units), handed_in=figures.total(units.filter(value__contains=HAS_HANDED_IN))
        )
        .order_by("-opens_on", "-pk")
    )


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
