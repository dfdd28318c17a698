"""A mail leaves once: workers die, the mail server refuses, is slow or hangs up, time jumps."""

import datetime as dt
import time
from collections import Counter

import pytest

from core.clock import now
from notices import services
from notices.enums import Kind, NoticeState
from notices.models import Notice
from notices.services.delivery import AT_ONCE
from tests.faults.jobs import Background
from tests.faults.test_long_work import DELIVERING, all_done, prints_asked_for
from tests.worker import wait_until

MANY, SOME, FEW = 500, 60, 20
AFTER_A_KILL = 90  # seconds
# A look at the outbox every 20 s, and what it finds is sent within some seconds.
LOOK = 30
SLOW = 12  # seconds for each answer; a mail takes longer than a lease
BESIDE = 15  # seconds for prints while a worker is busy with a slow mail
CONTEXT = {
    "community": "筼筜街道",
    "round": "2024年调查",
    "reference": "AQ24-0420-7KHM",
    "path": "/portal/responses/AQ24-0420-7KHM/",
    "deadline": "2024-02-29",
    "version": 1,
    "submitted_at": "2024年2月1日 10:00",
}


def queued(count: int) -> set[int]:
    rows = [
        services.queue(
            kind=Kind.RESPONSE_SUBMITTED,
            subject=f"surveys.response:{number}",
            address=f"unit{number}@example.org",
            context=CONTEXT,
        )
        for number in range(count)
    ]
    return {row.pk for row in rows}


def states() -> dict[str, int]:
    return dict(Counter(Notice.objects.values_list("state", flat=True)))


def all_sent() -> bool:
    return not Notice.objects.exclude(state=NoticeState.SENT).exists()


def taken_and_not_noted(background: Background) -> set[int]:
    """The one window: the mail server has the mail, and whoever sent it is dead before it could write that down."""
    held = Notice.objects.filter(state=NoticeState.WAITING, lease_until__isnull=False)
    taken = background.sink.taken()
    return {pk for pk in held.values_list("pk", flat=True) if taken[pk]}


def more_than_once(background: Background) -> Counter[int]:
    return Counter({pk: times - 1 for pk, times in background.sink.taken().items() if times > 1})


# --- The worker dies ------------------------------------------------------------------------------------------


def killed_three_times(background: Background) -> set[int]:
    """Before a mail is taken, after it was taken and before the 250, and before one again; what was in the window."""
    window: set[int] = set()
    for at, stage in ((100, "recipient"), (220, "content"), (360, "recipient")):
        background.sink.hold(at=at, stage=stage)
        background.sink.wait_until_held()
        background.worker.kill()
        window |= taken_and_not_noted(background)
        background.sink.behave()
        background.restart_worker()
    return window


def test_a_worker_killed_three_times_loses_no_mail_and_doubles_only_what_was_in_the_window(
    background, figure
):
    mails = queued(MANY)
    with background.at_work():
        window = killed_three_times(background)
        killed = time.monotonic()
        wait_until(all_sent, what="the departure of all mails", seconds=2 * AFTER_A_KILL)
        took = time.monotonic() - killed
    doubled = more_than_once(background)
    figure(
        f"{MANY} mails, worker killed 3 times: {len(mails - set(background.sink.taken()))} lost, {doubled.total()} "
        f"doubled, {len(window)} in the window, done {took:.0f} s after the last kill"
    )
    assert set(background.sink.taken()) == mails
    assert doubled == Counter(window)
    assert window != set()
    assert took <= AFTER_A_KILL


def in_hand() -> set[int]:
    held = Notice.objects.filter(state=NoticeState.WAITING, lease_until__isnull=False)
    return set(held.values_list("pk", flat=True))


