"""The fonts of everything printed: the machine's own, by name."""

from functools import lru_cache

import typst

# What the layouts name. Signs that these lack come from whatever else the machine has.
FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")


@lru_cache
def of_the_machine() -> typst.Fonts:
    """Looked for once; a file is read when a sign of it is needed."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def missing() -> list[str]:
    """Families without which nothing can be printed, and which are not there."""
    found = of_the_machine().families()
    return [family for family in FAMILIES if family not in found]
