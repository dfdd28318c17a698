"""Writing down that something went on as it should."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.clock import now
from operations.models import Pulse


def beat(name: str, **note: Any) -> None:
    """``name`` is one of ``operations.enums.PulseName``; ``note`` must be plain JSON. No entry in the trail: nobody did
    anything."""
    Pulse.objects.update_or_create(name=name, defaults={"at": now(), "note": note})


def claim(name: str, pause: dt.timedelta) -> bool:
    """Whether the caller may begin now: True for one of several at once, and not again before the pause is over."""
    moment = now()
    _pulse, is_first = Pulse.objects.get_or_create(name=name, defaults={"at": moment})
    return is_first or Pulse.objects.filter(name=name, at__lt=moment - pause).update(at=moment) == 1
