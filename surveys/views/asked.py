"""What the addresses of the review desk ask for besides a response: a list to work through, a size, a turn."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from surveys.selectors.queues import QueueFilter, Way


def way_of(request: HttpRequest) -> Way:
    """The list that this reviewer works through; an unknown one means everything."""
    chosen = request.GET.get("list", QueueFilter.AWAITING)
    code = request.GET.get("round", "").replace("\0", "")
    return Way(chosen if chosen in QueueFilter.values else QueueFilter.AWAITING, code)


def chosen_number(request: HttpRequest, name: str, allowed: Iterable[int]) -> int:
    """A small number; anything else means the first that is allowed."""
    numbers = {str(number): number for number in allowed}
    return numbers.get(request.GET.get(name, ""), next(iter(numbers.values())))
