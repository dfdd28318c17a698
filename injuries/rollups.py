"""Keeping the counts of the dashboards in the transaction of the change.

Every question is answered from rows that are only added; their sum is the figure, so two communities never wait for
each other at a row of the whole country, and a figure is right at the moment of the commit. Only counted data sets
stand in them. Each question sums to the same number of cases: what a source did not say stands under ``NOT_GIVEN``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractIsoWeekDay

from communities.models import Community
from injuries.enums import NOT_GIVEN, Dimension, Form, Question, ScopeKind
from injuries.models import DataSet, Record, Scope, Tally, Total

BATCH = 2000
WRITING = "injuries.rollups.writing"


class Cell(NamedTuple):
    question: int
    month: int
    first: int
    second: int


Counts = Counter[Cell]


@dataclass(frozen=True, slots=True)
class By:
    """By which two fields of a record a question counts; totals answer it by one division, on the first or second."""

    first: str
    second: str
    dimension: Dimension = Dimension.ALL
    on_second: bool = False
    is_monthly: bool = False


HOUR, WEEKDAY = "hour", "weekday"
QUESTIONS: dict[Question, By] = {
    Question.CAUSE_AGE: By("cause", "age_band", Dimension.CAUSE, is_monthly=True),
    Question.AGE_SEX: By("age_band", "sex", Dimension.AGE),
    Question.CAUSE_INTENT: By("cause", "intent", Dimension.CAUSE),
    Question.PLACE_ACTIVITY: By("place", "activity"),
    Question.SEVERITY_CAUSE: By("severity", "cause", Dimension.SEVERITY),
    Question.OUTCOME_AGE: By("outcome", "age_band", Dimension.OUTCOME),
    Question.HOUR_WEEKDAY: By(HOUR, WEEKDAY),
    Question.FAMILY_FORM: By("family", "form", is_monthly=True),
    Question.CAUSE_SEX: By("cause", "sex", Dimension.CAUSE),
}
# Of a data set, not of a record; as numbers.
FORMS = {Form.RECORDS: 1, Form.TOTALS: 2}


# --- what one record or one data set adds -----------------------------------------------------------------------


def of_record(record: Record) -> Counts:
    """The cells in which this one record stands; its data set is loaded by the caller."""
    values = {
        HOUR: NOT_GIVEN if record.occurred_hour is None else record.occurred_hour + 1,
        WEEKDAY: record.occurred_on.isoweekday() if record.occurred_on else NOT_GIVEN,
        "family": record.data_set.family.number,
        "form": FORMS[Form.RECORDS],
    }
    counts: Counts = Counter()
    for question, by in QUESTIONS.items():
        first, second = (
            values[name] if name in values else getattr(record, name) or NOT_GIVEN
            for name in (by.first, by.second)
        )
        counts[Cell(question, _when(by, record.month), first, second)] += 1
    return counts


def of_data_set(data_set: DataSet) -> Counts:
    """All that a data set adds while it is counted."""
    if data_set.form == Form.TOTALS:
        return of_totals(data_set, data_set.totals.all())
    return of_records(data_set, Record.objects.filter(data_set=data_set))


def of_records(data_set: DataSet, records: QuerySet[Record]) -> Counts:
    """The same as ``of_record`` for each, counted by the database."""
    counts: Counts = Counter()
    expressions = {
        HOUR: Coalesce(F("occurred_hour") + 1, NOT_GIVEN),
        WEEKDAY: Coalesce(ExtractIsoWeekDay("occurred_on"), NOT_GIVEN),
        "family": Value(data_set.family.number),
        "form": Value(FORMS[Form.RECORDS]),
    }
    for question, by in QUESTIONS.items():
        rows = (
            records.order_by()
            .annotate(
                tally_first=expressions.get(by.first) or Coalesce(F(by.first), NOT_GIVEN),
                tally_second=expressions.get(by.second) or Coalesce(F(by.second), NOT_GIVEN),
            )
            .values_list("month", "tally_first", "tally_second")
            .annotate(cases=Count("pk"))
        )
        for month, first, second, cases in rows:
            counts[Cell(question, _when(by, month), first, second)] += cases
    return counts


def of_totals(data_set: DataSet, totals: Iterable[Total]) -> Counts:
    """Totals say each division by itself; what a division leaves open of the whole is not given."""
    whole: Counter[int] = Counter()
    divided: dict[Dimension, Counter[tuple[int, int]]] = {dimension: Counter() for dimension in Dimension}
    for total in totals:
        if total.dimension == Dimension.ALL:
            whole[total.month] += total.cases
        else:
            divided[Dimension(total.dimension)][total.month, total.number] += total.cases
    counts: Counts = Counter()
    for month, cases in whole.items():
        for question, by in QUESTIONS.items():
            if question == Question.FAMILY_FORM:
                given = {(data_set.family.number, FORMS[Form.TOTALS]): cases}
            else:
                given = _given(by, divided[by.dimension], month)
                given[NOT_GIVEN, NOT_GIVEN] = cases - sum(given.values())
            for (first, second), number in given.items():
                if number:
                    counts[Cell(question, _when(by, month), first, second)] += number
    return counts


def _given(by: By, division: Counter[tuple[int, int]], month: int) -> dict[tuple[int, int], int]:
    cells = {number: cases for (when, number), cases in division.items() if when == month}
    return {
        ((NOT_GIVEN, number) if by.on_second else (number, NOT_GIVEN)): cases
        for number, cases in cells.items()
    }


def _when(by: By, month: int) -> int:
    return month if by.is_monthly else month - month % 12


# --- written ----------------------------------------------------------------------------------------------------


def add(community: Community, counts: Counts, *, sign: int = 1) -> None:
    """In the transaction of the change, for the community, its province and the country."""
    if not counts:
        return
    _share()
    Tally.objects.bulk_create(
        (
            Tally(scope_id=scope, cases=sign * cases, **cell._asdict())
            for scope in scopes_of(community)
            for cell, cases in sorted(counts.items())
            if cases
        ),
        batch_size=BATCH,
    )


def replace(community: Community, old: Counts, new: Counts) -> None:
    """Only what differs is written."""
    difference = Counter(new)
    difference.subtract(old)
    add(community, difference)


def scopes_of(community: Community) -> list[int]:
    """The ids of the scopes in which this community's cases are counted; made when they are first needed.

    The own scope is locked, so that a move to another province waits and takes these cases along.
    """
    own = Scope.objects.select_for_update(no_key=True).filter(community=community).first()
    if own is None:
        province = province_scope(community.province_name)
        own, _ = Scope.objects.get_or_create(
            community=community, defaults={"kind": ScopeKind.COMMUNITY, "counted_in": province}
        )
    return [own.pk, *([own.counted_in_id] if own.counted_in_id else []), nation_scope().pk]


def move_all() -> int:
    """Communities whose province was changed since, wherever that was written. How many moved."""
    strayed = Scope.objects.filter(community__isnull=False).exclude(
        Q(counted_in__province_name=F("community__province_name"))
        | Q(counted_in__isnull=True, community__province_name="")
    )
    communities = [scope.community for scope in strayed.select_related("community") if scope.community]
    for community in communities:
        with transaction.atomic():
            move(community)
    return len(communities)


def _share() -> None:
    """Writers go side by side; a recount waits for them and they for it, before anybody has locked a row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [WRITING])


