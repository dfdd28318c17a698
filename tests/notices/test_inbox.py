"""Messages on the site: one's own, read once, counted in the head of every page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from notices import kinds, services, tasks
from notices.enums import Channel, Kind
from notices.models import Notice
from notices.querysets import MAX_ATTEMPTS
from tests.factories import UserFactory
from tests.notices.test_outbox import CONTEXT, Postman
from tests.queries import queries_of

INBOX = reverse("notices:inbox")


def told(user, number: int = 1, **more) -> Notice:
    values = {"kind": Kind.RESPONSE_RETURNED, "context": CONTEXT} | more
    return services.tell(recipient=user, subject=f"surveys.response:{number}", **values)


def unread(client) -> int:
    return client.get(reverse("accounts:profile")).wsgi_request.user.unread_messages


@pytest.fixture
def lin(db, client):
    user = UserFactory(email="lin@example.org", name="林")
    client.force_login(user)
    return user


def test_a_message_goes_by_mail_and_to_the_site_once_each(lin, mailoutbox):
    for _time in range(2):
        told(lin)
    tasks.deliver_waiting()
    assert sorted(Notice.objects.values_list("channel", "address", "state")) == [
        (Channel.MAIL, "lin@example.org", "sent"),
        (Channel.SITE, f"user:{lin.pk}", "sent"),
    ]
    assert len(mailoutbox) == 1


def test_the_list_says_what_happened_and_the_head_how_much_is_unread(lin, client):
    told(lin)
    assert unread(client) == 0  # not before it was asked once more whether it is still wanted
    tasks.deliver_waiting()
    page = client.get(INBOX).content.decode()
    assert "2024年调查：筼筜街道的填报内容需要修改" in page
    assert unread(client) == 1


def test_the_reader_s_language_counts(lin, client, settings):
    told(lin)
    tasks.deliver_waiting()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(INBOX).content.decode()
    assert "2024年调查: some answers of 筼筜街道 need to be changed" in page


def test_words_of_the_office_s_own_are_the_headline_too(lin, client, office):
    services.keep_words(
        kind=Kind.RESPONSE_RETURNED, language="zh-hans", subject="{community}请改", text="…{link}", by=office
    )
    told(lin)
    tasks.deliver_waiting()
    assert "筼筜街道请改" in client.get(INBOX).content.decode()


def test_opening_a_message_reads_it_and_leads_to_the_thing(lin, client):
    told(lin)
    tasks.deliver_waiting()
    row = Notice.objects.inbox(lin).get()
    answer = client.post(reverse("notices:message", args=[row.pk]))
    assert (answer.url, unread(client)) == (CONTEXT["path"], 0)
    row.refresh_from_db()
    assert row.read_at is not None


def test_all_are_read_at_once(lin, client):
    for number in range(3):
        told(lin, number)
    tasks.deliver_waiting()
    assert unread(client) == 3
    client.post(reverse("notices:inbox_read"))
    assert unread(client) == 0


def test_nobody_reads_the_messages_of_another(lin, client):
    told(UserFactory())
    tasks.deliver_waiting()
    row = Notice.objects.get(channel=Channel.SITE)
    assert "筼筜街道" not in client.get(INBOX).content.decode()
    assert client.post(reverse("notices:message", args=[row.pk])).status_code == 404
    client.post(reverse("notices:inbox_read"))
    row.refresh_from_db()
    assert row.read_at is None


def test_what_is_no_longer_wanted_never_appears(lin, client):
    kinds.register(Kind.RESPONSE_RETURNED, still_wanted=lambda _notice: False)
    told(lin)
    tasks.deliver_waiting()
    assert list(Notice.objects.inbox(lin)) == []


def test_a_reminder_on_the_site_waits_for_no_office_hours(lin):
    kinds.register(Kind.ROUND_REMINDER, is_reminder=True)
    told(lin, kind=Kind.ROUND_REMINDER)
    with clock.frozen("2024-02-11 03:00"):
        Notice.objects.update(not_before=clock.now())
        tasks.deliver_waiting()
    states = dict(Notice.objects.values_list("channel", "state"))
    assert states == {Channel.MAIL: "waiting", Channel.SITE: "sent"}


def test_the_list_asks_as_often_for_many_as_for_one(lin, client):
    def one_more() -> None:
        told(lin, Notice.objects.count())
        Notice.objects.filter(channel=Channel.SITE).update(state="sent", sent_at=clock.now())

    counts = [queries_of(client, INBOX, one_more, count) for count in (1, 30)]
    assert counts[0] == counts[1]


def test_the_number_in_the_head_costs_no_query_of_its_own(lin, client):
    told(lin)
    tasks.deliver_waiting()
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("accounts:profile"))
    assert sum("notices_notice" in query["sql"] for query in queries) == 1
    assert [
        query["sql"] for query in queries if "accounts_user" in query["sql"] and "notices" in query["sql"]
    ]


def test_staff_find_once_a_day_that_mails_were_given_up(lin, client, office):
    for number in range(2):
        Notice.objects.create(
            kind=Kind.RESPONSE_RETURNED,
            subject=f"surveys.response:{number}",
            address="lin@example.org",
            attempts=MAX_ATTEMPTS - 1,
        )
    services.deliver_waiting(send=Postman(refuses=True))
    tasks.deliver_waiting()
    row = Notice.objects.inbox(office).get()
    client.force_login(office)
    assert "有邮件未能发出" in client.get(INBOX).content.decode()
    answer = client.post(reverse("notices:message", args=[row.pk]), follow=True)
    assert answer.context["cl"].result_count == 2
