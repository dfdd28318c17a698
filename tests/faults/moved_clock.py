"""Time that a test moves while other processes run: they ask ``core.clock``, which asks a file of the test.

Only ``tests.faults.settings`` installs it; nothing of the platform knows it.
"""

import datetime as dt
from pathlib import Path

from core import clock

SHIFT = "clock-shift"  # seconds as text


def install(shift: Path) -> None:
    """Before any app is loaded: they take ``now`` by name."""
    true_now = clock.now

    def moved() -> dt.datetime:
        try:
            seconds = float(shift.read_text())
        except FileNotFoundError:
            seconds = 0.0
        return true_now() + dt.timedelta(seconds=seconds)

    clock.now = moved  # type: ignore[assignment]
