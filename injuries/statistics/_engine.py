"""The one door to scipy. Its statistics take a second and 60 MB to load, so the first figure opens it, not the start.

A worker that never shows an injury figure never pays. Tests hold that ``import injuries.statistics`` leaves scipy out.
"""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def stats() -> Any:
    """``scipy.stats``: exact distributions and tests."""
    return import_module("scipy.stats")


@cache
def optimize() -> Any:
    """``scipy.optimize``: linear programs (HiGHS)."""
    return import_module("scipy.optimize")


@cache
def sparse() -> Any:
    """``scipy.sparse``: the sums that bind published figures, as a matrix."""
    return import_module("scipy.sparse")