def wait_for_writers() -> None:
    """To be the only one until the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [WRITING])


def nation_scope() -> Scope:
    return Scope.objects.get_or_create(kind=ScopeKind.NATION, province_name="", community=None)[0]


def province_scope(name: str) -> Scope | None:
    if not name:
        return None
    return Scope.objects.get_or_create(kind=ScopeKind.PROVINCE, province_name=name, community=None)[0]


def move(community: Community) -> None:
    """The community's province is another now: its cases leave the counts of the one and come into the other's."""
    _share()
    own = Scope.objects.select_for_update(no_key=True).filter(community=community).first()
    if own is None:
        return
    province = province_scope(community.province_name)
    if own.counted_in == province:
        return
    counts = kept(own)
    for scope, sign in ((own.counted_in, -1), (province, 1)):
        if scope is not None:
            Tally.objects.bulk_create(
                (Tally(scope=scope, cases=sign * cases, **cell._asdict()) for cell, cases in counts.items()),
                batch_size=BATCH,
            )
    own.counted_in = province
    own.save(update_fields=["counted_in"])


# --- read -------------------------------------------------------------------------------------------------------


def kept(scope: Scope) -> Counts:
    """Every cell of a scope as it stands now, without the empty ones."""
    rows = (
        Tally.objects.filter(scope=scope)
        .order_by()
        .values_list("question", "month", "first", "second")
        .annotate(number=Sum("cases"))
    )
    return Counter({Cell(*cell): number for *cell, number in rows if number})


# --- summed up --------------------------------------------------------------------------------------------------

SUM_UP = """
WITH stirred AS (
    SELECT DISTINCT scope_id, question, month, first, second FROM injuries_tally WHERE is_fresh
), gone AS (
    DELETE FROM injuries_tally t USING stirred s
    WHERE t.scope_id = s.scope_id AND t.question = s.question AND t.month = s.month
      AND t.first = s.first AND t.second = s.second
    RETURNING t.scope_id, t.question, t.month, t.first, t.second, t.cases
)
INSERT INTO injuries_tally (scope_id, question, month, first, second, cases, is_fresh)
SELECT scope_id, question, month, first, second, sum(cases), false FROM gone
GROUP BY scope_id, question, month, first, second HAVING sum(cases) <> 0
ORDER BY scope_id, question, month  -- rows of one answer lie beside each other
"""


@transaction.atomic
def sum_up() -> None:
    """One row a cell instead of one a change. Rows that others add meanwhile are left for the next time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('injuries.rollups.sum_up'))")
            cursor.execute(SUM_UP)
        return
    for scope in Scope.objects.filter(tallies__is_fresh=True).distinct():
        counts = kept(scope)
        Tally.objects.filter(scope=scope).delete()
        Tally.objects.bulk_create(
            (
                Tally(scope=scope, cases=cases, is_fresh=False, **cell._asdict())
                for cell, cases in counts.items()
            ),
            batch_size=BATCH,
        )
