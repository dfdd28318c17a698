"""A mailed link, pressed once, says that an address is its owner's."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from accounts import services
from accounts.services import confirmations
from audit.models import AuditEntry
from core import clock
from notices import emails
from notices.models import Notice
from notices.services import deliver_waiting


def path_of(notice):
    return confirmations.confirmation_link(notice)["link"].removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def path(person):
    services.request_confirmation(user=person)
    return path_of(Notice.objects.get())


def test_looking_at_the_link_confirms_nothing_and_pressing_it_does_once(client, person, path):
    assert client.get(path).status_code == 200
    person.refresh_from_db()
    assert person.email_confirmed_at is None
    for _twice in range(2):
        assert client.post(path).status_code == 302
    person.refresh_from_db()
    assert person.email_confirmed_at is not None
    assert AuditEntry.objects.filter(action="account.email_confirm").count() == 1


def test_the_link_signs_nobody_in_and_shows_no_address(client, person, path):
    assert person.email not in client.get(path).content.decode()
    client.post(path)
    assert SESSION_KEY not in client.session


def test_an_address_given_up_since_is_not_confirmed(client, person, path):
    services.change_user(user=person, by=person, email="new@example.org")
    assert client.post(path).status_code == 410
    person.refresh_from_db()
    assert person.email_confirmed_at is None


@pytest.mark.parametrize(("day", "status"), [("2024-02-14 09:59", 200), ("2024-02-14 10:01", 410)])
def test_the_link_lives_for_a_fortnight(client, person, day, status):
    with clock.frozen("2024-01-31 10:00"):
        services.request_confirmation(user=person)
        path = path_of(Notice.objects.get())
    with clock.frozen(day):
        assert client.get(path).status_code == status


@pytest.mark.parametrize("token", ["x", "e30:1abc:forged", "%00"])
def test_a_forged_link_is_gone(client, db, token):
    assert client.get(reverse("accounts:email_confirm", args=[token])).status_code == 410


def test_asked_for_often_it_is_mailed_once_and_never_to_a_confirmed_address(client, person, mailoutbox):
    client.force_login(person)
    with clock.frozen("2024-02-01 10:01"):
        for _time in range(3):
            client.post(reverse("accounts:email_confirm_again"))
    assert Notice.objects.count() == 1
    assert "/email/confirm/" not in emails.preview(Notice.objects.get()).text
    person.email_confirmed_at = clock.now()
    person.save()
    with clock.frozen("2024-02-01 10:02"):
        assert deliver_waiting(send=emails.send) == 0
    assert mailoutbox == []
    services.request_confirmation(user=person)
    assert Notice.objects.count() == 1
