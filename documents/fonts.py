"""The fonts of everything printed: cuts of the machine's own Noto CJK with the signs that Chinese offices write.

The four faces hold 65,535 signs each, 93 MB that a press would carry; with the signs below they are 16 MB. They are
cut once a machine and kept in ``var/fonts``. A text with any other sign is set in the whole fonts (``covers``).
"""

import hashlib
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from django.conf import settings

CUTTER = Path(__file__).parent / "pdfs" / "cutter.py"

# What the layouts name. Signs that these lack come from whatever else the machine has.
FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")

# Latin letters with accents, punctuation, arrows, signs of measure, boxes and ticks, Chinese and full-width marks.
RANGES = (
    (0x20, 0x250),
    (0x2000, 0x2070),
    (0x2100, 0x2200),
    (0x2460, 0x2500),
    (0x25A0, 0x2720),
    (0x3000, 0x3040),
    (0x3200, 0x3400),
    (0xFF00, 0xFFF0),
)
SECONDS = 120


@lru_cache
def common_signs() -> frozenset[str]:
    """GB 2312 with its 6,763 characters, the marks above, and all that our data (place names!) is written with."""
    signs = {chr(code) for start, end in RANGES for code in range(start, end)}
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    for row in rows:
        signs.update(bytes(byte for cell in cells for byte in (row, cell)).decode("gb2312", errors="ignore"))
    for path in sorted(Path(settings.BASE_DIR, "fixtures").rglob("*.*")):
        signs.update(path.read_text(encoding="utf-8"))
    return frozenset(signs)


def cover(text: str) -> bool:
    """Whether the cuts have every sign of ``text`` that Noto CJK has at all."""
    return common_signs().issuperset(text)


def _folder() -> Path:
    name = hashlib.sha256("".join(sorted(common_signs())).encode()).hexdigest()[:12]
    return Path(settings.VAR_DIR, "fonts", name)


def folder() -> Path:
    """Where the cuts lie; made when they are not there yet. Raises RuntimeError naming each font not installed."""
    if lacking := missing():
        raise RuntimeError("; ".join(f"the font {family} is not installed" for family in lacking))
    return _folder()


def missing() -> list[str]:
    """Families without which nothing can be printed, and which are not there. Cuts them if they are."""
    if _folder().is_dir():
        return []
    done = subprocess.run(  # noqa: S603 - our own program, a folder of our own
        [sys.executable, "-I", str(CUTTER), str(_folder()), *FAMILIES],
        input="".join(sorted(common_signs())).encode(),
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return done.stdout.decode().splitlines()
