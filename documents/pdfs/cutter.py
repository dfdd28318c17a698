"""Cuts fonts: ``cutter.py FOLDER FAMILY…``, the signs to keep on standard input. Prints the families not found.

A program of its own, without Django: it reads a hundred megabytes that nobody wants to carry on.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uharfbuzz as harfbuzz

STYLES = ("Regular", "Bold")
# Where systems keep fonts: Linux, the user's own, macOS.
PLACES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)
FAMILY, STYLE = harfbuzz.OTNameIdPredefined.FONT_FAMILY, harfbuzz.OTNameIdPredefined.FONT_SUBFAMILY


def faces() -> Iterator[harfbuzz.Face]:
    """Every face of every Noto CJK file; a collection holds one for each country."""
    for place in PLACES:
        for path in sorted(Path(place).expanduser().rglob("Noto*CJK*.[ot]t[cf]")):
            content = harfbuzz.Blob.from_file_path(str(path))
            for index in range(harfbuzz.Face(content).count):
                yield harfbuzz.Face(content, index)


def cut(face: harfbuzz.Face, signs: set[int]) -> bytes:
    """The face with these signs only. Nobody prints at sizes that need hints."""
    wanted = harfbuzz.SubsetInput()
    wanted.unicode_set.update(signs)
    wanted.flags = harfbuzz.SubsetFlags.NO_HINTING
    return bytes(harfbuzz.subset(face, wanted).blob.data)


def main(folder: Path, families: list[str]) -> list[str]:
    signs = set(map(ord, sys.stdin.buffer.read().decode()))
    folder.parent.mkdir(parents=True, exist_ok=True)
    found = set()
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as making:
        for face in faces():
            family, style = face.get_name(FAMILY), face.get_name(STYLE)
            if family in families and style in STYLES and (family, style) not in found:
                found.add((family, style))
                Path(making, f"{family} {style}.otf".replace(" ", "-")).write_bytes(cut(face, signs))
        lacking = [family for family in families if any((family, style) not in found for style in STYLES)]
        if not lacking:
            keep(Path(making), folder)
    return lacking


def keep(made: Path, folder: Path) -> None:
    """In one step, so that nobody prints with half of the fonts; of two who made them the first one stays."""
    made.chmod(0o755)
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


if __name__ == "__main__":
    sys.stdout.writelines(f"{family}\n" for family in main(Path(sys.argv[1]), sys.argv[2:]))
