"""How long personal data stay, as rules that the apps name and periods that the office sets.

An app registers a rule in ``AppConfig.ready``; the app on top keeps the periods and runs the rules
(``operations.services.retention``). 个人信息保护法 art. 19: no longer than the purpose needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise

Text = str | Promise

# Days; what is longer was mistyped.
LONGEST = 36_500


@dataclass(frozen=True, slots=True)
class Rule:
    """``due(before)`` finds the rows that are older than that moment, ``expire(rows)`` ends them and says how many.

    ``days`` is what holds until the office sets another period, ``least`` what the law or the work needs.
    """

    code: str
    what: Text
    happens: Text
    days: int
    origin: Text
    due: Callable[[dt.datetime], models.QuerySet]
    expire: Callable[[models.QuerySet], int]
    least: int = 1


_rules: dict[str, Rule] = {}
_set_by_office: list[Callable[[], dict[str, int]]] = []


def register(rule: Rule) -> None:
    """A second rule of the same code replaces the first."""
    _rules[rule.code] = rule


def rules() -> list[Rule]:
    return list(_rules.values())


def use_periods(read: Callable[[], dict[str, int]]) -> None:
    """``read()`` gives the days the office has set, by the code of the rule."""
    _set_by_office[:] = [read]


def periods() -> dict[str, int]:
    """The days that hold now, by the code of the rule."""
    found = {code: rule.days for code, rule in _rules.items()}
    for read in _set_by_office:
        found.update(read())
    return found


def deleted(rows: models.QuerySet) -> int:
    """The plainest end: the rows themselves go."""
    return rows.delete()[1].get(rows.model._meta.label, 0)  # noqa: SLF001 - Django's public _meta
