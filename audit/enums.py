"""What the actions of the trail are called. An app names its own in ``AppConfig.ready``."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

# The actor of an entry that no person caused.
SYSTEM = "system"

_labels: dict[str, str | Promise] = {}
_facts: dict[str, tuple[str | Promise, Mapping[str, Any]]] = {}


def name_actions(labels: Mapping[str, str | Promise]) -> None:
    """``name_actions({"account.create": _("Account created")})``; an action without a name shows its code."""
    _labels.update(labels)


def action_label(action: str) -> str:
    return str(_labels.get(action, action))


def named_actions() -> dict[str, str]:
    return {code: str(label) for code, label in _labels.items()}


def name_fact(fact: str, label: str | Promise, choices: Mapping[str, Any] | None = None) -> None:
    """What a fact is called that is no field of the object the entry is about, and how its values read."""
    _facts[fact] = (label, choices or {})


def fact_label(fact: str) -> str:
    return str(_facts[fact][0]) if fact in _facts else fact


def fact_choices(fact: str) -> Mapping[str, Any]:
    return _facts[fact][1] if fact in _facts else {}
