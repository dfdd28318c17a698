"""Files as pictures: pages of a PDF, photographs; never larger in memory than asked for."""

import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from .later import later
from .limits import DAMAGED, JPEG_PIXELS, OTHER_PIXELS, TOO_MANY_PIXELS, Unusable

pdf = later(".pdf")  # its engine takes longer to load than a photograph to read
pillow_heif = later("pillow_heif")

LONG_SIDE = 2000  # pixels in which codes are looked for first: half of what most phones take
QUALITY = 80
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, RuntimeError)

Image.MAX_IMAGE_PIXELS = None  # our own limits, per type and below


class View(NamedTuple):
    """A page as a picture, RGB or L, and a way to have it larger for those who could not make it out."""

    image: Image.Image
    larger: Callable[[int], Image.Image]


def is_pdf(path: Path) -> bool:
    return head(path).startswith(b"%PDF-")


def head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def views(path: Path) -> Iterator[View]:
    """Every page of a file. A page of a PDF lives as long as the next one is not asked for."""
    if not is_pdf(path):
        yield View(picture(path, LONG_SIDE), lambda size: picture(path, size))
        return
    with pdf.opened(path) as document:
        for index in range(len(document)):
            yield View(
                pdf.rendered(document, index, LONG_SIDE),
                lambda size, index=index: pdf.rendered(document, index, size),
            )


def one(path: Path, index: int, long_side: int) -> Image.Image:
    """One page (from 0), about as long as asked for. Raises Unusable when there is no such page."""
    if not is_pdf(path):
        if index:
            raise Unusable(DAMAGED)
        return picture(path, long_side)
    with pdf.opened(path) as document:
        return pdf.rendered(document, index, long_side)


def dimensions(path: Path) -> tuple[int, int]:
    """Width and height as the header says, before anything is decoded."""
    formats = _formats(path)
    try:
        with Image.open(path, formats=formats) as image:
            width, height = image.size
            limit = JPEG_PIXELS if image.format == "JPEG" else OTHER_PIXELS
    except UNREADABLE as error:
        raise Unusable(DAMAGED) from error
    if width * height > limit:
        raise Unusable(TOO_MANY_PIXELS)
    return width, height


def _formats(path: Path) -> tuple[str, ...]:
    """The two that Pillow knows by itself; the decoder of iPhone pictures is loaded for such a picture only."""
    if head(path)[4:8] != b"ftyp":
        return ("JPEG", "PNG")
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return ("HEIF",)


def picture(path: Path, long_side: int) -> Image.Image:
    """A photograph upright and about ``long_side`` pixels long; JPEG is decoded small, never in full size."""
    width, height = dimensions(path)
    share = long_side / max(width, height)
    try:
        with warnings.catch_warnings(), Image.open(path, formats=_formats(path)) as image:
            warnings.simplefilter("ignore")
            image.draft("RGB", (int(width * share), int(height * share)))  # a square would be met too late
            upright = ImageOps.exif_transpose(image if image.mode in {"L", "RGB"} else flattened(image))
            upright.thumbnail((long_side, long_side), reducing_gap=2.0)
            upright.load()
            return upright
    except UNREADABLE as error:
        raise Unusable(DAMAGED) from error


def flattened(image: Image.Image) -> Image.Image:
    """Any other kind of picture on white paper: see-through PNG would turn black."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        paper.info = image.info
        image = paper
    return image.convert("RGB")


def coarse(image: Image.Image, long_side: int) -> Image.Image:
    """About so long, made quickly: for what only needs a rough look."""
    return image.reduce(max(1, max(image.size) // long_side))


def jpeg(image: Image.Image, width: int) -> bytes:
    small = image if image.mode in {"L", "RGB"} else image.convert("RGB")
    if small.width > width:
        height = max(1, round(small.height * width / small.width))
        small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
