"""Loads a module when it is first used: each task pays only for the decoders and engines that it needs."""

import importlib.util
import sys
from types import ModuleType


def later(name: str) -> ModuleType:
    """A module of this folder (``".outline"``) or of a library; its first attribute loads it."""
    full = importlib.util.resolve_name(name, __package__)
    if full in sys.modules:
        return sys.modules[full]
    spec = importlib.util.find_spec(full)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(full)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module
