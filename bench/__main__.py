"""Prints every figure beside its floor of the same run, the ratio and the goal. Asserts nothing: machines differ.

``make bench`` measures every part, ``make bench ARGS="soak scale"`` those named.
"""

import os
import sys
from dataclasses import dataclass

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from bench import data, pages
from bench.injuries import bench_injuries
from bench.load import Figures, WrongAnswer, measure, together
from bench.mail import bench_mail
from bench.prints import bench_prints
from bench.recognition import bench_recognition
from bench.scale import bench_scale
from bench.server import fresh_database, gunicorn, worker_memory
from bench.soak import bench_soak
from bench.work import bench_work

SIZES = (127, 10_000)
DRAFTS = 300
TURNS = 4
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))


@dataclass(frozen=True)
class Line:
    name: str
    size: int
    ours: Figures
    floor: Figures
    goal: float  # of the floor's requests per second

    @property
    def ratio(self) -> float:
        return self.ours.per_second / self.floor.per_second

    def __str__(self) -> str:
        ratio = self.ratio
        verdict = "reached" if ratio >= self.goal else "MISSED"
        return f"{self.name:<16}{self.size:>7}  {self.ours}  {self.floor}  {ratio:5.2f}  >= {self.goal:4.2f}  {verdict}"


def measure_pages(size: int, port: int) -> list[Line]:
    data.fill(size)
    responses, session = data.open_round(min(size, DRAFTS), code=f"bench-{size}")
    connection.close()  # the load generator forks
    lines = []
    for page in pages.pages(port, responses, session):
        lines.append(Line(page.name, size, *measure_in_turns(page, port), page.goal))
        print(lines[-1], flush=True)
    return lines


def measure_in_turns(page: pages.Page, port: int) -> tuple[Figures, Figures]:
    """Ours and the floor, a slice of each after the other: what else the machine does then meets both."""
    ours, floor = [], []
    for turn in range(TURNS):
        seconds = page.repeat * SECONDS / TURNS
        share = slice(None) if page.repeat else slice(turn, None, TURNS)
        floor.append(measure(port, page.floor[share], expected=page.floor_status, seconds=seconds))
        ours.append(measure(port, page.ours[share], expected=page.status, lands=page.lands, seconds=seconds))
    return together(ours), together(floor)


def prepare() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def bench_pages() -> None:
    print(
        "2 gunicorn workers, PostgreSQL, 4 connections; ours beside bare Django with the same rows and middleware"
    )
    print(f"{'page':<16}{'rows':>7}  {'ours':^23}  {'floor':^23}  ratio  goal")
    with gunicorn() as (port, master):
        small, large = (measure_pages(size, port) for size in SIZES)
        # Against the floor of each size: the machine may have been busier during one of them.
        growth = small[0].ratio / large[0].ratio
        print(
            f"{small[0].name}: time at {SIZES[1]} rows / time at {SIZES[0]} rows = {growth:.2f} (goal <= 1.15)"
        )
        print(f"biggest web worker afterwards: {worker_memory(master)} MB (goal <= 110)")


def soak() -> None:
    with gunicorn() as (port, _master):
        bench_soak(port)


# Each part begins on an empty database of its own.
PARTS = {
    "pages": bench_pages,
    "soak": soak,
    "scale": bench_scale,
    "work": bench_work,
    "injuries": bench_injuries,
    "mail": bench_mail,
    "prints": bench_prints,
    "recognition": bench_recognition,
}


def run(part: str) -> None:
    with fresh_database():
        prepare()
        try:
            PARTS[part]()
        finally:
            connection.close()
            connection.close_pool()  # or the next part is given connections to the database that is dropped now


def main(wanted: list[str]) -> int:
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"make bench knows no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    try:
        for part in wanted or PARTS:
            run(part)
    except WrongAnswer as error:
        print(f"A page did not answer as expected: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
