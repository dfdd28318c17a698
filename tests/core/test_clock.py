import datetime as dt

import pytest

from core import clock


def test_time_is_told_in_shanghai() -> None:
    assert clock.now().utcoffset() == dt.timedelta(hours=8)


def test_a_frozen_clock_stands_still_and_goes_on_afterwards() -> None:
    with clock.frozen("2024-02-29T23:59:59"):
        assert clock.now() == dt.datetime(2024, 2, 29, 23, 59, 59, tzinfo=clock.ZONE)
        assert clock.today() == dt.date(2024, 2, 29)
    assert clock.today() > dt.date(2024, 2, 29)


def test_clocks_can_be_frozen_inside_one_another() -> None:
    with clock.frozen("2024-01-14"):
        with clock.frozen(dt.date(2024, 2, 29)):
            assert clock.today() == dt.date(2024, 2, 29)
        assert clock.today() == dt.date(2024, 1, 14)


def test_the_day_changes_at_midnight_in_shanghai_not_in_greenwich() -> None:
    with clock.frozen(dt.datetime(2024, 2, 29, 16, 0, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2024, 3, 1)


def test_the_clock_goes_on_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.frozen("2024-02-29"):
        raise RuntimeError
    assert clock.today() != dt.date(2024, 2, 29)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.local(dt.datetime(2024, 2, 29, 10, 32))
