"""The press: ``typesetter.py DESCRIPTOR LAYOUTS CUTS`` sets one page job after the other until nobody wants more.

A program of its own, without Django and without the network: Typst keeps what it has set, and the fonts with it.
A worker that printed once would carry that for good; this process is left when it has grown, and ends when idle.

A job is JSON: ``layout``, ``content`` (text that the layout reads as JSON), ``is_tagged``, ``is_common`` (the cuts
have every sign). The answer is ``+`` and the PDF, or ``-`` and what is wrong.
"""

import json
import sys
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import typst

IDLE = 300  # seconds
# A round's forms one by one stay below it; a file of many forms is set in parts, each by a press of its own.
GROWN = 90 * 2**20  # bytes


@lru_cache
def compiler(layouts: Path, layout: str, cuts: str) -> typst.Compiler:
    """Kept: a layout that was set once is set ten times as fast again. Without ``cuts`` all the machine's fonts."""
    fonts = typst.Fonts(
        include_system_fonts=not cuts, include_embedded_fonts=False, font_paths=[cuts] if cuts else []
    )
    return typst.Compiler(layouts / layout, root=layouts, font_paths=fonts)


def set_pages(job: dict[str, str | bool], layouts: Path, cuts: str) -> bytes:
    press = compiler(layouts, str(job["layout"]), cuts if job["is_common"] else "")
    inputs = {"content": str(job["content"])}
    pdf = press.compile(format="pdf", sys_inputs=inputs, pdf_tags=bool(job["is_tagged"]))
    return cast("bytes", pdf)


def resident() -> int:
    """Bytes this process holds now; 0 where the system does not tell so simply."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4096


def serve(line: Connection, layouts: Path, cuts: str) -> None:
    while resident() < GROWN and line.poll(IDLE):
        try:
            job = json.loads(line.recv_bytes())
        except EOFError:
            return
        try:
            answer = b"+" + set_pages(job, layouts, cuts)
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked must hear it
            answer = b"-" + str(error).encode()
        line.send_bytes(answer)


if __name__ == "__main__":
    with Connection(int(sys.argv[1])) as line:
        serve(line, Path(sys.argv[2]), sys.argv[3])
