"""Web workers and the database are killed under load: what was acknowledged is there, and nobody hangs."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection

from notices.enums import NoticeState
from notices.models import Notice
from surveys.models import Submission
from tests.faults.drafts import Draft, drafts
from tests.faults.load import (
    NOBODY,
    Press,
    open_loop,
    pauses_of_the_page,
    pressed_again,
    slowest,
    statuses,
)
from tests.faults.processes import Postgres, children_of
from tests.faults.server import running_web
from tests.faults.test_long_work import ROUND, all_done, done, prints, prints_asked_for, states
from tests.faults.test_mail import all_sent, more_than_once, queued
from tests.faults.test_submissions import traces
from tests.worker import wait_until

RATE, SECONDS = 50, 30
KILL_EVERY = 3  # seconds
IN_HAND = 2  # requests that a web worker takes before it has answered them; the rest waits outside
MAY_FAIL = 0.01  # of the presses, when the page has tried again by itself
# The database dies so many seconds after the first press, for so long.
DIES_AFTER, AWAY = 5, 8
SAID_WITHIN, LONGEST, NORMAL_WITHIN = 2, 10, 5  # seconds
AFTER_THE_DATABASE = 90


def references(presses: list[Press]) -> set[str]:
    return {press.request.path.split("/")[3] for press in presses}


def acknowledged_and_lost(presses: list[Press]) -> set[str]:
    """Clients saw their receipt, and there is no submission."""
    there = Submission.objects.values_list("response__reference", flat=True)
    return references([press for press in presses if press.is_taken]) - set(there)


# --- Web workers ----------------------------------------------------------------------------------------------


def kill_web_workers(leader: int, times: int, killed: list[int] | None = None) -> None:
    """One after the other, the older one each time."""
    for _time in range(times):
        time.sleep(KILL_EVERY)
        oldest = min(children_of(leader))
        os.kill(oldest, signal.SIGKILL)
        if killed is not None:
            killed.append(oldest)


@dataclass(frozen=True)
class Ordeal:
    """What became of presses while web workers died. ``never``: not taken when pressed by hand either."""

    presses: list[Press]
    killed: int
    lost: set[str]
    half: int
    never: list[Press]

    @property
    def unanswered(self) -> int:
        """Presses whose first try got no answer."""
        return len([press for press in self.presses if press.tries > 1 or press.status in NOBODY])

    @property
    def failed(self) -> list[Press]:
        """Presses that were not taken although their page had tried again by itself."""
        return [press for press in self.presses if not press.is_taken]


def pressed_while_workers_die(
    background, server_folder, *, rate: float = RATE, seconds: float = SECONDS, words: Sequence[str] = ()
) -> Ordeal:
    requests = [unit.submit() for unit in drafts(round(rate * seconds))]
    killed: list[int] = []
    with running_web(server_folder, named=background.named, words=words) as (port, leader):
        killing = partial(kill_web_workers, leader, round(seconds / KILL_EVERY) - 1, killed)
        presses = open_loop(port, requests, rate=rate, meanwhile=killing, pauses=pauses_of_the_page())
        lost, half = acknowledged_and_lost(presses), len(set(traces().values())) - 1
        never = pressed_again(port, [press for press in presses if not press.is_taken])
    return Ordeal(presses, len(killed), lost, half, never)


def test_web_workers_killed_every_three_seconds_lose_nothing(background, server_folder, figure):
    seen = pressed_while_workers_die(background, server_folder)
    count, waits = len(seen.presses), [slowest(seen.presses, share) for share in (0.5, 0.95)]
    figure(
        f"{RATE}/s for {SECONDS} s, {seen.killed} web workers killed: {seen.unanswered / count:.1%} of {count} first "
        f"tries without an answer, {len(seen.failed)} presses, at most {max(press.tries for press in seen.presses)} "
        f"tries, median {waits[0]:.2f} s, p95 {waits[1]:.2f} s; {len(seen.lost)} acknowledged lost"
    )
    assert (seen.killed, count) == (SECONDS // KILL_EVERY - 1, RATE * SECONDS)
    assert seen.lost == set()
    assert seen.half == 0
    assert seen.unanswered <= seen.killed * IN_HAND
    assert len(seen.failed) <= count * MAY_FAIL
    assert seen.never == []
    assert traces() == dict.fromkeys(traces(), count)


CROWD = 4 * RATE  # a second, more than two cores answer: a queue there is, wherever it stands


def test_a_worker_killed_in_a_crowd_costs_what_it_had_in_hand(background, server_folder, figure):
    seen = pressed_while_workers_die(background, server_folder, rate=CROWD, seconds=2 * KILL_EVERY)
    figure(
        f"{CROWD}/s, {seen.killed} web worker killed: {seen.unanswered} of {len(seen.presses)} without an answer"
    )
    assert (seen.lost, seen.failed) == (set(), [])
    assert seen.unanswered <= seen.killed * IN_HAND


def test_control_with_a_queue_in_every_worker_the_queue_dies_with_it(background, server_folder, figure):
    queues = ("--worker-connections", "1000")
    seen = pressed_while_workers_die(
        background, server_folder, rate=CROWD, seconds=2 * KILL_EVERY, words=queues
    )
    figure(
        f"control with a queue in every worker, {CROWD}/s: {seen.unanswered} of {len(seen.presses)} without an answer"
    )
    assert seen.killed == 1
    assert seen.unanswered > seen.killed * IN_HAND


def test_control_that_says_yes_before_it_commits_loses_what_it_acknowledged(
    background, server_folder, figure
):
    requests = [unit.submit() for unit in drafts(RATE * 8)]
    with running_web(server_folder, without="commit", named=background.named) as (port, leader):
        presses = open_loop(port, requests, rate=RATE, meanwhile=partial(kill_web_workers, leader, 2))
        time.sleep(3)
    lost = acknowledged_and_lost(presses)
    figure(f"control that says yes too early: {len(lost)} of {len(presses)} acknowledged lost")
    assert lost != set()


# --- The database ---------------------------------------------------------------------------------------------


@dataclass
class Gap:
    """When the database died and when it answered again: first of the monotonic clock, then since the first press."""

    died: float = 0.0
    back: float = 0.0

    def since(self, began: float) -> Gap:
        return Gap(self.died - began, self.back - began)

    def waited(self, press: Press) -> float:
        """Seconds since the press, or since the death: a queue before it is none of its doing."""
        return press.began + press.took - max(press.began, self.died)


def kill_database(cluster: Postgres, gap: Gap) -> None:
    time.sleep(DIES_AFTER)
    gap.died = time.monotonic()
    cluster.kill()
    time.sleep(AWAY)
    cluster.start()
    gap.back = time.monotonic()


def pressed_while_it_died(port: int, cluster: Postgres, units: list[Draft]) -> tuple[list[Press], Gap]:
    requests = [unit.submit() for unit in units]
    connection.close()
    gap, began = Gap(), time.monotonic()
    presses = open_loop(port, requests, rate=RATE, meanwhile=partial(kill_database, cluster, gap))
    return presses, gap.since(began)


def test_a_killed_database_is_said_at_once_and_loses_nothing(background, own_database, server_folder, figure):
    with own_database() as cluster:
        units = drafts(RATE * SECONDS)
        with running_web(server_folder, named=background.named) as (port, _leader):
            presses, gap = pressed_while_it_died(port, cluster, units)
            lost = acknowledged_and_lost(presses)
            failed = [press for press in presses if not press.is_taken]
            never = pressed_again(port, failed)
        meanwhile = [
            press for press in presses if gap.died <= press.began + press.took and press.began < gap.back
        ]
        told, waits = max(map(gap.waited, failed)), max(map(gap.waited, meanwhile))
        normal = max(press.began + press.took for press in failed) - gap.back
        figure(
            f"PostgreSQL killed for {AWAY} s under {RATE}/s: {statuses(presses)}, 503 within {told:.2f} s, nobody "
            f"waited longer than {waits:.2f} s, last 503 {normal:+.1f} s after it was back; "
            f"{len(lost)} acknowledged lost, {len(never)} not taken when pressed again"
        )
        assert lost == set()
        assert never == []
        assert traces() == dict.fromkeys(traces(), len(units))
    assert set(statuses(failed)) == {503}
    assert {press.retry_after for press in failed} == {"30"}
    assert all("系统暂时不可用".encode() in press.body for press in failed)
    assert told <= SAID_WITHIN
    assert waits <= LONGEST
    assert normal <= NORMAL_WITHIN


def test_control_with_the_pool_as_it_is_people_wait_for_the_database(
    background, own_database, server_folder, figure
):
    with own_database() as cluster:
        units = drafts(RATE * (DIES_AFTER + AWAY))
        with running_web(server_folder, without="pool", named=background.named) as (port, _leader):
            presses, gap = pressed_while_it_died(port, cluster, units)
    waits = max(gap.waited(press) for press in presses if press.began < gap.back)
    figure(f"control with the pool as it is: {statuses(presses)}, longest wait {waits:.1f} s")
    assert waits > LONGEST


def test_control_with_a_database_that_says_yes_early_loses_what_it_acknowledged(
    background, own_database, server_folder, figure
):
    hasty = {"synchronous_commit": "off", "wal_writer_delay": "10000", "wal_writer_flush_after": "100MB"}
    with own_database(**hasty) as cluster:
        requests = [unit.submit() for unit in drafts(RATE)]
        connection.close()
        with running_web(server_folder, named=background.named) as (port, _leader):
            presses = open_loop(port, requests, rate=RATE)
            # The last of them stands in a page that nobody has written yet.
            cluster.kill()
            cluster.start()
            lost = acknowledged_and_lost(presses)
    figure(f"control with synchronous_commit off: {len(lost)} acknowledged lost")
    assert statuses(presses) == {302: RATE}
    assert lost != set()


# --- The database, and background work in hand ------------------------------------------------------------------


def killed_with_work_in_hand(background, cluster: Postgres, **guards: str) -> float:
    """Killed when some prints are done, and when the mail server has just taken a mail; seconds until all is done."""
    asked = prints_asked_for(ROUND)
    mails = queued(ROUND)
    with background.at_work(**guards):
        background.ring(run.pk for run in asked)
        wait_until(lambda: done() >= ROUND // 4, what="a quarter of the prints", seconds=60)
        background.sink.hold(at=len(mails) // 2, stage="content")
        background.sink.wait_until_held()
        connection.close()
        cluster.kill()
        background.sink.behave()  # says 250 now
        time.sleep(AWAY)
        cluster.start()
        back = time.monotonic()
        wait_until(lambda: all_done() and all_sent(), what="prints and mails", seconds=2 * AFTER_THE_DATABASE)
        return time.monotonic() - back


def test_work_in_hand_when_the_database_dies_is_done_once(background, own_database, figure):
    with own_database() as cluster:
        took = killed_with_work_in_hand(background, cluster)
        taken = background.sink.taken()
        figure(
            f"PostgreSQL killed for {AWAY} s with {ROUND} prints and {ROUND} mails under way: {states()}, mails "
            f"{dict(Counter(taken.values()))}, done {took:.0f} s after it was back"
        )
        assert prints() == (ROUND, ROUND)
        assert taken == Counter(Notice.objects.values_list("pk", flat=True))
        assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert took <= AFTER_THE_DATABASE


def test_control_without_a_lasting_note_a_mail_is_sent_twice(background, own_database, figure):
    with own_database() as cluster:
        killed_with_work_in_hand(background, cluster, without="note")
    doubled = more_than_once(background)
    figure(f"control without a lasting note: {doubled.total()} mails doubled")
    assert doubled.total() > 0
