"""The outbox: a mail is written with its change, once, and leaves once."""

import datetime as dt
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail import get_connection
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from audit.models import AuditEntry
from core import clock
from notices import emails, kinds, services, tasks
from notices.enums import Kind, NoticeState
from notices.models import Notice, RefusedAddress
from notices.querysets import MAX_ATTEMPTS
from notices.services import PAUSES
from tests.notices.outbox import CONTEXT, START, Postman, queue, state


def test_a_second_identical_mail_is_the_first(recipient):
    first = queue(recipient)
    assert queue(recipient, context={"note": "other"}) == first
    assert Notice.objects.get().context == CONTEXT


@pytest.mark.parametrize(
    "more",
    [
        {"kind": Kind.COPY_RETURNED},
        {"subject": "surveys.response:8"},
        {"due_on": "2024-02-29"},
        {"step": "version-2"},
        {"batch": "2024-02-01"},
    ],
)
def test_what_differs_is_a_second_mail(recipient, more):
    queue(recipient)
    queue(recipient, **more)
    assert Notice.objects.count() == 2


def test_the_database_itself_refuses_a_second_row(recipient):
    notice = queue(recipient)
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_a_change_that_is_rolled_back_mails_nothing(recipient):
    with transaction.atomic():
        queue(recipient)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_a_mail_needs_a_known_kind_and_an_address(recipient):
    with pytest.raises(ValueError, match="unheard_of"):
        queue(recipient, kind="unheard_of")
    with pytest.raises(ValueError, match="address"):
        services.queue(kind=Kind.COPY_RECEIVED, subject="surveys.response:7")


def test_the_recipient_gives_address_and_language(recipient):
    recipient.language = "en"
    notice = services.queue(kind=Kind.COPY_RECEIVED, subject=recipient, recipient=recipient)
    assert (notice.address, notice.language, notice.subject) == (
        "lin@example.org",
        "en",
        f"accounts.user:{recipient.pk}",
    )


def test_a_waiting_mail_leaves_once(recipient):
    notice, postman = queue(recipient), Postman()
    assert services.deliver_waiting(send=postman) == 1
    assert services.deliver_waiting(send=postman) == 0
    assert (postman.taken, state(notice)) == ([notice.pk], ("sent", 1))
    assert notice.sent_at is not None


def test_a_held_mail_waits_for_staff(recipient):
    notice, postman = queue(recipient, hold=True), Postman()
    services.deliver_waiting(send=postman)
    assert (postman.taken, state(notice)) == ([], ("held", 0))


def test_whether_it_is_still_wanted_is_asked_when_it_leaves(recipient):
    asked = []
    kinds.register(Kind.RESPONSE_RETURNED, still_wanted=lambda notice: bool(asked.append(notice.subject)))
    notice, postman = queue(recipient), Postman()
    assert asked == []
    services.deliver_waiting(send=postman)
    assert (asked, postman.taken, state(notice)[0]) == (["surveys.response:7"], [], "dropped")


def test_a_refused_mail_is_tried_again_later_and_later_and_then_given_up(recipient):
    with clock.frozen(START):
        notice, waits = queue(recipient), []
    moment = START
    for _attempt in range(MAX_ATTEMPTS):
        with clock.frozen(moment):
            services.deliver_waiting(send=Postman(refuses=True))
        notice.refresh_from_db()
        waits.append(notice.not_before - moment)
        moment = max(moment, notice.not_before)
    assert tuple(waits[: len(PAUSES)]) == PAUSES
    assert state(notice) == (NoticeState.GIVEN_UP, MAX_ATTEMPTS)
    assert notice.last_error == "ConnectionRefusedError: mail server away"


def test_before_its_time_a_refused_mail_rests(recipient):
    with clock.frozen(START):
        queue(recipient)
        services.deliver_waiting(send=Postman(refuses=True))
        postman = Postman()
        assert services.deliver_waiting(send=postman) == 0
    with clock.frozen(START + PAUSES[0]):
        assert services.deliver_waiting(send=postman) == 1


def test_one_mail_that_cannot_be_made_does_not_stop_the_others(recipient):
    def breaks(notice: Notice) -> dict[str, str]:
        raise KeyError("no such thing")

    kinds.register(Kind.RESPONSE_RETURNED, prepare=breaks)
    bad = queue(recipient)
    good = queue(recipient, kind=Kind.RESPONSE_ACCEPTED)
    assert services.deliver_waiting(send=emails.send) == 1
    assert (state(bad), state(good)) == (("waiting", 1), ("sent", 1))


