"""Reminders of 10,000 units planned and delivered, and the lists of what was written, each beside its bare floor.

Planning beside one bulk insert of as many rows; delivery beside an smtplib loop that sends as many messages of the same
size to the same mail server; lists beside a bare Django list of the same rows. In turns where it lasts long enough.
"""

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import Role, RoleGrant, User
from bench import data
from bench.server import ROOT, free_port
from communities.models import Community, Contact
from core import clock
from notices import emails, services
from notices.models import CalendarException, Notice, ReminderPlan
from surveys.models import Invitation, Response
from surveys.services import reminders

UNITS = int(os.environ.get("BENCH_MAILS", "10000"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
CODE = "mail"
PAGE, TIMES = 50, 5


def bench_mail() -> None:
    print(
        f"\n{UNITS} units reminded, {ENTRIES} entries of the trail, PostgreSQL, a mail server on this machine"
    )
    print(f"{'work':<34}{'ours':>12}{'floor':>12}{'ratio':>9}")
    due_on = _ask_everybody()
    with clock.frozen(f"{due_on - timedelta(days=14)} 10:30"):
        _bench_planning()
        _bench_delivery()
    _bench_lists()


def _ask_everybody() -> date:
    """The last day of a round that every unit still owes something in, in a time that knows no day off."""
    data.fill(UNITS)
    survey_round = data.round_of(CODE)
    CalendarException.objects.bulk_create(
        CalendarException(day=survey_round.deadline_on - timedelta(days=number), works=True)
        for number in range(60)
    )
    communities = list(Community.objects.order_by("pk"))
    invitations = Invitation.objects.bulk_create(
        Invitation(
            round=survey_round,
            community=community,
            code_digest=f"{CODE}-{community.pk}",
            valid_until=survey_round.closes_on,
            created_at=clock.now() - timedelta(days=60),
        )
        for community in communities
    )
    Response.objects.bulk_create(
        Response(
            round=survey_round,
            community=invitation.community,
            invitation=invitation,
            reference=f"AQ{invitation.pk:06d}",
        )
        for invitation in invitations
    )
    Contact.objects.bulk_create(
        Contact(community=community, role="liaison", name="李联络", email=f"unit{community.pk}@example.org")
        for community in communities
    )
    reminders.start(survey_round, by=None)
    ReminderPlan.objects.update(active_since=clock.now() - timedelta(days=60))
    data.analyse()
    return survey_round.deadline_on


# --- planning -----------------------------------------------------------------------------------------------


def _bench_planning() -> None:
    ours = _seconds(services.plan_reminders)
    planned = list(Notice.objects.all())
    assert len(planned) == UNITS, len(planned)
    Notice.objects.all().delete()
    floor = _seconds(lambda: Notice.objects.bulk_create([_copy(row) for row in planned], batch_size=500))
    _say(f"plan {UNITS} reminders", ours, floor)
    _say("plan again: nothing is new", _seconds(services.plan_reminders), floor)


def _copy(row: Notice) -> Notice:
    return Notice(
        kind=row.kind,
        address=row.address,
        subject=row.subject,
        due_on=row.due_on,
        step=row.step,
        community_id=row.community_id,
        context=row.context,
    )


# --- delivery -----------------------------------------------------------------------------------------------


def _bench_delivery() -> None:
    ours = floor = 0.0
    with (
        _sink() as port,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
        ),
    ):
        same = emails.message(Notice.objects.order_by("pk").first()).message().as_bytes(linesep="\r\n")
        while True:  # a round of the worker, then as many bare ones
            began = time.perf_counter()
            gone = _deliver()
            if not gone:
                break
            ours += time.perf_counter() - began
            floor += _seconds(lambda gone=gone: _send_bare(port, same, gone))
    sent = Notice.objects.filter(state="sent").count()
    assert sent == UNITS, sent
    _say(f"deliver {sent} mails", ours, floor)
    print(f"{'':<34}{sent / ours:>10.0f}/s{sent / floor:>10.0f}/s")


def _deliver() -> int:
    with emails.Post() as post:
        return services.deliver_waiting(send=post)


def _send_bare(port: int, raw: bytes, count: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            server.sendmail(settings.DEFAULT_FROM_EMAIL, [f"unit{number}@example.org"], raw)


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the mail server did not answer within 10 s.")


# --- lists --------------------------------------------------------------------------------------------------


def _bench_lists() -> None:
    _write_trail()
    staff = _staff()
    for name, ours, floor, rows in (
        ("outbox", reverse("admin:notices_notice_changelist"), "/floor/outbox/", Notice.objects.count()),
        ("audit trail", reverse("admin:audit_auditentry_changelist"), "/floor/trail/", ENTRIES),
    ):
        last = -(-rows // PAGE)
        for page in (1, last):
            asked = [f"{address}?{key}={page}" for address, key in ((ours, "p"), (floor, "page"))]
            best = [float("inf"), float("inf")]
            for _time in range(TIMES):  # in turns; the quickest answer counts
                for side, address in enumerate(asked):
                    best[side] = min(best[side], _seconds(lambda address=address: _get(staff, address)))
            _say(f"{name}, {rows} rows, page {page}", *best)


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"


def _staff() -> Client:
    user = User.objects.create_user("mail-office@example.org", name="陈专员", is_staff=True)
    RoleGrant.objects.create(user=user, role=Role.objects.get(code="administrator"))
    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="zh-CN")
    client.force_login(user)
    return client


def _write_trail() -> None:
    """By the database itself: a million rows in seconds; one a minute over two years."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO audit_auditentry
                (at, action, actor_id, actor_label, target_type, target_id, target_label, changes, reason, seal)
            SELECT now() - number * interval '1 minute', 'response.submit', number %% 300, '李联络',
                   'surveys.response', number::text, '第' || number || '街道', '{"version": 1}', '', ''
            FROM generate_series(1, %s) AS number
            """,
            [ENTRIES],
        )
    data.analyse()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _say(name: str, ours: float, floor: float) -> None:
    unit, times = ("s", 1) if max(ours, floor) > 2 else ("ms", 1000)
    print(
        f"{name:<34}{ours * times:>10.1f} {unit}{floor * times:>9.1f} {unit}{ours / floor:>8.2f}", flush=True
    )
