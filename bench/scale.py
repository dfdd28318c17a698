"""10,000 communities × 3 rounds beside 1,000 × 3: queries, time against time, and a late page against the first.

Asked inside this process through Django's test client: gunicorn and the network cost the same at every size.
"""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, RoleGrant, User
from bench import data
from bench.rounds import CODES, ask_everybody
from communities.models import Membership
from reports import pdfs, workbooks
from reports.selectors import UnitFilter
from surveys.enums import AWAITING_REVIEW
from surveys.models import Response, Round

SMALL, LARGE = 1_000, 10_000
TIMES = 15  # each page is asked so often and its quickest answer counts: the machine has other work
LATE = {SMALL: 20, LARGE: 200}  # the last page of fifty
GROWTH, LATE_PAGE = 1.15, 1.2  # goals


@dataclass(frozen=True)
class Asked:
    """What one page costs."""

    queries: int
    milliseconds: float


@dataclass(frozen=True)
class Page:
    name: str
    client: Client
    address: str
    late_address: str = ""


def bench_scale() -> None:
    print(f"\n{SMALL} and {LARGE} communities × {len(CODES)} rounds, staff pages of 50 rows, one process")
    heads = ("page", "queries", "ms", "growth", "late page")
    print(f"{heads[0]:<34}{heads[1]:>12}{heads[2]:>18}{heads[3]:>9}{heads[4]:>11}")
    found = {size: _measured(size) for size in (SMALL, LARGE)}
    for name, small in found[SMALL].items():
        print(_line(name, small, found[LARGE][name], found[LARGE].get(f"{name}, late page")))
    _print_exports()


def _line(name: str, small: Asked, large: Asked, late: Asked | None) -> str:
    growth = large.milliseconds / small.milliseconds
    first = "" if late is None else f"{late.milliseconds / large.milliseconds:.2f}"
    queries = f"{small.queries} -> {large.queries}"
    times = f"{small.milliseconds:.1f} -> {large.milliseconds:.1f}"
    missed = [] if small.queries == large.queries else ["MORE QUERIES"]
    return f"{name:<34}{queries:>12}{times:>18}{growth:>9.2f}{first:>11}  {' '.join(missed)}"


def _measured(size: int) -> dict[str, Asked]:
    data.fill(size)
    rounds = ask_everybody()
    found = {}
    for page in _pages(size, rounds[-1]):
        addresses = (page.address, page.late_address) if page.late_address else (page.address,)
        names = (page.name, f"{page.name}, late page")
        found |= dict(zip(names, ask_in_turns(page.client, *addresses), strict=False))
    return found


def _pages(size: int, survey_round: Round) -> list[Page]:
    staff, unit, anybody = client_of(reviewer()), client_of(_liaison()), client_of(AnonymousUser())
    code, last = survey_round.code, LATE[size]
    units, queue = reverse("reports:units", args=[code]), reverse("surveys:review_queue")
    waiting = Response.objects.filter(stage__in=AWAITING_REVIEW).order_by("pk").first()
    register = reverse("communities:register")
    return [
        Page("staff home", staff, reverse("admin:index")),
        Page("rounds", staff, reverse("reports:round_list")),
        Page("board", staff, reverse("reports:board", args=[code])),
        Page("units", staff, units, f"{units}?page={last}"),
        Page(
            "units in review",
            staff,
            f"{units}?column=in_review",
            f"{units}?column=in_review&page={last // 2}",
        ),
        Page("units late", staff, f"{units}?late=1"),
        Page("units by planned year", staff, f"{units}?planned_year=2027"),
        Page("units by need", staff, f"{units}?need=training", f"{units}?need=training&page={last // 3}"),
        Page("units by search", staff, f"{units}?search=第77街道"),
        Page("review queue", staff, queue, f"{queue}?page={last // 2}"),
        Page("differences to the register", staff, f"{queue}?list=changes"),
        Page("review desk", staff, reverse("surveys:review", args=[waiting.reference])),
        Page("portal of a unit", unit, reverse("surveys:duties")),
        Page("register", anybody, register, f"{register}?page={last}"),
        Page("responses in the admin", staff, reverse("admin:surveys_response_changelist")),
        Page("communities in the admin", staff, reverse("admin:communities_community_changelist")),
    ]


def ask_in_turns(client: Client, *addresses: str) -> tuple[Asked, ...]:
    """One after the other, so that what else the machine does meets all of them."""

    def page(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    queries = []
    for address in addresses:
        page(address)
        with CaptureQueriesContext(connection) as captured:
            page(address)
        queries.append(len(captured))
    turns = [[_computed(partial(page, address)) for address in addresses] for _time in range(TIMES)]
    return tuple(Asked(*found) for found in zip(queries, map(min, zip(*turns, strict=True)), strict=True))


def _computed(work: Callable[[], Any]) -> float:
    """Milliseconds of computing, ours and the database's: what else the machine does is not among them.

    A database elsewhere computes out of sight; then the time that passes is told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not backend.exists():
        return _milliseconds(work)
    began = _nanoseconds(backend)
    work()
    return (_nanoseconds(backend) - began) / 1_000_000


def _nanoseconds(backend: Path) -> int:
    return time.process_time_ns() + int(backend.read_text().split()[0])


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _print_exports() -> None:
    survey_round = Round.objects.select_related("notice", "edition", "programme").get(code=CODES[-1])
    anybody = client_of(AnonymousUser())
    works: dict[str, Callable[[], Any]] = {
        "workbook of the round": partial(
            workbooks.round_workbook, survey_round, UnitFilter(), unmasked=True, progress=id
        ),
        "summary on paper": partial(pdfs.round_summary, survey_round),
        "register as CSV": partial(anybody.get, reverse("communities:register_csv")),
        "register as a workbook": partial(anybody.get, reverse("communities:register_xlsx")),
    }
    for name, work in works.items():
        with CaptureQueriesContext(connection) as queries:
            taken = _milliseconds(work)
        print(f"{name:<34}{len(queries):>12}{taken / 1000:>16.1f} s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"this process at most: {memory} MB")


def client_of(user: Any) -> Client:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="zh-CN")
    if user.is_authenticated:
        client.force_login(user)
    return client


def reviewer() -> User:
    user = User.objects.filter(email="scale-office@example.org").first()
    if user is None:
        user = User.objects.create_user("scale-office@example.org", name="陈专员", is_staff=True)
        RoleGrant.objects.create(user=user, role=Role.objects.get(code="administrator"))
    return user


def _liaison() -> User:
    user = User.objects.filter(email="scale-unit@example.org").first()
    if user is None:
        user = User.objects.create_user("scale-unit@example.org", name="李联络")
        community = Response.objects.filter(round__code=CODES[-1]).order_by("pk").first().community
        role = Role.objects.get(code="community_liaison")
        Membership.objects.create(user=user, community=community, role=role, state="active")
    return user
