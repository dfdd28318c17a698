"""Dashboards over 5,000,000 injury records: the counts beside the base table with its best index, and beside DuckDB.

Asked is what the pages ask: the months, the causes, and causes by age as a table. Filled by the database itself; the
counts are rebuilt by one statement a question, and compared with the base table.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
from django.db import connection

from bench import data
from communities.models import Community
from injuries.enums import Question, ScopeKind
from injuries.models import DataSet, Family, Scope, Tally
from injuries.months import Month
from injuries.rollups import Counts, province_scope
from injuries.selectors import scopes
from injuries.selectors.scopes import counts

RECORDS, COMMUNITIES, TIMES = 5_000_000, 2_000, 10
FIRST, LAST = Month.at(2016, 1), Month.at(2025, 12)
OVER_BASE = 10  # goal: times faster than the base table, for province and nation

# A tenth of the communities has half of the cases, and the first of them the most.
FILL = """
INSERT INTO injuries_record (data_set_id, key, month, age, age_band, sex, cause, place, activity, intent, severity,
  outcome, icd10, product, narrative, follow_up, follow_up_note, form_key, revision, created_at)
SELECT (%(sets)s::bigint[])[1 + floor(power(random(), 2) * %(communities)s)::int], '', month, age,
  CASE WHEN age < 15 THEN 1 WHEN age < 25 THEN 2 WHEN age < 60 THEN 3 WHEN age < 65 THEN 4 ELSE 5 END,
  1 + (random() < 0.5)::int, 1 + floor(random() * 14)::int, 1 + floor(random() * 10)::int,
  1 + floor(random() * 10)::int, 1 + floor(random() * 5)::int, 1 + floor(random() * 3)::int,
  1 + floor(random() * 6)::int, '', '', '', 'none', '', '', 1, now()
FROM (SELECT %(first)s + floor(random() * %(months)s)::int AS month, floor(random() * 95)::int AS age
      FROM generate_series(1, %(records)s)) drawn
