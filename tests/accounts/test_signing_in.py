"""Signing in: by which names, where to, and what a stranger learns."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts.access import SEEN
from accounts.models import User
from accounts.selectors import normalised_identifier, normalised_mobile
from audit.models import AuditEntry
from core import clock
from tests.accounts.conftest import PASSWORD

LOGIN = reverse("accounts:login")
WRONG = "不一致"


def sign_in(client, identifier: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"identifier": identifier, "password": password, **more})


@pytest.mark.parametrize(
    "typed",
    [
        "lin@example.org",
        "LIN@Example.ORG",
        " lin@example.org ",
        "ｌｉｎ＠example.org",
        "13812349689",
        "138 1234 9689",
        "138-1234-9689",
        "+86 13812349689",
        "１３８１２３４９６８９",
        "１３８　１２３４　９６８９",
    ],
)
def test_one_account_answers_to_every_writing_of_its_names(client, person, typed):
    assert sign_in(client, typed).status_code == 302
    assert int(client.session[SESSION_KEY]) == person.pk


@pytest.mark.parametrize(
    "typed", ["", "lin", "1381234968", "99999999999", "nobody@example.org", "' OR 1=1 --"]
)
def test_other_names_open_nothing(client, person, typed):
    assert sign_in(client, typed).status_code == 422
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("text", ["12345678901", "138123496890", "86138", "", "abc"])
def test_what_is_no_mobile_is_not_taken_for_one(text):
    assert normalised_mobile(text) == ""


def test_an_identifier_loses_invisible_signs():
    assert normalised_identifier("\u200blin@\ufeffExample.org\u3000") == "lin@example.org"


def words(response) -> str:
    return response.content.decode()


def test_unknown_wrong_and_closed_accounts_get_the_same_words(client, person, django_user_model):
    closed = django_user_model.objects.create_user("closed@example.org", PASSWORD, is_active=False)
    answers = [
        sign_in(client, "nobody@example.org"),
        sign_in(client, person.email, "something-else"),
        sign_in(client, closed.email),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert [WRONG in words(answer) for answer in answers] == [True, True, True]


def test_an_unknown_account_costs_as_many_hashes_as_a_known_one(client, person, monkeypatch):
    counted = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: counted.append(1) or encode(self, *args)
    )
    sign_in(client, person.email, "wrong")
    known = len(counted)
    sign_in(client, "nobody@example.org", "wrong")
    assert (known, len(counted) - known) == (1, 1)


def test_a_closed_account_is_out_at_the_next_request(client, person):
    client.force_login(person)
    profile = reverse("accounts:profile")
    assert client.get(profile).status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(profile).status_code == 302


def test_staff_come_to_their_desk_and_others_to_the_portal(client, person, clerk):
    assert sign_in(client, person.email).headers["Location"] == "/portal/"
    client.logout()
    assert sign_in(client, clerk.email).headers["Location"] == reverse("admin:index")


def test_the_page_asked_for_comes_next(client, person):
    assert sign_in(client, person.email, next="/register/?q=1").headers["Location"] == "/register/?q=1"


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\t//evil.example",
    ],
)
def test_a_foreign_next_page_is_refused(client, person, foreign):
    assert sign_in(client, person.email, next=foreign).headers["Location"] == "/portal/"


def test_who_is_signed_in_needs_no_log_in_page(client, person):
    client.force_login(person)
    assert client.get(LOGIN).headers["Location"] == "/portal/"


def test_the_session_gets_a_new_key_when_signing_in(client, person):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    sign_in(client, person.email)
    assert client.session.session_key != key


def test_signing_in_is_told_once_in_the_trail(client, person):
    sign_in(client, person.email)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.changes["address"]) == (
        "account.sign_in",
        person.pk,
        "127.0.0.1",
    )


def test_the_chosen_language_comes_along(client, person):
    User.objects.filter(pk=person.pk).update(language="en")
    assert sign_in(client, person.email).cookies["django_language"].value == "en"


def test_logging_out_takes_a_post(client, person):
    client.force_login(person)
    logout = reverse("accounts:logout")
    assert client.get(logout).status_code == 405
    assert SESSION_KEY in client.session
    assert client.post(logout).headers["Location"] == "/"
    assert SESSION_KEY not in client.session


def test_staff_sessions_end_after_half_an_hour_without_a_request(client, person, clerk):
    sign_in(client, clerk.email)
    assert client.session.get_expiry_age() == 1800
    client.logout()
    sign_in(client, person.email)
    assert client.session.get_expiry_age() == 43200


def test_a_request_pushes_the_end_away_but_is_written_once_a_minute_only(client, person):
    with clock.frozen("2024-02-01 10:00"):
        sign_in(client, person.email)
        began = client.session[SEEN]
    with clock.frozen("2024-02-01 10:00:40"):
        client.get(reverse("accounts:profile"))
        assert client.session[SEEN] == began
    with clock.frozen("2024-02-01 10:20"):
        client.get(reverse("accounts:profile"))
        assert client.session[SEEN] == began + 20 * 60


def test_a_null_byte_is_a_sentence_and_no_breakdown(client, db):
    assert sign_in(client, "a\0b@example.org", "x\0y").status_code == 422


def test_the_page_keeps_what_was_typed_but_not_the_password(client, person):
    page = sign_in(client, "lin@example.org<script>", "secret-typed").content.decode()
    assert "lin@example.org&lt;script&gt;" in page
    assert "secret-typed" not in page


@pytest.mark.parametrize("name", ["login", "logout", "password_reset"])
def test_a_post_without_our_token_is_refused(person, name):
    strict = Client(enforce_csrf_checks=True)
    form = {"identifier": person.email, "password": PASSWORD}
    assert strict.post(reverse(f"accounts:{name}"), form).status_code == 403
    assert SESSION_KEY not in strict.session
