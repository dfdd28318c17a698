"""A lease lasts as long as its holder lives, and never because of a clock that was wrong."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError

from core import leases
from core.clock import now
from documents.models import Run


@pytest.fixture(autouse=True)
def often(monkeypatch) -> None:
    monkeypatch.setattr(leases, "EVERY", 0.001)


def test_a_lease_is_prolonged_while_the_work_lasts_and_not_after_it() -> None:
    calls, enough = [], threading.Event()

    def prolong() -> None:
        calls.append(1)
        if len(calls) == 3:
            enough.set()

    with leases.kept(prolong):
        assert enough.wait(5)
    assert [thread.name for thread in threading.enumerate() if thread.name == "lease"] == []


def test_a_database_that_is_away_for_a_moment_does_not_end_the_keeping() -> None:
    calls, enough = [], threading.Event()

    def prolong() -> None:
        calls.append(1)
        if len(calls) > 1:
            enough.set()
        raise DatabaseError("the server is away")

    with leases.kept(prolong):
        assert enough.wait(5)


def test_work_that_fails_ends_the_keeping() -> None:
    with pytest.raises(ZeroDivisionError), leases.kept(lambda: None):
        raise ZeroDivisionError
    assert [thread.name for thread in threading.enumerate() if thread.name == "lease"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends_in", "expected"),
    [
        (dt.timedelta(seconds=-1), 1),
        (leases.LEASE, 0),
        (dt.timedelta(minutes=10), 0),  # another machine's clock is a little ahead
        (dt.timedelta(days=2), 1),  # the clock was wrong when it was written
    ],
)
def test_a_lease_holds_until_its_end_but_not_for_days(ends_in, expected) -> None:
    moment = now()
    Run.objects.create(handler="tests.none", state="running", lease_until=moment + ends_in)
    assert Run.objects.filter(leases.lapsed(moment)).count() == expected
