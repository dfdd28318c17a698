"""Guessing passwords: from one address, from many, and how the owner gets in all the same."""

import datetime as dt

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.backends import GUESSES_PER_ACCOUNT
from accounts.models import User
from accounts.selectors import account_key
from accounts.services import passwords
from tests.accounts.conftest import PASSWORD

WRONG = "battery-staple-0"
LOGIN = reverse("accounts:login")


def attempt(client, identifier="lin@example.org", password=WRONG, address="203.0.113.1", **headers):
    form = {"identifier": identifier, "password": password}
    return client.post(LOGIN, form, REMOTE_ADDR=address, **headers)


@pytest.fixture
def locked(client, person) -> User:
    for _time in range(5):
        attempt(client)
    return person


def a_quarter_of_an_hour_later() -> None:
    """Move the counters back instead of the clock forward: they are kept by the library's own clock."""
    earlier = timezone.now() - dt.timedelta(minutes=16)
    AccessAttempt.objects.update(attempt_time=earlier)
    AccessFailureLog.objects.update(attempt_time=earlier)


def test_four_wrong_passwords_lock_nothing(client, person):
    assert [attempt(client).status_code for _time in range(4)] == [422] * 4
    assert attempt(client, password=PASSWORD).status_code == 302


def test_the_fifth_wrong_password_locks_and_says_until_when(client, person):
    answers = [attempt(client) for _time in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    until = timezone.localtime(timezone.now() + dt.timedelta(minutes=15))
    page = answers[-1].content.decode()
    assert f"{until:%H:%M}" in page or f"{until - dt.timedelta(minutes=1):%H:%M}" in page
    assert "密码错误次数过多" in page


def test_a_locked_account_refuses_even_the_right_password(client, locked):
    assert attempt(client, password=PASSWORD).status_code == 429
    assert SESSION_KEY not in client.session


def test_other_writings_of_the_name_are_the_same_account(client, locked):
    assert attempt(client, "13812349689", PASSWORD).status_code == 429
    assert attempt(client, "LIN@example.org", PASSWORD).status_code == 429


def test_the_owner_gets_in_after_the_pause(client, locked):
    a_quarter_of_an_hour_later()
    assert attempt(client, password=PASSWORD).status_code == 302


def test_knocking_while_locked_does_not_make_it_longer(client, locked):
    before = AccessAttempt.objects.get().attempt_time
    attempt(client)
    assert AccessAttempt.objects.get().attempt_time == before


def test_the_owner_elsewhere_is_not_locked_out_by_one_guesser(client, locked):
    assert attempt(client, password=PASSWORD, address="198.51.100.7").status_code == 302


def test_a_forged_forwarding_header_is_not_believed(client, locked):
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.7", "HTTP_X_REAL_IP": "198.51.100.7"}
    assert attempt(client, password=PASSWORD, **forged).status_code == 429


def guessed(user: User, times: int) -> None:
    """So many wrong passwords for this account, each from an address of its own."""
    AccessFailureLog.objects.bulk_create(
        AccessFailureLog(username=account_key(user), ip_address=f"203.0.113.{number}")
        for number in range(times)
    )


def test_many_addresses_get_twenty_guesses_an_hour_between_them(client, person):
    guessed(person, GUESSES_PER_ACCOUNT - 1)
    answers = [attempt(client, address=f"198.51.100.{number}").status_code for number in range(3)]
    assert answers == [422, 429, 429]
    assert attempt(client, password=PASSWORD, address="198.51.100.7").status_code == 429
    AccessFailureLog.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=61))
    assert attempt(client, password=PASSWORD, address="198.51.100.7").status_code == 302


def test_the_mailed_link_takes_the_lock_away(client, person):
    guessed(person, GUESSES_PER_ACCOUNT)
    services.request_password_reset(identifier=person.email)
    token = passwords.link_for(person.notices.get())["link"].rsplit("/", 2)[1]
    form = {"password": "another-horse-8", "again": "another-horse-8"}
    assert client.post(reverse("accounts:password_set", args=[token]), form).status_code == 302
    assert attempt(client, password="another-horse-8").status_code == 302


def test_an_unknown_account_is_locked_with_the_same_words(client, db):
    answers = [attempt(client, "nobody@example.org") for _time in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]


def test_a_guesser_who_tries_one_password_on_many_accounts_is_counted_for_each(client, person):
    answers = [attempt(client, f"user{number}@example.org").status_code for number in range(8)]
    assert answers == [422] * 8


def test_the_counters_hold_no_address_and_no_password(client, person):
    attempt(client, password="secret-guess")
    row = AccessAttempt.objects.get()
    kept = f"{row.username} {row.get_data} {row.post_data}"
    assert "lin@example.org" not in kept
    assert "secret-guess" not in kept
