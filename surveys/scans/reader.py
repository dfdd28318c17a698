"""Opens uploaded files, in a process of its own: ``python -I reader.py COMMAND PATH …``.

What strangers upload may be made to hang a decoder, to fill the memory or to crash a C library. This
program is started for one file, sets itself hard limits and imports nothing of the platform, so that the
worst it can do is to end without an answer. ``surveys.scans`` starts it and reads what it prints.
"""

import base64
import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps
from pypdfium2.raw import FPDF_ERR_PASSWORD

MEMORY = 1536 * 2**20  # bytes of address space; a progressive JPEG of 120 megapixels needs 400 MB
JPEG_PIXELS, PNG_PIXELS = 120_000_000, 50_000_000  # A4 at 600 dpi has 35 million
PAGES = 40
LONG_SIDE = 2400  # pixels in which codes are looked for: a little above A4 at 200 dpi
THUMBNAIL = 240  # pixels, the width of the small pictures
QUALITY = 80

# Why a file is refused, beside the reasons the parent finds by itself.
ENCRYPTED, TOO_MANY_PAGES, TOO_MANY_PIXELS, DAMAGED = (
    "encrypted",
    "too_many_pages",
    "too_many_pixels",
    "damaged",
)


class Unusable(Exception):  # noqa: N818 - an answer, not a fault
    """The file cannot be used; the only argument says why."""


def main(arguments: list[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    command, path, *options = arguments
    try:
        answer = COMMANDS[command](Path(path), *map(int, options))
    except Unusable as reason:
        answer = json.dumps({"refused": reason.args[0]}).encode()
    sys.stdout.buffer.write(answer)
    return 0


def inspect(path: Path) -> bytes:
    """Pages and size of the first one, after all of a picture has been decoded: a torn file is found here."""
    if is_pdf(path):
        with opened(path) as document:
            return json.dumps({"pages": len(document), "width": 0, "height": 0}).encode()
    width, height = dimensions(path)
    picture(path, 400).close()
    return json.dumps({"pages": 1, "width": width, "height": height}).encode()


def read(path: Path) -> bytes:
    """For every page its size as looked at, the texts of its codes, and a small JPEG (base64)."""
    found = []
    for image in pages(path):
        texts = codes(image)
        small = jpeg(image, THUMBNAIL)
        found.append(
            {
                "width": image.width,
                "height": image.height,
                "texts": texts,
                "thumbnail": base64.b64encode(small).decode(),
            }
        )
    return json.dumps({"pages": found}).encode()


def preview(path: Path, index: int, width: int, turn: int = 0) -> bytes:
    """One page (from 0) as JPEG, at most ``width`` pixels wide; ``turn`` 90, 180 or 270 degrees clockwise."""
    if not is_pdf(path):
        return jpeg(turned(picture(path, width * 2), turn), width)
    with opened(path) as document:
        if not 0 <= index < len(document):
            raise Unusable(DAMAGED)
        return jpeg(turned(rendered(document[index], width * 2, grayscale=False), turn), width)


def turned(image: Image.Image, degrees: int) -> Image.Image:
    return image.rotate(-degrees, expand=True) if degrees else image


COMMANDS: dict[str, Any] = {"inspect": inspect, "read": read, "preview": preview}


def is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"


def opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unusable(ENCRYPTED if error.err_code == FPDF_ERR_PASSWORD else DAMAGED) from error
    if len(document) > PAGES:
        raise Unusable(TOO_MANY_PAGES)
    if not len(document):
        raise Unusable(DAMAGED)
    return document


def rendered(page: pypdfium2.PdfPage, long_side: int, *, grayscale: bool) -> Image.Image:
    """A page never larger than asked for, whatever paper size it claims."""
    scale = min(200 / 72, long_side / max(page.get_size()))
    return page.render(scale=scale, grayscale=grayscale).to_pil()


def pages(path: Path) -> Iterator[Image.Image]:
    if not is_pdf(path):
        yield picture(path, LONG_SIDE)
        return
    with opened(path) as document:
        for index in range(len(document)):
            try:
                yield rendered(document[index], LONG_SIDE, grayscale=False)
            except pypdfium2.PdfiumError as error:
                raise Unusable(DAMAGED) from error


def dimensions(path: Path) -> tuple[int, int]:
    """Width and height as the header says, before anything is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # our own, per type and below
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            width, height = image.size
            limit = PNG_PIXELS if image.format == "PNG" else JPEG_PIXELS
    except (OSError, ValueError, SyntaxError) as error:
        raise Unusable(DAMAGED) from error
    if width * height > limit:
        raise Unusable(TOO_MANY_PIXELS)
    return width, height


def picture(path: Path, long_side: int) -> Image.Image:
    """A photograph upright and about ``long_side`` pixels long; JPEG is decoded small, never in full size."""
    dimensions(path)
    try:
        with warnings.catch_warnings(), Image.open(path, formats=("JPEG", "PNG")) as image:
            warnings.simplefilter("ignore")
            image.draft("RGB", (long_side, long_side))
            upright = ImageOps.exif_transpose(image if image.mode in {"L", "RGB"} else flattened(image))
            upright.thumbnail((long_side, long_side), reducing_gap=2.0)
            upright.load()
            return upright
    except (OSError, ValueError, SyntaxError, EOFError) as error:
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


def codes(image: Image.Image) -> list[str]:
    """The texts of the page's QR codes: as it is, then without the red of a seal, then larger."""
    for attempt in attempts(image):
        found = zxingcpp.read_barcodes(attempt, formats=zxingcpp.BarcodeFormat.QRCode)
        if found:
            return list(dict.fromkeys(barcode.text for barcode in found))
    return []


def attempts(image: Image.Image) -> Iterator[Image.Image]:
    grey = image.convert("L")
    red = image.getchannel("R") if image.mode == "RGB" else grey
    yield grey
    if red is not grey:
        yield red
    yield ImageOps.autocontrast(red, cutoff=2)
    if max(image.size) < LONG_SIDE:
        yield red.resize((red.width * 2, red.height * 2), Image.Resampling.BICUBIC)
    for angle in (30, 60):
        yield red.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def jpeg(image: Image.Image, width: int) -> bytes:
    small = image.convert("RGB")
    small.thumbnail((width, width * 4), Image.Resampling.LANCZOS, reducing_gap=2.0)
    target = io.BytesIO()
    small.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
