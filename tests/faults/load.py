"""Requests that keep coming whatever becomes of those before: an open loop, with what each client saw."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from tests.faults.wire import Request, exchange, header, understood

ENOUGH = 5  # times somebody presses again
NOBODY = {0, 502, 503, 504}  # after these the page presses again by itself


@dataclass(frozen=True)
class Press:
    """``began`` and ``took`` in seconds, ``began`` since the loop did; status 0 is no answer at all.

    With ``tries`` above 1 the page has pressed again by itself; ``took`` is the whole time that somebody waited.
    """

    request: Request
    began: float
    took: float
    status: int = 0
    head: bytes = b""
    body: bytes = b""
    tries: int = 1

    @property
    def is_taken(self) -> bool:
        """The client was sent on, to what the request asked for."""
        return self.status == HTTPStatus.FOUND and not header(self.head, "location").startswith("/login/")

    @property
    def retry_after(self) -> str:
        return header(self.head, "retry-after")


async def press(port: int, request: Request, start: float) -> Press:
    began = time.monotonic()

    def seen(head: bytes = b"", body: bytes = b"") -> Press:
        status = understood(head).status if head else 0
        return Press(request, began - start, time.monotonic() - began, status, head, body)

    try:
        return seen(*await exchange(port, request))
    except (OSError, asyncio.IncompleteReadError):
        return seen()


async def pressed_by_a_page(port: int, request: Request, start: float, pauses: list[float]) -> Press:
    """As the page's script does: again by itself, after each of the pauses, as long as nobody answers."""
    began = time.monotonic()
    last = await press(port, request, start)
    for tries, pause in enumerate(pauses, 2):
        if last.status not in NOBODY:
            break
        await asyncio.sleep(pause)
        last = replace(await press(port, request, start), tries=tries)
    return replace(last, began=began - start, took=time.monotonic() - began)


def pauses_of_the_page() -> list[float]:
    """Seconds, as they stand in the script."""
    script = (Path(settings.BASE_DIR) / "static/js/press.js").read_text()
    found = re.search(r"const PAUSES = \[([\d, ]+)\];", script)
    assert found is not None
    return [int(pause) / 1000 for pause in found[1].split(",")]


def open_loop(
    port: int,
    requests: list[Request],
    *,
    rate: float,
    meanwhile: Callable[[], None] = lambda: None,
    pauses: list[float] | None = None,
) -> list[Press]:
    """So many requests a second, each on a connection of its own; ``meanwhile`` runs beside them."""

    async def everybody() -> list[Press]:
        start = time.monotonic()

        async def in_turn(number: int, request: Request) -> Press:
            await asyncio.sleep(number / rate)
            return await pressed_by_a_page(port, request, start, pauses or [])

        beside = asyncio.create_task(asyncio.to_thread(meanwhile))
        presses = await asyncio.gather(*(in_turn(*pair) for pair in enumerate(requests)))
        await beside
        return presses

    return asyncio.run(everybody())


def pressed_again(port: int, failed: list[Press]) -> list[Press]:
    """What somebody does who saw no answer; those that were never taken."""
    for _time in range(ENOUGH):
        if failed:
            again = open_loop(port, [press.request for press in failed], rate=20)
            failed = [press for press in again if not press.is_taken]
    return failed


def statuses(presses: list[Press]) -> dict[int, int]:
    return dict(sorted(Counter(press.status for press in presses).items()))


def slowest(presses: list[Press], share: float = 1.0) -> float:
    """The slowest, or the one slower than this share of them."""
    took = sorted(press.took for press in presses)
    return took[max(0, round(len(took) * share) - 1)] if took else 0.0
