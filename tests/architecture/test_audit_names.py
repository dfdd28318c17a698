"""Every action that code writes into the trail has a name that staff can read."""

import ast
from itertools import chain

from audit.enums import named_actions
from projects.lifecycle.projects import PROJECT_LIFECYCLE
from projects.lifecycle.reports import LIFECYCLE as REPORTS
from projects.lifecycle.shortcomings import SHORTCOMING_LIFECYCLE
from projects.selectors.shelves import REGISTERS
from projects.services.projects import PARTS
from surveys.enums import ChangeState
from surveys.lifecycle import LIFECYCLE, ROUND_LIFECYCLE
from tests.architecture.sources import app_files, nodes, tree


def recorded_actions() -> set[str]:
    """The first argument of every ``record(…)`` that is written out, and every ``action="…"`` given to one."""
    calls = chain.from_iterable(
        (node for node in nodes(tree(path)) if isinstance(node, ast.Call)) for path in app_files()
    )
    calls = list(calls)
    handed_on = {
        keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "action"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
        and "." in keyword.value.value
    }
    return handed_on | {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute | ast.Name)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) == "record"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_every_recorded_action_has_a_name():
    composed = {f"response.{move.name}" for move in LIFECYCLE}
    composed |= {f"round.{move.name}" for move in ROUND_LIFECYCLE}
    composed |= {f"report.{move.name}" for move in REPORTS}
    composed |= {f"register_change.{state}" for state in (ChangeState.APPLIED, ChangeState.DISMISSED)}
    composed |= {f"project.{move.name}" for move in PROJECT_LIFECYCLE}
    composed |= {f"shortcoming.{move.name}" for move in SHORTCOMING_LIFECYCLE}
    composed |= {f"{part}.{done}" for part in PARTS.values() for done in ("add", "change", "remove")}
    kept = {register.action for register in REGISTERS.values()}
    composed |= {f"{action}.{done}" for action in kept for done in ("add", "change", "remove")}
    written = recorded_actions()
    assert len(written) > 30
    assert sorted((written | composed) - named_actions().keys()) == []
