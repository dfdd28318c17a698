"""Working days as the State Council's notices have them."""

import datetime as dt

import pytest

from core.clock import ZONE
from core.workdays import LAST_KNOWN_YEAR, Calendar

DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-29", True),
        ("2024-02-25", False),  # a Sunday
        ("2024-02-12", False),  # Spring Festival, a Monday
        ("2024-02-18", True),  # a Sunday worked instead
        ("2024-05-11", True),  # a Saturday worked for Labour Day
        ("2026-10-01", False),
    ],
)
def test_shifted_days_count(day, works):
    assert Calendar().works(DAY(day)) is works


def test_a_year_that_nobody_has_announced_counts_monday_to_friday():
    monday = dt.date(LAST_KNOWN_YEAR + 3, 6, 4)
    monday -= dt.timedelta(days=monday.weekday())
    assert [Calendar().works(monday + dt.timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2


def test_an_exception_wins():
    calendar = Calendar({DAY("2024-02-29"): False, DAY("2024-03-02"): True})
    assert [calendar.works(DAY(day)) for day in ("2024-02-29", "2024-03-02")] == [False, True]


def test_the_next_and_the_last_working_day_step_over_the_festival():
    calendar = Calendar()
    assert calendar.first_from(DAY("2024-02-10")) == DAY("2024-02-18")
    assert calendar.last_until(DAY("2024-02-17")) == DAY("2024-02-09")
    assert calendar.first_from(DAY("2024-02-20")) == DAY("2024-02-20")


@pytest.mark.parametrize(
    ("moment", "office"),
    [
        ("2024-02-20T08:59", "2024-02-20T09:00"),
        ("2024-02-20T12:00", "2024-02-20T12:00"),
        ("2024-02-20T17:00", "2024-02-21T09:00"),
        ("2024-02-09T18:00", "2024-02-18T09:00"),
        ("2024-02-11T12:00", "2024-02-18T09:00"),
    ],
)
def test_the_office_opens_on_the_next_working_day(moment, office):
    asked, expected = (dt.datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (moment, office))
    assert Calendar().office_moment(asked) == expected


def test_a_calendar_closed_by_mistake_still_gives_a_day():
    first = DAY("2024-03-01")
    closed = Calendar({first + dt.timedelta(days=n): False for n in range(60)})
    assert closed.first_from(first) == first
