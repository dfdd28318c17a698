"""The lists of the card as choices, and the families."""

from __future__ import annotations

from collections import defaultdict

from injuries.models import Code, Family


def all_codes() -> dict[str, list[Code]]:
    """Every list by its name, in the order of the numbers; one query."""
    lists: defaultdict[str, list[Code]] = defaultdict(list)
    for code in Code.objects.order_by("list", "number"):
        lists[code.list].append(code)
    return dict(lists)


def known_numbers() -> dict[str, frozenset[int]]:
    """What records may hold: also numbers that are no longer offered."""
    lists: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in Code.objects.order_by().values_list("list", "number"):
        lists[name].add(number)
    return {name: frozenset(numbers) for name, numbers in lists.items()}


def labels(name: str) -> dict[int, str]:
    return {code.number: str(code.label) for code in Code.objects.filter(list=name).order_by("number")}


def offered_families() -> list[Family]:
    return list(Family.objects.filter(is_used=True))
