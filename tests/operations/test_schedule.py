"""When a backup is made by itself, and who is told when it was not."""

import pytest

from core import clock
from notices import emails
from notices.enums import Kind
from notices.models import Notice
from operations import selectors, services
from operations.enums import PulseName
from operations.models import Pulse
from operations.services import pulses
from operations.services.backups import PAUSE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def last_made(moment: str) -> None:
    with clock.frozen(moment):
        services.beat(PulseName.BACKUP)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2024-03-01 03:00", "2024-03-01 23:00", False),
        ("2024-03-01 03:00", "2024-03-02 02:59", False),
        ("2024-03-01 03:00", "2024-03-02 03:00", True),
        ("2024-02-20 03:00", "2024-03-01 14:00", True),  # the machine was off at night
    ],
)
def test_a_backup_is_due_once_a_night(settings, last, now, due) -> None:
    settings.BACKUP_HOUR = 3
    last_made(last)
    with clock.frozen(now):
        assert selectors.backup_is_due() is due


def test_where_the_machine_has_its_own_clock_none_is_due(settings) -> None:
    settings.BACKUP_HOUR = -1
    assert selectors.backup_is_due() is False


def test_two_workers_make_one_backup() -> None:
    with clock.frozen("2024-03-01 03:00"):
        assert [pulses.claim(PulseName.BACKUP_BEGUN, PAUSE) for _worker in range(2)] == [True, False]
    with clock.frozen("2024-03-01 03:16"):
        assert [pulses.claim(PulseName.BACKUP_BEGUN, PAUSE) for _worker in range(2)] == [True, False]


def test_administrators_are_told_once_a_day_that_there_is_no_backup(administrator, office) -> None:
    last_made("2024-03-01 03:00")
    with clock.frozen("2024-03-02 08:59"):
        assert services.warn_of_late_backup() == 0
    with clock.frozen("2024-03-02 09:01"):
        assert services.warn_of_late_backup() == 1
        assert services.warn_of_late_backup() == 1
    with clock.frozen("2024-03-03 09:01"):
        services.warn_of_late_backup()
    assert list(Notice.objects.filter(kind=Kind.BACKUP_LATE).values_list("address", "due_on")) == [
        (administrator.email, "2024-03-03"),
        (administrator.email, "2024-03-02"),
    ]


def test_the_mail_says_since_when(administrator) -> None:
    last_made("2024-03-01 03:00")
    with clock.frozen("2024-03-03 09:00"):
        services.warn_of_late_backup()
    mail = emails.preview(Notice.objects.get())
    assert mail.subject == "平台没有按时备份"
    assert "最近一次备份是2024年3月1日 03:00" in mail.text
    assert "/admin/health/" in mail.text


def test_a_new_installation_has_a_day_to_make_its_first(administrator) -> None:
    type(administrator).objects.update(date_joined=clock.now())
    assert services.warn_of_late_backup() == 0
    Pulse.objects.all().delete()
    with clock.frozen("2024-03-01"):
        UserFactory()
    assert services.warn_of_late_backup() == 1


def test_a_demonstration_rings_no_alarm(administrator, settings) -> None:
    settings.DEMONSTRATION = True
    last_made("2024-03-01 03:00")
    assert services.warn_of_late_backup() == 0
