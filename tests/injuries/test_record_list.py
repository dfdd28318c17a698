"""The list of records: newest day first, turned by a mark."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from injuries.models import DataSet
from injuries.selectors.records import lines
from tests.injuries.factories import JANUARY, RecordFactory


def url(data_set: DataSet) -> str:
    return reverse("injuries:records", args=[data_set.pk])


def test_the_list_turns_its_pages_by_a_mark(liaison: Client, records: DataSet) -> None:
    made = [RecordFactory(data_set=records, month=JANUARY + number % 3).pk for number in range(60)]
    first = liaison.get(url(records)).context["lines"]
    second = liaison.get(url(records), {"after": first.after}).context["lines"]
    seen = [row.number for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows), second.after) == (50, 10, "")
    assert sorted(seen) == made
    nonsense = liaison.get(url(records), {"after": "'; drop"}).context["lines"]
    assert len(nonsense.rows) == 50


def test_the_list_stands_by_day_and_cases_without_a_day_end_their_month(
    liaison: Client, records: DataSet
) -> None:
    """Whichever way they came in, and across the pages."""
    days = [None, 3, 28, None, 3, 17] * 20
    made = [
        RecordFactory(
            data_set=records,
            month=JANUARY + number % 2,
            occurred_on=day and dt.date(2025, 1 + number % 2, day),
        )
        for number, day in enumerate(days)
    ]
    expected = sorted(made, key=lambda one: (one.month, one.occurred_on or dt.date.min, one.pk), reverse=True)
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        found = liaison.get(url(records), {"after": after}).context["lines"]
        seen, after, pages = [*seen, *(row.number for row in found.rows)], found.after, pages + 1
    assert (seen, pages) == ([one.pk for one in expected], 3)


def test_neither_order_nor_mark_tells_a_day_to_others(records: DataSet) -> None:
    days = [dt.date(2025, 1, 1 + number % 31) for number in range(60)]
    made = [RecordFactory(data_set=records, month=JANUARY, occurred_on=day).pk for day in days]
    first = lines(records, is_own=False)
    second = lines(records, is_own=False, after=first.after)
    assert [row.number for row in (*first.rows, *second.rows)] == made[::-1]
    assert first.after == f"{JANUARY}.1.{made[10]}"


@pytest.mark.parametrize("after", ["24300.0.5", "24300.9999999.5", "1.2", "٣.٣.٣", "99999.1." + "9" * 18])
def test_a_mark_that_was_typed_fails_no_list(liaison: Client, records: DataSet, after: str) -> None:
    RecordFactory(data_set=records)
    assert liaison.get(url(records), {"after": after}).status_code == 200


def test_a_later_page_asks_the_database_no_more_often(records: DataSet) -> None:
    for number in range(120):
        RecordFactory(data_set=records, month=JANUARY, occurred_on=dt.date(2025, 1, 1 + number % 31))
    asked, after = [], ""
    for _page in range(3):
        with CaptureQueriesContext(connection) as queries:
            after = lines(records, is_own=True, after=after).after
        asked.append(len(queries))
    assert asked == [2, 2, 2]
