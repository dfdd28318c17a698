"""How much a file may cost, and how the reader says no."""

import os
import resource

MEMORY = 1536 * 2**20  # bytes of address space; a progressive JPEG of 120 megapixels needs 400 MB
JPEG_PIXELS, OTHER_PIXELS = (
    120_000_000,
    50_000_000,
)  # A4 at 600 dpi has 35 million; only JPEG is decoded small
PAGES = 40
ZIP_ENTRIES, ZIP_UNPACKED = 2000, 200 * 2**20  # an OFD of a few pages has some dozens

# Why a file is refused, beside the reasons the parent finds by itself.
ENCRYPTED, TOO_MANY_PAGES, TOO_MANY_PIXELS, DAMAGED, SUSPICIOUS = (
    "encrypted",
    "too_many_pages",
    "too_many_pixels",
    "damaged",
    "suspicious",
)


class Unusable(Exception):  # noqa: N818 - an answer, not a fault
    """The file cannot be used; the only argument says why."""


def set_limits() -> None:
    """Before any library is loaded: each of its threads would reserve address space of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