"""
REBUILD = """
WITH own AS MATERIALIZED (
  SELECT s.id AS own, s.counted_in_id AS province, month, cause, age_band, count(*) AS cases
  FROM injuries_record r JOIN injuries_dataset d ON d.id = r.data_set_id
  JOIN injuries_scope s ON s.community_id = d.community_id
  GROUP BY s.id, s.counted_in_id, month, cause, age_band
), province AS MATERIALIZED (
  SELECT province, month, cause, age_band, sum(cases) AS cases FROM own GROUP BY province, month, cause, age_band
)
INSERT INTO injuries_tally (scope_id, question, month, first, second, cases, is_fresh)
SELECT own, {question}, month, cause, age_band, cases, false FROM own
UNION ALL SELECT province, {question}, month, cause, age_band, cases, false FROM province
UNION ALL SELECT %s, {question}, month, cause, age_band, sum(cases), false FROM province
GROUP BY month, cause, age_band
ORDER BY 1, 3
"""
SAME = "SELECT data_set_id, month, cause, age_band FROM injuries_record"
BASE = (
    "SELECT {fields}, count(*) FROM injuries_record WHERE {where} month BETWEEN %s AND %s GROUP BY {fields}"
)
LAKE = "SELECT {fields}, count(*) FROM r WHERE {where} month BETWEEN ? AND ? GROUP BY {fields}"


@dataclass(frozen=True)
class Asked:
    """``by``: fields of a count; ``fields``: the columns of a record that they stand for."""

    name: str
    by: tuple[str, ...]
    fields: str

    def found(self, cells: Counts) -> dict[tuple[int, ...], int]:
        return {tuple(getattr(cell, name) for name in self.by): number for cell, number in cells.items()}


QUESTIONS = (
    Asked("months", scopes.MONTHS, "month"),
    Asked("causes", scopes.FIRST, "cause"),
    Asked("causes × ages", scopes.PAIRS, "cause, age_band"),
)


@dataclass(frozen=True)
class Who:
    name: str
    scope: Scope
    sets: Sequence[int] | None  # data sets; None for all

    @property
    def is_many(self) -> bool:
        return self.scope.kind != ScopeKind.COMMUNITY


def bench_dashboards() -> None:
    print(f"\ndashboards over {RECORDS:,} records of {COMMUNITIES:,} communities; milliseconds")
    began = time.perf_counter()
    everybody = _fill()
    lake = _lake()
    print(f"filled, counted and copied to DuckDB in {time.perf_counter() - began:.0f} s; {_sizes()}")
    print(
        f"{'whose':<12}{'asked':<15}{'years':>6}{'counts':>9}{'base table':>12}{'DuckDB':>9}{'base/ours':>11}"
        f"{'ours/DuckDB':>13}"
    )
    for who in everybody:
        for asked in QUESTIONS:
            for years in (1, 10):
                _print_line(who, asked, years, lake)
    lake.close()


def _print_line(who: Who, asked: Asked, years: int, lake: Any) -> None:
    first = LAST - 12 * years + 1
    counted = partial(counts, [who.scope.pk], Question.CAUSE_AGE, first, LAST, by=asked.by)
    base, duck = partial(_base, who, asked, first), partial(_duck, lake, who, asked, first)
    found = asked.found(counted())
    assert found == {row[:-1]: row[-1] for row in base()} == {row[:-1]: row[-1] for row in duck()}
    ours, plain, other = _in_turns(counted, base, duck)
    missed = [] if ours <= other else ["slower than DuckDB"]
    missed += [f"goal >= {OVER_BASE}"] if who.is_many and plain / ours < OVER_BASE else []
    print(
        f"{who.name:<12}{asked.name:<15}{years:>6}{ours:>9.1f}{plain:>12.1f}{other:>9.1f}{plain / ours:>11.1f}"
        f"{ours / other:>13.2f}  {', '.join(missed)}",
        flush=True,
    )


def _in_turns(*works: Callable[[], Any]) -> list[float]:
    """Milliseconds of the quickest of several, one after the other: what else the machine does meets all of them.

    Each right after itself, for a page asks ten questions in a row: what the others left in the caches is not counted.
    """
    taken: list[list[float]] = [[] for _work in works]
    for _time in range(TIMES):
        for work, found in zip(works, taken, strict=True):
            work()
            began = time.perf_counter()
            work()
            found.append((time.perf_counter() - began) * 1000)
    return [min(found) for found in taken]


def _fill() -> list[Who]:
    data.fill(COMMUNITIES)
    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE injuries_record")
    communities = list(Community.objects.order_by("pk")[:COMMUNITIES])
    family = Family.objects.earliest("number")
    sets = DataSet.objects.bulk_create(
        DataSet(
            community=community,
            family=family,
            source_kind="hospital",
            form="records",
            first_month=FIRST,
            last_month=LAST,
            is_counted=True,
        )
        for community in communities
    )
    provinces = {name: province_scope(name) for name in {one.province_name for one in communities}}
    have = set(Scope.objects.filter(community__isnull=False).values_list("community_id", flat=True))
    Scope.objects.bulk_create(
        Scope(kind=ScopeKind.COMMUNITY, community=one, counted_in=provinces[one.province_name])
        for one in communities
        if one.pk not in have
    )
    nation, _made = Scope.objects.get_or_create(kind=ScopeKind.NATION, province_name="", community=None)
    told = {
        "sets": [one.pk for one in sets],
        "communities": len(sets),
        "first": FIRST,
        "months": LAST - FIRST + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, {**told, "records": RECORDS})
        cursor.execute(REBUILD.format(question=int(Question.CAUSE_AGE)), [nation.pk])
        # The best index for these questions: it answers them alone.
        cursor.execute(
            "CREATE INDEX bench_best ON injuries_record (data_set_id, month) INCLUDE (cause, age_band)"
        )
        cursor.execute("VACUUM ANALYZE injuries_record")
        cursor.execute("VACUUM ANALYZE injuries_tally")
    return _chosen(sets, communities, provinces, nation)


def _chosen(sets: list[DataSet], communities: list[Community], provinces: dict, nation: Scope) -> list[Who]:
    biggest = communities[0]
    of_province = [
        one.pk
        for one, unit in zip(sets, communities, strict=True)
        if unit.province_name == biggest.province_name
    ]
    return [
        Who("community", Scope.objects.get(community=biggest), [sets[0].pk]),
        Who("province", provinces[biggest.province_name], of_province),
        Who("nation", nation, None),
    ]


def _base(who: Who, asked: Asked, first: int) -> list[tuple[int, ...]]:
    where = "" if who.sets is None else "data_set_id = ANY(%s) AND"
    with connection.cursor() as cursor:
        cursor.execute(
            BASE.format(where=where, fields=asked.fields),
            [*([] if who.sets is None else [list(who.sets)]), first, LAST],
        )
        return cursor.fetchall()


def _lake() -> Any:
    """The same rows in memory, ordered as they came; as many threads as the machine has."""
    lake = duckdb.connect()
    lake.execute("CREATE TABLE r (data_set_id INTEGER, month SMALLINT, cause TINYINT, age_band TINYINT)")
    with connection.cursor() as cursor, tempfile.NamedTemporaryFile(suffix=".csv") as target:
        with cursor.copy(f"COPY ({SAME}) TO STDOUT CSV") as rows:
            for block in rows:
                target.write(block)
        target.flush()
        lake.execute(f"COPY r FROM '{target.name}' (HEADER false)")
    return lake


def _duck(lake: Any, who: Who, asked: Asked, first: int) -> list[tuple[int, ...]]:
    where = "" if who.sets is None else f"data_set_id IN ({', '.join(map(str, who.sets))}) AND"
    return lake.execute(LAKE.format(where=where, fields=asked.fields), [first, LAST]).fetchall()


def _sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_table_size('injuries_record')), pg_size_pretty(pg_table_size('injuries_tally'))"
        )
        return "records {}, counts {}".format(*cursor.fetchone())
