"""Prints every figure beside its floor of the same run, the ratio and the goal. Asserts nothing: machines differ."""

import os
import sys
from dataclasses import dataclass

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from bench import data, pages
from bench.load import Figures, WrongAnswer, measure
from bench.prints import FORMS, measure_in_child
from bench.server import fresh_database, gunicorn, worker_memory

SIZES = (127, 10_000)
DRAFTS = 300
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
        floor = measure(port, page.floor, expected=page.floor_status, seconds=page.repeat * SECONDS)
        ours = measure(port, page.ours, expected=page.status, seconds=page.repeat * SECONDS)
        lines.append(Line(page.name, size, ours, floor, page.goal))
        print(lines[-1], flush=True)
    return lines


def prepare() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("build_fonts", verbosity=0)
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


def bench_prints() -> None:
    print(f"\n{FORMS} forms of two pages as PDF, one process")
    ours, plain = measure_in_child("ours"), measure_in_child("plain")
    for name, side in (("ours", ours), ("plain WeasyPrint", plain)):
        print(
            f"{name:<18}{side.seconds:6.1f} s  {side.each:6.1f} ms each  {side.kilobytes:6.0f} kB each"
            f"  {side.megabytes:5d} MB"
        )
    print(f"ratio {plain.seconds / ours.seconds:.2f}; goals: <= 45 ms and <= 80 kB each, <= 130 MB")


def main() -> int:
    with fresh_database():
        prepare()
        try:
            bench_pages()
        except WrongAnswer as error:
            print(f"A page did not answer as expected: {error}", file=sys.stderr)
            return 1
        finally:
            connection.close()
        bench_prints()
    return 0


if __name__ == "__main__":
    sys.exit(main())
