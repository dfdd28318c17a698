"""Prints and letters are made once: workers die, the broker is away or forgets everything."""

import asyncio
import datetime as dt
import time
from collections import Counter

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.urls import reverse

from accounts.enums import RoleCode
from core.clock import today
from documents.enums import FileKind, RunState
from documents.models import Run, StoredFile
from notices.enums import NoticeState
from notices.models import Notice
from surveys.models import Invitation, Submission
from surveys.services import letters
from surveys.services.submissions import PRINT, print_key
from tests.factories import CommunityFactory, UserFactory, staff_user
from tests.faults.drafts import Draft, drafts, round_of_today
from tests.faults.jobs import Background
from tests.faults.load import Press, press, slowest, statuses
from tests.faults.server import running_web
from tests.faults.wire import Request
from tests.surveys.scenes import submitted
from tests.worker import wait_until

ROUND = 127
FORGOTTEN = 100
AFTER_A_KILL, AFTER_REDIS, AFTER_A_FLUSH = 90, 60, 120  # seconds
# What the clock rings for every 20 s.
REAPING, DELIVERING = "documents.tasks.reap_runs", "notices.tasks.deliver_waiting"
AWAY, EVERY = 30, 3  # seconds
AT_ONCE = 2  # seconds within which a page answers although the broker is away
PASSWORD = "correct horse 47"


def prints_asked_for(count: int) -> list[Run]:
    """The rows alone, as they are when the bell was not heard."""
    survey_round = round_of_today()
    handed_in = [submitted(CommunityFactory(), round=survey_round, pages=0) for _unit in range(count)]
    return [
        Run.objects.create(handler=PRINT, parameters={"submission": row.pk}, key=print_key(row))
        for row in handed_in
    ]


def letters_asked_for() -> Run:
    """To every unit of the round, one file each in one archive."""
    Invitation.objects.update(valid_until=today() + dt.timedelta(days=30))
    rows = list(Invitation.objects.values_list("pk", "round_id"))
    parameters = {"invitations": [pk for pk, _round in rows], "round": rows[0][1]}
    by = staff_user(RoleCode.CASE_OFFICER, name="周经办")
    return Run.objects.create(handler=letters.ONE_EACH, parameters=parameters, requested_by=by)


def done() -> int:
    return Run.objects.filter(state=RunState.DONE).count()


def all_done() -> bool:
    return not Run.objects.exclude(state=RunState.DONE).exists()


def states() -> dict[str, int]:
    return dict(Counter(Run.objects.values_list("state", flat=True)))


def in_hand() -> set[int]:
    return set(Run.objects.filter(state=RunState.RUNNING).values_list("pk", flat=True))


def prints() -> tuple[int, int]:
    """Submissions that have their print, and prints that there are."""
    return (
        Submission.objects.filter(print_file__isnull=False).count(),
        StoredFile.objects.filter(kind=FileKind.FORM_PRINT).count(),
    )


def orphans(background: Background) -> int:
    """Files on the disk that no row names: a worker died between the two."""
    place = FileSystemStorage(background.folder / "files")
    known = set(StoredFile.objects.values_list("file", flat=True))
    folders = [f"{year}/{month}" for year in place.listdir("")[0] for month in place.listdir(year)[0]]
    return len({f"{name}/{file}" for name in folders for file in place.listdir(name)[1]} - known)


# --- The worker dies ------------------------------------------------------------------------------------------


OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def nobody_else_is_connected() -> bool:
    """What the dead had still asked of the database is done."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return cursor.fetchone() == (0,)


def killed_while_at_it(background: Background, *places: int) -> set[int]:
    """Each time so many are done, and something is in hand; the runs that were."""
    held: set[int] = set()
    for place in places:
        wait_until(lambda: done() >= place, what=f"run number {place}", seconds=60)  # noqa: B023
        # What the dead held is still marked so: it needs one in living hands.
        background.worker.kill_when(lambda: in_hand() - held, what="a run in hand")  # noqa: B023
        wait_until(nobody_else_is_connected, what="the end of the dead worker's connections")
        held |= in_hand()
        background.restart_worker()
    return held


def test_a_worker_killed_three_times_makes_every_print_and_the_letters_once(background, figure):
    asked = prints_asked_for(ROUND)
    archive = letters_asked_for()
    with background.at_work():
        background.ring([archive.pk, *(run.pk for run in asked)])
        # Every bell twice: two workers hear of each.
        background.ring(run.pk for run in asked)
        held = killed_while_at_it(background, 15, 45, 80)
        killed = time.monotonic()
        wait_until(all_done, what="the end of all runs", seconds=2 * AFTER_A_KILL)
        took = time.monotonic() - killed
    again = set(Run.objects.filter(attempts__gt=1).values_list("pk", flat=True))
    figure(
        f"{ROUND} prints and {ROUND} letters, worker killed 3 times with {len(held)} runs in hand: {states()}, "
        f"{len(again)} begun again, {orphans(background)} files left over, done {took:.0f} s after the last kill"
    )
    assert prints() == (ROUND, ROUND)
    assert StoredFile.objects.filter(kind=FileKind.LETTER).count() == 1
    assert again == held
    assert len(held) >= 3
    assert took <= AFTER_A_KILL


def test_control_without_lapsing_leases_what_was_in_hand_is_never_made(background, figure):
    asked = prints_asked_for(FORGOTTEN)
    with background.at_work(without="lapse"):
        background.ring(run.pk for run in asked)
        held = killed_while_at_it(background, FORGOTTEN // 3)
        wait_until(lambda: done() == FORGOTTEN - len(held), what="all the others", seconds=2 * AFTER_A_FLUSH)
        background.move_clock(hours=1)
        background.wait_for_looks(REAPING)
    figure(f"control without lapsing leases: {states()} an hour later")
    assert held != set()
    assert in_hand() == held


def test_control_without_leases_two_workers_make_the_same_print(background, figure):
    asked = prints_asked_for(FORGOTTEN)
    with background.at_work(without="lease"):
        background.ring(run.pk for run in asked for _bell in range(2))
        wait_until(lambda: done() > FORGOTTEN // 2, what="half of the prints", seconds=120)
    again = Run.objects.filter(attempts__gt=1).count()
    figure(f"control without leases: {again} of {done()} prints made twice")
    assert again > 0


# --- The broker forgets, or is away ---------------------------------------------------------------------------


def forgotten(background: Background) -> list[Run]:
    """A hundred bells are rung, and the broker forgets them all before anybody hears one."""
    asked = prints_asked_for(FORGOTTEN)
    background.ring(run.pk for run in asked)
    assert background.redis.flush() == FORGOTTEN
    return asked


def test_a_broker_that_forgets_a_hundred_bells_costs_time_alone(background, figure):
    forgotten(background)
    began = time.monotonic()
    with background.at_work():
        wait_until(all_done, what="all prints", seconds=2 * AFTER_A_FLUSH)
        took = time.monotonic() - began
    figure(f"FLUSHALL with {FORGOTTEN} queued: {states()} after {took:.0f} s, worker's start included")
    assert prints() == (FORGOTTEN, FORGOTTEN)
    assert took <= AFTER_A_FLUSH


def test_control_without_the_reaper_what_the_broker_forgot_is_never_made(background, figure):
    first, *_others = forgotten(background)
    with background.at_work(without="reaper"):
        background.ring([first.pk])
        wait_until(lambda: done() == 1, what="the one that was rung for again", seconds=AFTER_A_FLUSH)
        background.wait_for_looks(DELIVERING)
    figure(f"control without reaper: {states()}, the one that was rung for again")
    assert done() == 1


def log_in() -> Request:
    """Of somebody new, with a password as an installation keeps it."""
    user = UserFactory(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 4))
    return Request(reverse("accounts:login"), "", {"identifier": user.email, "password": PASSWORD})


def saved(draft: Draft, text: str) -> Request:
    path = reverse("surveys:answer_save", args=[draft.response.reference])
    return Request(path, draft.session, {"question": "plan", "value": text, "seen": ""})


def while_the_broker_is_away(port: int, units: list[Draft], background: Background) -> list[Press]:
    """Hand in, save and log in, every few seconds; then the broker is back, and remembers nothing."""
    background.redis.kill()
    presses, start = [], time.monotonic()
    door = log_in()
    for number in range(0, len(units), 2):
        handing_in, writing = units[number : number + 2]
        requests = (handing_in.submit(), saved(writing, f"断线时写的{number}"), door)
        presses += [asyncio.run(press(port, request, start)) for request in requests]
        time.sleep(max(0.0, start + EVERY * (number / 2 + 1) - time.monotonic()))
    background.redis.start()
    return presses


def longest(presses: list[Press]) -> float:
    """Of all but the log-ins: proving a password takes the processor half a second when nobody else wants it."""
    return slowest([press for press in presses if press.request.path != reverse("accounts:login")])


def units_to_press() -> list[Draft]:
    """Every second one has not answered the question that is saved."""
    units = drafts(2 * AWAY // EVERY)
    for unit in units[1::2]:
        unit.response.answers.filter(question="plan").delete()
    return units


def test_without_the_broker_everybody_goes_on_and_afterwards_all_is_done_once(
    background, server_folder, figure
):
    units = units_to_press()
    with background.at_work(), running_web(server_folder, named=background.named) as (port, _leader):
        presses = while_the_broker_is_away(port, units, background)
        back = time.monotonic()
        sent = Notice.objects.exclude(state=NoticeState.SENT)
        wait_until(lambda: all_done() and not sent.exists(), what="prints and mails", seconds=2 * AFTER_REDIS)
        took = time.monotonic() - back
    figure(
        f"Redis away for {AWAY} s: {statuses(presses)}, longest wait {longest(presses):.2f} s, for a log-in "
        f"{slowest(presses):.2f} s; {prints()[0]} prints and {background.sink.taken().total()} mails {took:.0f} s "
        f"after it was back"
    )
    times = AWAY // EVERY
    assert statuses(presses) == {200: times, 302: 2 * times}
    assert longest(presses) <= AT_ONCE
    assert prints() == (times, times)
    assert background.sink.taken() == Counter(Notice.objects.values_list("pk", flat=True))
    assert Notice.objects.count() == times
    assert took <= AFTER_REDIS


def test_control_with_a_bell_that_is_waited_for_pages_hang(background, server_folder, figure):
    units = units_to_press()[:4]
    with running_web(server_folder, without="quiet", named=background.named) as (port, _leader):
        presses = while_the_broker_is_away(port, units, background)
    figure(f"control with a bell that is waited for: longest wait {longest(presses):.2f} s")
    assert longest(presses) > AT_ONCE
