"""Whose figures are looked at: one community, those below an authority, a province, the country."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.enums import Permission
from communities.authz import can_somewhere, where
from communities.models import Community
from injuries.authz import is_of
from injuries.enums import Question, ScopeKind
from injuries.models import Scope
from injuries.rollups import Cell, Counts


@dataclass(frozen=True, slots=True)
class View:
    """``is_exact``: every cell may be shown; otherwise single figures are, and small cells of cross-tables are not."""

    title: str
    # They stay in the database where there may be many of them.
    scopes: Collection[int] | QuerySet
    communities: QuerySet[Community]
    is_exact: bool
    # All that the reader looks after; of a part no cross-table is shown, for parts can be taken from the whole.
    is_widest: bool = False
    community: Community | None = None
    # Of the whole country a rate would need every community's population: thousands of rows for one number.
    has_rates: bool = True
    is_everywhere: bool = False


def of_community(community: Community, user: Any) -> View:
    scope = Scope.objects.filter(community=community).values_list("pk", flat=True)
    return View(
        str(community.name),
        tuple(scope),
        Community.objects.filter(pk=community.pk),
        is_exact=is_of(user, community),
        community=community,
    )


def of_those_below(user: Any, title: str) -> View:
    """The communities whose figures the user may see by a post."""
    communities = Community.objects.filter(where(user, Permission.INJURY_VIEW))
    scopes = Scope.objects.filter(community__in=communities.values("pk")).values("pk")
    return View(title, scopes, communities, is_exact=False, is_widest=True)


def of_nation(title: str) -> View:
    scopes = tuple(Scope.objects.filter(kind=ScopeKind.NATION).values_list("pk", flat=True))
    everybody = Community.objects.all()
    return View(title, scopes, everybody, is_exact=False, is_widest=True, has_rates=False, is_everywhere=True)


def of_province(name: str) -> View:
    found = Scope.objects.filter(kind=ScopeKind.PROVINCE, province_name=name)
    scopes = tuple(found.values_list("pk", flat=True))
    communities = Community.objects.filter(injury_scope__counted_in__in=scopes)
    return View(name, scopes, communities, is_exact=False, has_rates=False)


def provinces_counted() -> list[str]:
    scopes = Scope.objects.filter(kind=ScopeKind.PROVINCE).order_by("province_name")
    return list(scopes.values_list("province_name", flat=True))


def may_look_above(user: Any) -> bool:
    return can_somewhere(user, Permission.INJURY_VIEW)


def may_approve(user: Any) -> bool:
    return can_somewhere(user, Permission.INJURY_APPROVE)


FIELDS = ("month", "first", "second")
# What pages ask for: a year as a cross-table, or one of its fields alone.
PAIRS, FIRST = ("first", "second"), ("first",)
MONTHS, FIRST_BY_MONTH = ("month",), ("month", "first")


# By hand: a page asks ten times, and Django takes longer over each question than the database over its answer.
ASKED = """
SELECT {fields}, SUM(cases) FROM injuries_tally
WHERE scope_id IN ({scopes}) AND question = %s AND month BETWEEN %s AND %s GROUP BY {fields}
"""


def counts(
    scopes: Collection[int] | QuerySet,
    question: Question,
    first: int,
    last: int,
    *,
    by: Collection[str] = FIELDS,
) -> Counts:
    """The cells of one question between two months, both ends included; one query over an index.

    ``by``: what is asked for; over the rest the database sums up, and the cells have 0 there. A page that shows months
    fetches a hundred rows instead of ten thousand. A sum below nothing is a fault that the nightly count mends; until
    then no page fails on it.
    """
    fields = [name for name in FIELDS if name in by]
    try:
        within, parameters = _within(scopes)
    except EmptyResultSet:
        return Counts()
    asked = int(question)
    with connection.cursor() as cursor:
        text = ASKED.format(fields=", ".join(map(connection.ops.quote_name, fields)), scopes=within)
        cursor.execute(text, [*parameters, asked, first, last])
        rows = cursor.fetchall()
    # Behind the fields of a row stands a 0, for those that were not asked for.
    placed = itemgetter(*(fields.index(name) if name in by else -1 for name in FIELDS))
    return Counts({Cell(asked, *placed((*values, 0))): number for *values, number in rows if number > 0})


def _within(scopes: Collection[int] | QuerySet) -> tuple[str, tuple[Any, ...]]:
    """Marks for numbers, a subquery for those that stay in the database; raises EmptyResultSet where there are none."""
    if isinstance(scopes, QuerySet):
        return scopes.order_by().query.sql_with_params()
    if not scopes:
        raise EmptyResultSet
    return ", ".join(["%s"] * len(scopes)), tuple(scopes)
