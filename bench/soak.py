"""Open loop: a submission leaves every 20 ms whatever became of those before; no client waits politely for the server.

A time is counted from the moment the request was due, so that a stall shows in every request it held up.
"""

import asyncio
import time
from dataclasses import dataclass, field

from django.db import connection

from audit.models import AuditEntry
from bench import data
from bench.load import request_bytes
from bench.pages import address
from documents.models import Run
from notices.models import Notice
from surveys.enums import Stage
from surveys.models import Answer, Response, Submission
from surveys.selectors.rounds import questionnaire
from surveys.services.submissions import PRINT, content_of

PER_SECOND, SECONDS = 50, 30
UNITS = PER_SECOND * SECONDS
CODE = "soak"
GOAL = 60  # milliseconds at 95 %
PATIENCE = 20  # seconds until an answer counts as none
FLOOR = PER_SECOND * 10  # bare Django is sent a third of it, in the same run


@dataclass
class Outcome:
    """``lands``: what the head of an answer must hold to count as a success."""

    lands: bytes
    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        times = sorted(self.milliseconds)
        return times[min(int(len(times) * share), len(times) - 1)] if times else float("nan")


def bench_soak(port: int) -> None:
    data.fill(UNITS)
    responses, session = data.open_round(UNITS, code=CODE)
    requests = submissions(port, responses, session)
    plain = [
        request_bytes(port, f"/floor/submit/{response.pk}/", session=session, form={"field0": "改"})
        for response in responses[:FLOOR]
    ]
    data.analyse()
    connection.close()
    floor = asyncio.run(_send_all(port, plain, lands=b"Location: /"))
    # Every other page means that it was not handed in.
    _print(asyncio.run(_send_all(port, requests, lands=b"/receipt/")), floor)


def submissions(port: int, responses: list[Response], session: str) -> list[bytes]:
    """One press of the button for each draft, as the check page would send it."""
    form = questionnaire(responses[0].round.edition)
    rows: dict[int, dict[str, Answer]] = {}
    for answer in Answer.objects.filter(response__in=responses):
        rows.setdefault(answer.response_id, {})[answer.question] = answer
    sent = []
    for response in responses:
        _answers, digest = content_of(form, rows[response.pk])
        values = {"agreed": "on", "submission_key": f"{response.pk:032x}", "content_hash": digest}
        sent.append(request_bytes(port, address("submit", response), session=session, form=values))
    return sent


async def _send_all(port: int, requests: list[bytes], *, lands: bytes) -> Outcome:
    outcome, idle = Outcome(lands), asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
    start = time.perf_counter() + 0.5
    tasks = []
    for number, request in enumerate(requests):
        due = start + number / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_send(port, request, due, idle, outcome)))
    await asyncio.gather(*tasks)
    while not idle.empty():
        idle.get_nowait()[1].close()
    return outcome


async def _send(port: int, request: bytes, due: float, idle: asyncio.LifoQueue, outcome: Outcome) -> None:
    try:
        head = await asyncio.wait_for(_exchange(port, request, idle), PATIENCE)
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
        outcome.errors.append(f"{type(error).__name__} {error}")
        return
    if outcome.lands in head:
        outcome.milliseconds.append((time.perf_counter() - due) * 1000)
    else:
        outcome.errors.append(head.decode("latin-1"))


async def _exchange(port: int, request: bytes, idle: asyncio.LifoQueue) -> bytes:
    """The head of the answer, over a connection that lies idle, as nginx keeps some, or over a new one."""
    streams = None
    while not idle.empty() and streams is None:
        kept = idle.get_nowait()
        streams = None if kept[0].at_eof() else kept
    reader, writer = streams or await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    idle.put_nowait((reader, writer))
    return head


def _print(outcome: Outcome, floor: Outcome) -> None:
    mine = Response.objects.filter(round__code=CODE)
    rows = Submission.objects.filter(response__in=mine, version=1)
    keys = [f"{PRINT}:{pk}" for pk in rows.values_list("pk", flat=True)]
    print(
        f"\nopen loop, {PER_SECOND} submissions a second for {SECONDS} s, 2 gunicorn workers, PostgreSQL:\n"
        f"  accepted {len(outcome.milliseconds)} of {UNITS}, errors {len(outcome.errors)} {outcome.errors[:3]}\n"
        f"  median {outcome.at(0.5):.1f} ms, p95 {outcome.at(0.95):.1f} ms (goal <= {GOAL}), "
        f"p99 {outcome.at(0.99):.1f} ms, slowest {outcome.at(1):.1f} ms\n"
        f"  bare Django at the same pace: median {floor.at(0.5):.1f} ms, p95 {floor.at(0.95):.1f} ms, "
        f"errors {len(floor.errors)}\n"
        f"  rows: submissions {rows.count()}, states {mine.filter(stage=Stage.SUBMITTED).count()}, "
        f"prints asked for {Run.objects.filter(key__in=keys).count()}, "
        f"receipts queued {Notice.objects.filter(kind='response_submitted').count()}, "
        f"trail {AuditEntry.objects.filter(action='response.submit').count()}"
    )
