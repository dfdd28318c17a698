"""Accounts that nobody uses: warned a month before, then closed."""

import datetime as dt

import pytest

from accounts import services
from accounts.models import User
from audit.models import AuditEntry
from core import clock
from notices import emails, kinds
from notices.enums import Kind
from notices.models import Notice
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> User:
    return seen(UserFactory(name="林"), "2022-03-01")


def seen(user: User, day: str) -> User:
    user.last_login = dt.datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=clock.ZONE)
    user.save()
    return user


def on(day: str) -> int:
    with clock.frozen(day):
        return services.close_idle_accounts()


def is_open(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_an_account_is_warned_a_month_before_and_then_closed(lin) -> None:
    assert (on("2024-01-29"), Notice.objects.count()) == (0, 0)
    assert (on("2024-01-31"), Notice.objects.count()) == (0, 1)
    assert (on("2024-02-29"), is_open(lin)) == (0, True)
    assert (on("2024-03-01"), is_open(lin)) == (1, False)
    assert AuditEntry.objects.get(action="account.deactivate").reason == "长期未使用"
    assert (on("2024-03-02"), Notice.objects.count()) == (0, 1)


def test_the_mail_names_the_day(lin) -> None:
    on("2024-01-31")
    mail = emails.preview(Notice.objects.get())
    assert mail.subject == "您的账号将于2024年3月1日停用"
    assert "请在此之前登录一次" in mail.text


def test_after_a_long_pause_of_the_platform_there_is_still_a_month(lin) -> None:
    assert (on("2026-01-01"), is_open(lin)) == (0, True)
    assert Notice.objects.get().due_on == "2026-01-31"
    assert (on("2026-01-31"), is_open(lin)) == (1, False)


def test_who_signs_in_meanwhile_stays_and_gets_no_mail_that_waits(lin) -> None:
    on("2024-01-31")
    seen(lin, "2024-02-10")
    assert kinds.is_still_wanted(Notice.objects.select_related("recipient").get()) is False
    assert (on("2024-03-01"), is_open(lin)) == (0, True)


def test_staff_accounts_are_closed_sooner(office) -> None:
    seen(office, "2023-09-01")
    on("2024-02-01")
    assert on("2024-03-02") == 1
    assert not is_open(office)


def test_the_last_administrator_stays(administrator) -> None:
    seen(administrator, "2020-01-01")
    on("2024-01-01")
    assert (on("2024-02-01"), is_open(administrator)) == (0, True)


def test_an_account_never_used_counts_from_its_beginning() -> None:
    user = UserFactory(date_joined=dt.datetime(2022, 3, 1, 12, tzinfo=clock.ZONE), last_login=None)
    on("2024-02-01")
    assert Notice.objects.get().recipient == user


# --- Told of a change ---------------------------------------------------------------------------------------


def test_the_old_address_hears_of_the_new_one_masked(lin) -> None:
    old = lin.email
    services.change_user(user=lin, by=lin, email="new@example.org")
    notice = Notice.objects.get(kind=Kind.ADDRESS_CHANGED)
    assert notice.address == old
    mail = emails.preview(notice)
    assert mail.subject == "您的账号邮箱已更改"
    assert "n***@example.org" in mail.text
    assert "new@example.org" not in mail.text


def test_nobody_hears_of_a_new_name(lin) -> None:
    services.change_user(user=lin, by=lin, name="林林")
    assert Notice.objects.count() == 0


def test_a_changed_password_is_told(lin) -> None:
    services.change_password(user=lin, password="other-horse-8899", by=lin)
    assert [(notice.kind, notice.address) for notice in Notice.objects.all()] == [
        (Kind.PASSWORD_CHANGED, lin.email)
    ]
