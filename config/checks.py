"""Checks of the machine, so that a missing library is a sentence at the start and not a slow page later."""

import ctypes
from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

HARFBUZZ_SUBSET = "libharfbuzz-subset.so.0"


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register
def fonts_can_be_subset(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Without this library every PDF carries whole Chinese fonts: 5 s and megabytes instead of 0.05 s."""
    if can_load(HARFBUZZ_SUBSET):
        return []
    return [
        Error(
            f"{HARFBUZZ_SUBSET} is missing; every PDF would take seconds instead of a twentieth of one.",
            hint="apt-get install libharfbuzz-subset0",
            id="platform.E001",
        )
    ]
