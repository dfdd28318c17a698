import datetime as dt

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from core import clock, dates

MOMENT = dt.datetime(2024, 2, 29, 2, 32, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (dt.date(2024, 2, 29), "2024年2月29日", "29 February 2024"),
        (MOMENT, "2024年2月29日", "29 February 2024"),
        ("2020-05-01", "2020年5月1日", "1 May 2020"),
        ("2020-05", "2020年5月", "May 2020"),
        ("2020", "2020年", "2020"),
        (2020, "2020年", "2020"),
        (None, "", ""),
        ("不详", "不详", "不详"),
        ("2020-13", "2020-13", "2020-13"),
    ],
)
def test_a_date_is_written_as_precisely_as_it_is_known(value: object, chinese: str, english: str) -> None:
    assert dates.format_date(value) == chinese
    with override("en"):
        assert dates.format_date(value) == english
        assert dates.format_date(value, "zh") == chinese


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (dt.date(2024, 2, 29), "2024年2月29日（周四）", "Thursday 29 February 2024"),
        ("2024-02", "2024年2月", "February 2024"),
        ("2023-02-31", "2023年2月31日", "31 February 2023"),
    ],
)
def test_only_a_whole_date_has_a_weekday(value: object, chinese: str, english: str) -> None:
    assert dates.format_date_weekday(value) == chinese
    assert dates.format_date_weekday(value, "en") == english


def test_a_time_is_told_in_shanghai_with_24_hours() -> None:
    assert dates.format_time(MOMENT) == "10:32"
    assert dates.format_time(dt.time(9, 5)) == "09:05"
    assert dates.format_time(None) == ""


def test_a_moment_has_date_and_time() -> None:
    assert dates.format_moment(MOMENT) == "2024年2月29日 10:32"
    assert dates.format_moment(MOMENT, "en") == "29 February 2024, 10:32"


@pytest.mark.parametrize(
    ("on", "chinese", "english"),
    [
        ("2024-02-21", "还有 8 天", "8 days left"),
        ("2024-02-28", "还有 1 天", "1 day left"),
        ("2024-02-29", "今天截止", "Due today"),
        ("2024-03-03", "已过 3 天", "3 days overdue"),
    ],
)
def test_a_deadline_says_how_far_it_is(on: str, chinese: str, english: str) -> None:
    end_of_day = dt.datetime(2024, 2, 29, 23, 59, 59, tzinfo=clock.ZONE)
    with clock.frozen(on):
        assert dates.days_left(end_of_day) == chinese
        assert dates.days_left(dt.date(2024, 2, 29)) == chinese
        with override("en"):
            assert dates.days_left(end_of_day) == english


def test_nothing_is_due_without_a_deadline() -> None:
    assert dates.days_left(None) == ""


def test_django_writes_dates_the_same_way() -> None:
    day = dt.date(2024, 2, 9)
    assert date_format(day, "DATE_FORMAT") == dates.format_date(day) == "2024年2月9日"
    with override("en"):
        assert date_format(day, "DATE_FORMAT") == dates.format_date(day) == "9 February 2024"
