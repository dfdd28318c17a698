"""Changing a password, and the mailed link that works once."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from accounts.services import passwords
from audit.models import AuditEntry
from core import clock
from core.errors import Refused
from notices import emails
from notices.models import Notice
from notices.services import deliver_waiting
from tests.accounts.conftest import PASSWORD

FORGOTTEN = reverse("accounts:password_reset")
CHANGE = reverse("accounts:password_change")
NEW = "another-horse-8"


def link_of(notice: Notice) -> str:
    return passwords.link_for(notice)["link"]


def path_of(notice: Notice) -> str:
    return link_of(notice).removeprefix("http://127.0.0.1:8000")


def ask(client, identifier: str):
    return client.post(FORGOTTEN, {"identifier": identifier})


def choose(client, path: str, password: str = NEW, again: str | None = None):
    return client.post(path, {"password": password, "again": password if again is None else again})


def test_known_and_unknown_accounts_get_the_same_page(client, person):
    answers = [ask(client, person.email), ask(client, "nobody@example.org")]
    assert [answer.headers["Location"] for answer in answers] == [reverse("accounts:password_reset_sent")] * 2
    assert Notice.objects.count() == 1


def test_the_mail_carries_an_absolute_link_and_works_in_every_writing_of_the_name(
    client, person, mailoutbox, settings
):
    settings.PUBLIC_URL = "https://platform.example"
    ask(client, "１３８１２３４９６８９")
    assert deliver_waiting(send=emails.send) == 1
    assert mailoutbox[0].to == ["lin@example.org"]
    assert mailoutbox[0].subject == "设置新密码"
    assert "https://platform.example/password/set/" in mailoutbox[0].body


def test_no_link_lies_in_the_outbox(client, person):
    ask(client, person.email)
    notice = Notice.objects.get()
    assert notice.context == {}
    assert "/password/set/" not in emails.preview(notice).text


def test_asking_five_times_in_a_minute_sends_one_mail(client, person):
    with clock.frozen("2024-02-01 10:01"):
        for _time in range(5):
            ask(client, person.email)
    with clock.frozen("2024-02-01 10:06"):
        ask(client, person.email)
    assert Notice.objects.count() == 2
    assert AuditEntry.objects.filter(action="account.password_reset_request").count() == 2


def test_the_link_works_once(client, person):
    ask(client, person.email)
    path = path_of(Notice.objects.get())
    assert client.get(path).status_code == 200
    assert choose(client, path).headers["Location"] == reverse("accounts:login")
    assert choose(client, path, "third-horse-900").status_code == 410
    person.refresh_from_db()
    assert person.check_password(NEW) is True
    assert person.email_confirmed_at is not None


def test_two_links_die_together(client, person):
    with clock.frozen("2024-02-01 10:01"):
        ask(client, person.email)
        first = path_of(Notice.objects.get())
        choose(client, first)
        assert client.get(first).status_code == 410


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 410)])
def test_the_link_lives_for_an_hour(client, person, minutes, status):
    with clock.frozen("2024-02-01 10:00"):
        services.request_password_reset(identifier=person.email)
        path = path_of(Notice.objects.get())
    with clock.frozen(f"2024-02-01 {10 + minutes // 60}:{minutes % 60:02d}"):
        assert client.get(path).status_code == status


def test_signing_in_makes_an_open_link_useless(client, person):
    services.request_password_reset(identifier=person.email)
    path = path_of(Notice.objects.get())
    client.post(reverse("accounts:login"), {"identifier": person.email, "password": PASSWORD})
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c", "eyJ1c2VyIjoxfQ:1abcde:forged", "../../etc"])
def test_a_forged_link_is_refused(client, person, token):
    assert client.get(f"/password/set/{token}/").status_code in {404, 410}


def test_a_closed_account_gets_no_link(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    services.request_password_reset(identifier=person.email)
    assert Notice.objects.count() == 0


def test_a_mail_for_an_account_closed_meanwhile_is_not_sent(person, mailoutbox):
    services.request_password_reset(identifier=person.email)
    User.objects.filter(pk=person.pk).update(is_active=False)
    deliver_waiting(send=emails.send)
    assert (mailoutbox, Notice.objects.get().state) == ([], "dropped")


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short-7", None, "密码至少需要10个字符"),
        ("password123", None, "太常见"),
        ("98765432101234", None, "只包含数字"),
        ("lin@example.org", None, "太相似"),
        ("another-horse-8", "another-horse-9", "两次输入的密码不一致"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(client, person, password, again, sentence):
    services.request_password_reset(identifier=person.email)
    answer = choose(client, path_of(Notice.objects.get()), password, again)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_changing_the_password_signs_other_devices_out(client, person):
    other = Client()
    client.force_login(person)
    other.force_login(person)
    answer = client.post(CHANGE, {"current": PASSWORD, "password": NEW, "again": NEW})
    assert answer.headers["Location"] == reverse("accounts:profile")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).status_code == 302
    assert AuditEntry.objects.filter(action="account.password_change").count() == 1


def test_changing_the_password_takes_the_current_one(client, person):
    client.force_login(person)
    answer = client.post(CHANGE, {"current": "wrong", "password": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "当前密码不正确" in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD) is True


def test_an_invitation_lets_its_owner_alone_choose_the_password(client, administrator, mailoutbox):
    user = services.create_user(email="New@Example.org", name="新同事", by=administrator)
    services.invite_user(user=user, by=administrator)
    assert deliver_waiting(send=emails.send) == 1
    path = path_of(Notice.objects.get())
    assert choose(client, path).status_code == 302
    login = {"identifier": "new@example.org", "password": NEW}
    client.post(reverse("accounts:login"), login)
    assert int(client.session[SESSION_KEY]) == user.pk


def test_a_second_invitation_replaces_the_first(client, administrator):
    user = services.create_user(email="new@example.org", by=administrator)
    services.invite_user(user=user, by=administrator)
    first = path_of(Notice.objects.get())
    services.invite_user(user=user, by=administrator)
    assert Notice.objects.count() == 2
    assert client.get(first).status_code == 410


def test_a_retracted_invitation_opens_nothing_and_does_not_leave(client, administrator, mailoutbox):
    user = services.create_user(email="new@example.org", by=administrator)
    services.invite_user(user=user, by=administrator)
    mailed = path_of(Notice.objects.get())
    services.retract_invitation(user=user, by=administrator)
    assert client.get(mailed).status_code == 410
    assert (deliver_waiting(send=emails.send), mailoutbox) == (0, [])
    services.invite_user(user=user, by=administrator)
    assert deliver_waiting(send=emails.send) == 1


def test_an_invitation_does_not_take_a_password_away(administrator, person):
    with pytest.raises(Refused) as refused:
        services.invite_user(user=person, by=administrator)
    assert refused.value.codes == ["has_password"]


class TestAge:
    """Staff choose a new password at intervals; liaisons, who come once a round, do not."""

    def signed_in(self, client, user: User, day: str) -> None:
        with clock.frozen("2024-01-01"):
            user.set_password(PASSWORD)
            user.save()
        with clock.frozen(day):
            client.post(reverse("accounts:login"), {"identifier": user.email, "password": PASSWORD})

    @pytest.mark.parametrize(("day", "is_owed"), [("2024-06-29", False), ("2024-06-30", True)])
    def test_staff_choose_a_new_one_after_half_a_year_before_anything_else(
        self, client, clerk, day, is_owed
    ) -> None:
        self.signed_in(client, clerk, day)
        with clock.frozen(day):
            answer = client.get(reverse("admin:index"))
            assert answer.status_code == (302 if is_owed else 200)
            assert answer.headers.get("Location") == (CHANGE if is_owed else None)
            assert ("180" in client.get(CHANGE).content.decode()) is is_owed

    def test_with_the_new_one_they_go_on(self, client, clerk) -> None:
        self.signed_in(client, clerk, "2024-07-01")
        with clock.frozen("2024-07-01"):
            client.post(CHANGE, {"current": PASSWORD, "password": NEW, "again": NEW})
            assert client.get(reverse("admin:index")).status_code == 200

    def test_a_liaison_is_not_asked(self, client, person) -> None:
        self.signed_in(client, person, "2025-01-01")
        with clock.frozen("2025-01-01"):
            assert client.get(reverse("surveys:duties")).status_code == 200

    def test_the_office_may_do_without(self, client, clerk, settings) -> None:
        settings.STAFF_PASSWORD_DAYS = 0
        self.signed_in(client, clerk, "2025-01-01")
        with clock.frozen("2025-01-01"):
            assert client.get(reverse("admin:index")).status_code == 200