def test_what_the_server_took_is_noted_when_the_database_is_back(recipient, monkeypatch):
    """Else the mail would leave once more after its lease."""
    settle, answers = services.delivery._settle, iter([OperationalError, InterfaceError])

    def settle_later(notice: Notice, **values: object) -> bool:
        if fault := next(answers, None):
            raise fault("the server is away")
        return settle(notice, **values)

    monkeypatch.setattr(services.delivery, "_settle", settle_later)
    monkeypatch.setattr(services.delivery, "PAUSE", 0)
    # The transaction of the test would go with the connection.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    notice, postman = queue(recipient), Postman()
    assert services.deliver_waiting(send=postman) == 1
    assert (state(notice), postman.taken) == (("sent", 1), [notice.pk])


def test_a_database_that_stays_away_ends_the_round(recipient, monkeypatch):
    def away(notice: Notice, **values: object) -> bool:
        raise OperationalError("the server is away")

    monkeypatch.setattr(services.delivery, "_settle", away)
    monkeypatch.setattr(services.delivery, "DATABASE_AWAY", -1)
    queue(recipient)
    with pytest.raises(OperationalError):
        services.deliver_waiting(send=Postman())


class Line:
    """A connection to a mail server that may have hung up."""

    def __init__(self, code: int) -> None:
        self.code = code

    def noop(self) -> tuple[int, bytes]:
        if not self.code:
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return self.code, b""


@pytest.mark.parametrize(("code", "closed"), [(250, 0), (421, 1), (0, 1)])
def test_a_line_that_is_dead_is_left_before_the_next_mail(recipient, mailoutbox, code, closed):
    hung_up = []
    with emails.Post() as post:
        post._connection.connection = Line(code)
        post._connection.close = lambda: hung_up.append(1)
        post(queue(recipient))
        assert len(hung_up) == closed
    assert len(mailoutbox) == 1


def test_the_clock_task_sends_what_waits(recipient, mailoutbox):
    queue(recipient)
    tasks.deliver_waiting.delay()
    assert [mail.to for mail in mailoutbox] == [["lin@example.org"]]


# --- addresses that nobody reads --------------------------------------------------------------------------


class Refuser:
    """A mail server's connection that knows none of the addresses."""

    answer = (550, b"5.1.1 no such user")

    def __init__(self, *args: object, **options: object) -> None:
        """What Django hands to a mail backend."""

    def open(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing was opened."""

    def send_messages(self, messages: list) -> int:
        raise SMTPRecipientsRefused({messages[0].to[0]: self.answer})


class FullMailbox(Refuser):
    answer = (552, b"5.2.2 mailbox full")


class Greylisted(Refuser):
    answer = (450, b"4.2.0 come again later")


def test_a_refused_address_is_tried_once_and_marked(recipient, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refuser"
    notice = queue(recipient)
    tasks.deliver_waiting.delay()
    assert state(notice) == (NoticeState.REFUSED, 1)
    marked = RefusedAddress.objects.get()
    assert (marked.address, marked.answer) == ("lin@example.org", "550 5.1.1 no such user")
    entry = AuditEntry.objects.get(action="notice.address_refused")
    assert (entry.actor_label, "lin@example.org" in str(entry.changes)) == ("system", False)


@pytest.mark.parametrize("server", ["FullMailbox", "Greylisted"])
def test_what_passes_by_itself_is_tried_again(recipient, settings, server):
    settings.EMAIL_BACKEND = f"{__name__}.{server}"
    notice = queue(recipient)
    tasks.deliver_waiting.delay()
    assert (state(notice), RefusedAddress.objects.count()) == (("waiting", 1), 0)


def test_an_address_that_takes_a_mail_is_no_longer_marked(recipient):
    RefusedAddress.objects.create(address="lin@example.org", answer="550")
    queue(recipient)
    tasks.deliver_waiting.delay()
    assert RefusedAddress.objects.count() == 0
    assert AuditEntry.objects.get().action == "notice.address_works"


def test_a_reminder_waits_for_the_office_to_open(recipient):
    kinds.register(Kind.RESPONSE_RETURNED, is_reminder=True)
    postman = Postman()
    with clock.frozen("2024-02-09 16:59"):
        notice = queue(recipient)
    with clock.frozen("2024-02-09 17:00"):
        assert services.deliver_waiting(send=postman) == 0
    notice.refresh_from_db()
    # Spring Festival from 10 to 17 February; Sunday the 18th is worked instead.
    assert clock.local(notice.not_before) == dt.datetime(2024, 2, 18, 9, 0, tzinfo=clock.ZONE)
    assert state(notice) == ("waiting", 0)
    with clock.frozen("2024-02-18 09:00"):
        assert services.deliver_waiting(send=postman) == 1


def test_one_connection_serves_a_whole_round(recipient, monkeypatch):
    opened = []
    monkeypatch.setattr(emails, "get_connection", lambda: opened.append(1) or get_connection())
    for number in range(3):
        queue(recipient, subject=f"surveys.response:{number}")
    tasks.deliver_waiting.delay()
    assert (len(opened), Notice.objects.filter(state="sent").count()) == (1, 3)