def test_control_without_lapsing_leases_what_a_dead_worker_held_is_lost(background, figure):
    queued(SOME)
    with background.at_work(without="lapse"):
        background.sink.hold(at=SOME // 2, stage="recipient")
        background.sink.wait_until_held()
        background.worker.kill()
        held = in_hand()
        background.sink.behave()
        background.restart_worker()
        background.move_clock(hours=1)
        background.wait_for_looks(DELIVERING)
    figure(f"control without lapsing leases: {states()} an hour later, {len(held)} held by the dead")
    assert held != set()
    assert held <= in_hand()


def test_control_without_leases_two_workers_send_the_same(background, figure):
    mails = queued(SOME)
    background.sink.behave(slow=0.2)
    with background.at_work(without="lease"):
        # Not for all of them: what is claimed again and again is given up in the end.
        wait_until(
            lambda: len(more_than_once(background)) >= 3, what="mails sent twice", seconds=3 * AFTER_A_KILL
        )
    figure(f"control without leases: {len(more_than_once(background))} of {len(mails)} mails doubled")


# --- The mail server ------------------------------------------------------------------------------------------

BUSY = {"answer": {"RCPT": "451 4.3.0 busy"}}
NOBODY = {"answer": {"RCPT": "550 5.1.1 no such user"}}
NOT_NOW = {"answer": {"CONTENT": "451 4.7.1 come again"}}
HANGS_UP = [{"drop": "recipient"}, {"drop": "content"}, {"drop": "answered"}]
WILD = [{}, BUSY, NOBODY, NOT_NOW, *HANGS_UP]


def through_a_wild_hour(background: Background) -> None:
    """The server refuses, sends away and hangs up; then it is well, and the first pause is over."""
    background.sink.behave(script=WILD)
    wait_until(
        lambda: not Notice.objects.filter(state=NoticeState.WAITING, attempts=0).exists(),
        what="a first try for each mail",
        seconds=2 * LOOK,
    )
    background.sink.behave()
    background.move_clock(minutes=2)
    ended = {NoticeState.SENT, NoticeState.REFUSED, NoticeState.GIVEN_UP}
    wait_until(
        lambda: not Notice.objects.exclude(state__in=ended).exists(),
        what="the end of each mail",
        seconds=2 * LOOK,
    )


def test_a_mail_server_that_refuses_and_hangs_up_gets_every_mail_once(background, figure):
    mails = queued(SOME)
    with background.at_work():
        through_a_wild_hour(background)
    refused = set(Notice.objects.filter(state=NoticeState.REFUSED).values_list("pk", flat=True))
    tries = Counter(Notice.objects.values_list("attempts", flat=True))
    figure(
        f"{SOME} mails to a wild server: {states()}, tries {dict(tries)}, {more_than_once(background).total()} doubled"
    )
    assert background.sink.taken() == Counter(mails - refused)
    assert 0 < len(refused) <= SOME / len(WILD) + 1
    assert set(tries) == {1, 2}


def test_control_without_a_second_try_mails_are_lost(background, figure):
    mails = queued(SOME)
    with background.at_work(without="second_try"):
        through_a_wild_hour(background)
    figure(f"control without a second try: {states()}")
    refused = Notice.objects.filter(state=NoticeState.REFUSED).count()
    assert len(background.sink.taken()) < len(mails) - refused


def prints_beside_slow_mails(background: Background) -> float:
    """Seconds that prints take while a mail has been in hand for longer than the clock's next look."""
    wait_until(lambda: Notice.objects.in_hand().exists(), what="a mail in hand", seconds=2 * LOOK)
    time.sleep(LOOK)
    background.ring(run.pk for run in prints_asked_for(FEW))
    began = time.monotonic()
    wait_until(all_done, what="the prints", seconds=AFTER_A_KILL)
    return time.monotonic() - began


def test_a_mail_server_slower_than_a_lease_gets_a_mail_once_and_holds_no_print_up(background, figure):
    mails = queued(3)
    background.sink.behave(slow=SLOW)
    with background.at_work():
        took = prints_beside_slow_mails(background)
        sent = Notice.objects.filter(state=NoticeState.SENT)
        wait_until(sent.exists, what="the departure of a slow mail", seconds=AFTER_A_KILL)
        background.sink.behave()
        wait_until(all_sent, what="the departure of all mails", seconds=AFTER_A_KILL)
    tries = Counter(Notice.objects.values_list("attempts", flat=True))
    figure(f"{SLOW} s for each answer: {dict(tries)} tries, {FEW} prints beside them in {took:.1f} s")
    assert background.sink.taken() == Counter(mails)
    assert set(tries) == {1}
    assert took <= BESIDE


def test_control_with_every_worker_sending_mails_prints_wait(background, figure):
    queued(2 * AT_ONCE)  # as many as two workers take at once
    background.sink.behave(slow=SLOW)
    with background.at_work(without="one_round"):
        took = prints_beside_slow_mails(background)
        background.sink.behave()
    figure(f"control with every worker sending mails: {FEW} prints in {took:.1f} s")
    assert took > BESIDE


def test_control_without_a_kept_lease_a_slow_mail_is_taken_up_twice(background, figure):
    queued(1)
    background.sink.behave(slow=SLOW)
    with background.at_work(without="keeper"):
        wait_until(lambda: Notice.objects.get().attempts > 1, what="a second try", seconds=2 * AFTER_A_KILL)
        background.sink.behave()
        # The second one finishes: both have sent it.
        wait_until(all_sent, what="the departure of the mail", seconds=AFTER_A_KILL)
        wait_until(lambda: more_than_once(background).total() > 0, what="the second mail", seconds=LOOK)
    figure(f"control without a kept lease: one mail taken {background.sink.taken().total()} times")


# --- Time -----------------------------------------------------------------------------------------------------


def tried(times: int) -> bool:
    """So often each, and all of them put off: none is in hand any more."""
    return set(Notice.objects.values_list("attempts", "lease_until")) == {(times, None)}


def test_mails_put_off_leave_once_when_days_have_passed(background, figure):
    mails = queued(FEW)
    background.sink.behave(script=[BUSY])
    with background.at_work():
        wait_until(lambda: tried(1), what="a first try", seconds=LOOK * 2)
        for days in (1, 2):
            background.move_clock(days=days)
            wait_until(lambda: tried(days + 1), what="another try", seconds=LOOK)  # noqa: B023
        background.sink.behave()
        background.move_clock(days=3)
        wait_until(all_sent, what="the departure of all mails", seconds=LOOK)
    figure(f"{FEW} mails, tried on 4 days: {states()}, {more_than_once(background).total()} doubled")
    assert background.sink.taken() == Counter(mails)


def died_and_set_back(background: Background, **guards: str) -> float:
    """A worker dies with a mail in hand under a clock two days ahead; then the clock is set right. Seconds it lay."""
    queued(1)
    background.move_clock(days=2)
    background.sink.hold(at=0, stage="recipient")
    with background.at_work(**guards):
        background.sink.wait_until_held()
        background.worker.kill()
        background.move_clock(days=0)
        background.sink.behave()
        background.restart_worker()
        began = time.monotonic()
        wait_until(all_sent, what="the departure of the mail", seconds=LOOK + 20)
        return time.monotonic() - began


def test_a_lease_from_a_wrong_clock_holds_nobody_up(background, figure):
    lay = died_and_set_back(background)
    figure(f"clock set back by two days: the mail of a dead worker lay for {lay:.0f} s")
    assert background.sink.taken().total() == 1


def test_control_that_believes_every_lease_the_mail_lies_for_days(background, figure):
    with pytest.raises(AssertionError, match="the departure of the mail"):
        died_and_set_back(background, without="disbelief")
    figure(f"control that believes every lease: {states()}")
    assert background.looks(DELIVERING) > 0
    assert [notice.lease_until > now() + dt.timedelta(days=1) for notice in Notice.objects.all()] == [True]
