"""What a worker holds: claimed together, for one worker only, and each mail noted by itself."""

import contextlib
import datetime as dt
from collections import Counter

from core import clock
from core.clock import now
from core.leases import LEASE
from notices import emails, kinds, services
from notices.enums import Kind, NoticeState
from notices.models import Notice
from notices.querysets import MAX_ATTEMPTS
from notices.selectors import calendar
from tests.notices.outbox import START, Postman, queue, state


def test_a_worker_that_was_stopped_for_longer_than_its_lease_sends_nothing(recipient):
    """Another one may have sent what it held."""
    notice, postman = queue(recipient), Postman()
    with clock.frozen(START):
        Notice.objects.update(not_before=START)
        claimed = services.claim()
    with clock.frozen(START + LEASE):
        left = services.delivery._deliver(claimed, send=postman, office=calendar())
    assert (left, postman.taken, state(notice)) == (0, [], ("waiting", 0))


def test_what_a_worker_died_over_is_taken_by_itself(recipient):
    """Which of them killed it is not known."""
    with clock.frozen(START):
        mails = [queue(recipient, subject=f"surveys.response:{number}") for number in range(3)]
        assert services.claim() == mails
    with clock.frozen(START + LEASE * 2):
        fresh = queue(recipient)
        assert [services.claim() for _time in range(4)] == [[mails[0]], [mails[1]], [mails[2]], [fresh]]


def test_a_mail_that_kills_its_worker_takes_no_other_along(recipient):
    class Killed(BaseException):
        pass

    class Deadly(Postman):
        def __call__(self, notice: Notice, kept: emails.Kept) -> None:
            super().__call__(notice, kept)
            if notice == bad:
                raise Killed

    good, bad, other = (queue(recipient, subject=f"surveys.response:{number}") for number in range(3))
    postman, moment = Deadly(), now()
    for turn in range(MAX_ATTEMPTS):
        with clock.frozen(moment + LEASE * 2 * turn), contextlib.suppress(Killed):
            services.deliver_waiting(send=postman)
    with clock.frozen(moment + LEASE * 20):
        services.deliver_waiting(send=postman)
    assert [state(row) for row in (good, bad, other)] == [
        ("sent", 1),
        ("given_up", MAX_ATTEMPTS),
        ("sent", 2),
    ]
    assert Counter(postman.taken) == {good.pk: 1, bad.pk: MAX_ATTEMPTS, other.pk: 1}


def test_a_round_takes_as_many_as_it_has_time_for(recipient, monkeypatch):
    monkeypatch.setattr(services.delivery, "AT_ONCE", 2)
    for number in range(5):
        queue(recipient, subject=f"surveys.response:{number}")
    assert services.deliver_waiting(send=Postman()) == 5
    for number in range(5, 10):
        queue(recipient, subject=f"surveys.response:{number}")
    monkeypatch.setattr(services.delivery, "LONGEST_ROUND", 0)
    assert services.deliver_waiting(send=Postman()) == 0


def test_what_a_slow_server_keeps_waiting_is_put_back_untried_and_asked_about_anew(recipient, monkeypatch):
    asked = []

    def among(notices: list[Notice]) -> set[int]:
        asked.append([notice.pk for notice in notices])
        return {notice.pk for notice in notices if len(asked) < 3}

    kinds.register(Kind.RESPONSE_RETURNED, wanted_among=among)
    monkeypatch.setattr(services.delivery, "LONGEST_IN_HAND", -1)
    first, second, third = (queue(recipient, subject=f"surveys.response:{number}") for number in range(3))
    assert services.deliver_waiting(send=Postman()) == 2
    assert asked == [[first.pk, second.pk, third.pk], [second.pk, third.pk], [third.pk]]
    assert [state(row) for row in (first, second, third)] == [("sent", 1), ("sent", 1), ("dropped", 1)]


def test_a_mail_that_cannot_be_asked_about_does_not_stop_the_others(recipient):
    def among(notices: list[Notice]) -> set[int]:
        return {notice.pk for notice in notices if int(notice.subject.partition(":")[2])}

    kinds.register(Kind.RESPONSE_RETURNED, wanted_among=among)
    bad = queue(recipient, subject="surveys.response:none")
    good = queue(recipient, subject="surveys.response:8")
    assert services.deliver_waiting(send=Postman()) == 1
    assert (state(bad), state(good)) == (("waiting", 1), ("sent", 1))


def test_each_mail_is_noted_by_itself_and_all_else_is_asked_once(recipient, django_assert_num_queries):
    kinds.register(Kind.RESPONSE_RETURNED, wanted_among=lambda notices: {notice.pk for notice in notices})
    for start, count in ((0, 1), (1, 30)):
        for number in range(start, start + count):
            queue(recipient, subject=f"surveys.response:{number}")
        # Lost ones, in hand, days off; rows, claim, marked addresses and words; then nothing is left. Four savepoints.
        with django_assert_num_queries(12 + count):
            assert services.deliver_waiting(send=Postman()) == count


def test_a_slow_mail_server_keeps_one_worker_at_most(recipient):
    """While one mail is in hand another worker leaves the others to whoever has it."""
    in_hand, other = queue(recipient), queue(recipient, kind=Kind.RESPONSE_ACCEPTED)
    assert services.claim(most=1) == [in_hand]
    postman = Postman()
    assert services.deliver_waiting(send=postman) == 0
    with clock.frozen(now() + LEASE * 2):
        services.deliver_waiting(send=postman)
    assert postman.taken == [in_hand.pk, other.pk]


def test_two_workers_cannot_hold_the_same_mail(recipient):
    notice = queue(recipient)
    assert [services.claim(), services.claim()] == [[notice], []]


def test_a_worker_that_comes_back_too_late_says_nothing(recipient):
    """Its lease ran out, another one sent it; what the first one learns no longer counts."""
    with clock.frozen(START):
        notice = queue(recipient)
        services.claim()
        late = Notice.objects.get(pk=notice.pk)
    with clock.frozen(START + LEASE * 2):
        services.deliver_waiting(send=Postman())
        services.delivery._postpone(late, OSError("too late"))
    assert state(notice) == ("sent", 2)


def test_a_mail_that_kills_every_worker_is_given_up(recipient):
    notice, moment = queue(recipient), now()
    for attempt in range(MAX_ATTEMPTS):
        with clock.frozen(moment + LEASE * 2 * (attempt + 1)):
            assert services.claim() == [notice]
    with clock.frozen(moment + LEASE * 20):
        assert services.deliver_waiting(send=Postman()) == 0
    assert state(notice) == (NoticeState.GIVEN_UP, MAX_ATTEMPTS)


def test_a_dead_workers_mail_is_sent_by_another_after_the_lease(recipient):
    postman = Postman()
    with clock.frozen(START):
        notice = queue(recipient)
        assert services.claim() == [notice]
    with clock.frozen(START + LEASE - dt.timedelta(seconds=1)):
        assert services.deliver_waiting(send=postman) == 0
    with clock.frozen(START + LEASE + dt.timedelta(seconds=1)):
        assert services.deliver_waiting(send=postman) == 1
    assert state(notice) == ("sent", 2)
