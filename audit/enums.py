"""What the actions of the trail are called. An app names its own in ``AppConfig.ready``."""

from collections.abc import Mapping

from django.utils.functional import Promise

# The actor of an entry that no person caused.
SYSTEM = "system"

_labels: dict[str, str | Promise] = {}


def name_actions(labels: Mapping[str, str | Promise]) -> None:
    """``name_actions({"account.create": _("Account created")})``; an action without a name shows its code."""
    _labels.update(labels)


def action_label(action: str) -> str:
    return str(_labels.get(action, action))


def named_actions() -> dict[str, str]:
    return {code: str(label) for code, label in _labels.items()}
