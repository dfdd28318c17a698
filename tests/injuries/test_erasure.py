"""What injury data know of an account: told to its owner, ended when the person is erased."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts import services
from accounts.models import User
from accounts.services.own_data import own_data
from audit.models import AuditEntry
from core import clock
from injuries import authz
from injuries.models import DataSet, LockException, RowAccess
from tests.factories import UserFactory
from tests.injuries.factories import LockExceptionFactory, RowAccessFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 31)


@pytest.fixture(autouse=True)
def march():
    with clock.frozen("2026-03-02 09:00"):
        yield


@pytest.fixture
def lin() -> User:
    return UserFactory(name="林小满")


@pytest.fixture
def access(lin: User, li: User, records: DataSet) -> RowAccess:
    return RowAccessFactory(
        community=records.community, user=lin, until=DAY, need="溺水个案核查", given_by=li
    )


@pytest.fixture
def exception(lin: User, wang: User, records: DataSet) -> LockException:
    return LockExceptionFactory(data_set=records, user=lin, until=DAY, reason="补报一月", given_by=wang)


def told(user: User) -> dict[str, list[str]]:
    """What for, by kind of row."""
    data = own_data(user=user)["data"]
    return {
        "access": [row["用于何事"] for row in data["逐例查看权限"]],
        "exception": [row["原因"] for row in data["锁定例外"]],
    }


def test_who_was_given_a_look_and_who_gave_it_read_it_in_their_own_data(
    lin: User, li: User, wang: User, zhao: User, access: RowAccess, exception: LockException
) -> None:
    assert told(lin) == {"access": ["溺水个案核查"], "exception": ["补报一月"]}
    assert told(li) == {"access": ["溺水个案核查"], "exception": []}
    assert told(wang) == {"access": [], "exception": ["补报一月"]}
    assert told(zhao) == {"access": [], "exception": []}


def test_nobody_reads_there_to_whom_they_gave_it(li: User, wang: User, access, exception) -> None:
    assert ["林小满" in str(own_data(user=user)) for user in (li, wang)] == [False, False]


def test_what_is_open_ends_with_the_person_and_stays_on_record(
    lin: User, administrator: User, access: RowAccess, exception: LockException
) -> None:
    services.deactivate_user(user=lin, by=None)
    services.erase_user(user=lin, by=administrator, reason="本人申请")
    access.refresh_from_db()
    exception.refresh_from_db()
    assert (access.ended_at, exception.until) == (clock.now(), dt.date(2026, 3, 1))
    assert authz.row_access(lin, access.community) is None
    assert authz.may_mend_locked(lin, exception.data_set) is False
    ended = AuditEntry.objects.filter(action__in=("injury_rows.end", "injury_data.except_end"))
    assert {(entry.action, entry.actor_id) for entry in ended} == {
        ("injury_rows.end", administrator.pk),
        ("injury_data.except_end", administrator.pk),
    }


def test_what_had_ended_is_left_as_it_was(lin: User, access: RowAccess, exception: LockException) -> None:
    day = dt.date(2026, 2, 1)
    RowAccess.objects.update(ended_at=clock.now() - dt.timedelta(days=9))
    LockException.objects.update(until=day)
    services.deactivate_user(user=lin, by=None)
    services.erase_user(user=lin, by=None)
    assert list(LockException.objects.values_list("until", flat=True)) == [day]
    assert AuditEntry.objects.filter(action__in=("injury_rows.end", "injury_data.except_end")).count() == 0


def test_who_gave_it_leaves_it_as_given(li: User, access: RowAccess) -> None:
    services.deactivate_user(user=li, by=None)
    services.erase_user(user=li, by=None)
    access.refresh_from_db()
    assert (access.ended_at, access.given_by_id) == (None, li.pk)
