"""Where somebody is signed in, and the end of it from elsewhere."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import selectors, services
from accounts.access import browser_of
from accounts.models import Session, User
from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from tests.accounts.conftest import PASSWORD, with_password
from tests.factories import UserFactory

LOGIN = reverse("accounts:login")
SESSIONS = reverse("accounts:sessions")
END = reverse("accounts:session_end")
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0"


def signed_in(user: User, agent: str = CHROME) -> Client:
    client = Client(headers={"user-agent": agent})
    assert client.post(LOGIN, {"identifier": user.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(SESSIONS).status_code == 200


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/120.0", "Edge · Windows"),
        (WECHAT, "WeChat · iPhone"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>Chrome" * 500, "Chrome"),
    ],
)
def test_a_device_is_told_by_its_browser(agent, said) -> None:
    assert browser_of(agent) == said


def test_somebody_sees_every_device_and_which_is_this_one(person) -> None:
    office, phone = signed_in(person), signed_in(person, WECHAT)
    page = phone.get(SESSIONS).content.decode()
    assert "Chrome · Windows" in page
    assert "WeChat · iPhone" in page
    assert page.count("当前设备") == 1
    assert "127.0.0.1" in page
    keys = Session.objects.values_list("session_key", flat=True)
    assert [key for key in keys if key in page] == []
    assert is_in(office)


def test_another_device_is_signed_out_and_the_trail_says_so(person) -> None:
    office, phone = signed_in(person), signed_in(person, WECHAT)
    session = Session.objects.get(browser="Chrome · Windows")
    assert phone.post(END, {"handle": session.handle}, follow=True).status_code == 200
    assert (is_in(office), is_in(phone)) == (False, True)
    entry = AuditEntry.objects.get(action="account.session_end")
    assert (entry.actor_id, entry.changes["browser"]) == (person.pk, "Chrome · Windows")


def test_all_others_are_signed_out_at_once(person) -> None:
    others, phone = [signed_in(person) for _device in range(3)], signed_in(person, WECHAT)
    phone.post(END)
    assert [is_in(client) for client in others] == [False, False, False]
    assert is_in(phone)


def test_nobody_ends_the_session_of_somebody_else(person) -> None:
    stranger = with_password(UserFactory(email="other@example.org"))
    mine, theirs = signed_in(person), signed_in(stranger)
    theirs.post(END, {"handle": selectors.sessions_of(person).get().handle})
    assert is_in(mine)


def test_ending_what_has_ended_does_no_harm(person) -> None:
    client = signed_in(person)
    assert client.post(END, {"handle": "gone"}).status_code == 302
    assert AuditEntry.objects.filter(action="account.session_end").count() == 0


def test_a_new_password_ends_the_other_sessions(person) -> None:
    office, phone = signed_in(person), signed_in(person, WECHAT)
    given = {"current": PASSWORD, "password": "other-horse-8899", "again": "other-horse-8899"}
    assert phone.post(reverse("accounts:password_change"), given).status_code == 302
    assert (is_in(office), is_in(phone)) == (False, True)
    assert selectors.sessions_of(person).count() == 1


def test_staff_sign_somebody_out_everywhere(client, administrator, person) -> None:
    devices = [signed_in(person), signed_in(person, WECHAT)]
    client.force_login(administrator)
    page = client.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert "WeChat · iPhone" in page
    data = {"action": "end_sessions", "_selected_action": [person.pk]}
    answer = client.post(reverse("admin:accounts_user_changelist"), data, follow=True)
    assert "已退出 1 个账号的全部登录。" in answer.content.decode()
    assert [is_in(device) for device in devices] == [False, False]
    assert is_in(client)


def test_who_may_not_manage_an_account_signs_nobody_out(office, administrator) -> None:
    with pytest.raises(Refused, match="您没有的权限"):
        services.end_sessions(user=administrator, by=office)


def test_a_closed_account_has_no_session_left(person, administrator) -> None:
    signed_in(person)
    services.deactivate_user(user=person, by=administrator)
    assert selectors.sessions_of(person).count() == 0


def test_the_time_to_the_idle_exit_is_a_setting(person, settings) -> None:
    settings.IDLE_MINUTES = 5
    client = signed_in(person)
    assert client.session.get_expiry_age() == 300
    session = Session.objects.get()
    assert 290 < (session.expire_date - clock.now()).total_seconds() <= 300


def test_sessions_that_ended_by_themselves_are_cleared_away(person) -> None:
    signed_in(person)
    Session.objects.update(expire_date=clock.now() - dt.timedelta(minutes=1))
    signed_in(person)
    services.clear_ended_sessions()
    assert Session.objects.count() == 1


def test_a_session_of_a_visitor_belongs_to_nobody(client, db) -> None:
    client.session.save()
    assert Session.objects.exclude(user_id=None).count() == 0
