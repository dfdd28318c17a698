"""Which pages are measured, what is sent to each, and the goal as a part of the floor's requests per second."""

from dataclasses import dataclass

from django.urls import reverse

from bench.load import request_bytes
from surveys.models import Response


@dataclass(frozen=True)
class Page:
    name: str
    goal: float
    ours: list[bytes]
    floor: list[bytes]
    status: int = 200
    floor_status: int = 200
    repeat: bool = True  # a submission counts once


def pages(port: int, responses: list[Response], session: str) -> list[Page]:
    return [register(port), detail(port)]


def register(port: int) -> Page:
    return Page(
        "register list",
        1 / 3,
        [request_bytes(port, reverse("communities:register"))],
        [request_bytes(port, "/floor/list/")],
    )


def detail(port: int) -> Page:
    return Page(
        "detail",
        1 / 12,
        [request_bytes(port, reverse("communities:entry", args=[1000 + number])) for number in range(100)],
        [request_bytes(port, f"/floor/detail/{1000 + number}/") for number in range(100)],
    )
